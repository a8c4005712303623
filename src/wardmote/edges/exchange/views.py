"""A signed POST in; what was taken, or why not, out. No session, no cookie, no form: the signature says who speaks."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wardmote.hosting import queries as hosting
from wardmote.journeys import exchange
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused, WardmoteError
from wardmote.kernel.urn import Urn
from wardmote.ledger import VerifierKey
from wardmote.outside import signatures
from wardmote.upstream import queries as upstream

_STATUS = ((NotFound, 404), (Refused, 403), (Conflict, 409), (Invalid, 422))
_Take = Callable[..., Urn]


@csrf_exempt
@require_POST
def to_community(request: HttpRequest, kind: str) -> HttpResponse:
    """A host elsewhere delivers a policy, a notice or a receipt to a community of ours."""
    return _receive(request, kind, known=upstream.host_keys, take=exchange.from_host)


@csrf_exempt
@require_POST
def to_host(request: HttpRequest, kind: str) -> HttpResponse:
    """A community elsewhere delivers an acceptance, an answer or a receipt to us, its host."""
    return _receive(request, kind, known=hosting.customer_keys, take=exchange.from_customer)


def _receive(
    request: HttpRequest, kind: str, *, known: Callable[[str], Sequence[VerifierKey]], take: _Take
) -> HttpResponse:
    now = clock.now()
    message = signatures.Message(
        method=request.method or "",
        authority=request.get_host(),
        path=request.path,
        key=request.headers.get("Idempotency-Key", ""),
        body=request.body,
    )
    try:
        name = signatures.claimed_key(request.headers)
        key = signatures.key_named(name, known(name.partition("+")[0]))
        signatures.verify(message, request.headers, key, now)
        taken = take(kind=kind, origin=key.name, raw=message.body, key=key, now=now)
    except signatures.BadSignature as error:
        return _refuse(401, str(error))
    except WardmoteError as error:
        return _refuse(next((status for group, status in _STATUS if isinstance(error, group)), 400), str(error))
    return JsonResponse({"taken": str(taken)})


def _refuse(status: int, why: str) -> HttpResponse:
    return JsonResponse({"refused": why}, status=status)
