"""A signed POST in; what was taken, or why not, out. No session, no cookie, no form: the signature says who speaks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wardmote.edges.ui.refusals import status_of
from wardmote.journeys.steps import exchange
from wardmote.kernel import clock
from wardmote.kernel.errors import WardmoteError
from wardmote.kernel.urn import Urn
from wardmote.outside import signatures
from wardmote.record import queries as record

_Take = Callable[..., Urn]


@csrf_exempt
@require_POST
def to_community(request: HttpRequest, kind: str) -> HttpResponse:
    """A host elsewhere delivers a policy, a notice, a receipt or its next key to a community of ours."""
    return _receive(request, kind, take=exchange.from_host)


@csrf_exempt
@require_POST
def to_host(request: HttpRequest, kind: str) -> HttpResponse:
    """A community elsewhere delivers an acceptance, an answer, a receipt or its next key to us, its host."""
    return _receive(request, kind, take=exchange.from_customer)


def _receive(request: HttpRequest, kind: str, *, take: _Take) -> HttpResponse:
    now = clock.now()
    message = signatures.Message(
        method=request.method or "",
        authority=request.get_host(),
        path=request.path,
        key=request.headers.get("Idempotency-Key", ""),
        body=request.body,
    )
    try:
        origin = signatures.claimed_key(request.headers).partition("+")[0]
        # Whoever it is, it counts for what is under this very key alone: the journey sees to that.
        key = signatures.signer_of(message, request.headers, record.known_keys(origin), now)
        taken = take(kind=kind, raw=message.body, key=key, now=now)
    except signatures.BadSignature as error:
        return _refuse(401, str(error))
    except WardmoteError as error:
        return _refuse(status_of(error), str(error))
    return JsonResponse({"taken": str(taken)})


def _refuse(status: int, why: str) -> HttpResponse:
    return JsonResponse({"refused": why}, status=status)
