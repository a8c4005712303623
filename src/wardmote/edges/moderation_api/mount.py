"""The same router in the full server: keys and communities from the database, before any session is looked at.

A middleware and not a list of addresses: a request for the API passes no session, cookie, locale or form check, and
whatever goes wrong with it is answered in JSON. On a community's own domain these addresses do not exist.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.request import split_domain_port
from django.utils import translation

from wardmote.communities import queries as communities
from wardmote.communities.queries import CommunityView, PolicyView
from wardmote.detect import Screener
from wardmote.edges.moderation_api import platform
from wardmote.edges.moderation_api.auth import Authenticator
from wardmote.edges.moderation_api.coverage import Coverage
from wardmote.edges.moderation_api.endpoints import Dependencies
from wardmote.edges.moderation_api.openai.refusals import invalid
from wardmote.edges.moderation_api.origins import Origins
from wardmote.edges.moderation_api.perspective.request import Suggestion
from wardmote.edges.moderation_api.router import Opened, Router
from wardmote.edges.moderation_api.standalone import App
from wardmote.edges.moderation_api.wire import BODY_LIMIT, FROM_FRONT, STREAM_TYPE, Head, Refusal, Reply, too_large
from wardmote.journeys.owners import keys
from wardmote.journeys.platforms.suggest import suggest_score
from wardmote.journeys.steps import screening
from wardmote.kernel import clock
from wardmote.kernel.errors import Refused
from wardmote.moderation.policy import Route, route
from wardmote.people.policy import Terms
from wardmote.people.queries import terms_of_key

PREFIXES = ("/v1/", "/v1alpha1/", "/$discovery/", "/openapi.json")
_PIECE = 65_536


class ModerationApi:
    """Answers what is asked of the API on the host's own domains, and lets everything else pass.

    For a server that knows WSGI alone, and for Django's test client. Behind the server's own front the API has threads
    of its own (`served`): there nothing is answered here but that there is nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(PREFIXES) or not _on_host(request):
            return self.get_response(request)
        if request.META.get(FROM_FRONT):
            # However it came to be taken for a page: the threads of the pages do none of the API's work.
            return _response(_nothing(_head(request)))
        translation.deactivate()  # the thread may still speak the language of the page it drew before
        opened = router(screener(), settings.WARDMOTE_API_ORIGINS).open(_head(request))
        if isinstance(opened, Reply):
            return _response(opened)
        if opened.streams:
            headers = {"content-type": STREAM_TYPE, **opened.headers}
            return StreamingHttpResponse(_answers(opened, request), headers=headers)
        try:
            return _response(opened.answer(_body(request) if opened.takes_body else b""))
        except Refusal as refusal:
            return _response(opened.refuse(refusal))


@cache
def screener() -> Screener:
    """What texts are asked of here: more than a community's own screening, which its members wait for."""
    return Screener.attributes()


@lru_cache(maxsize=4)
def router(screener: Screener, origins: frozenset[str]) -> Router:
    """The router of this process."""
    dependencies = Dependencies(
        screener=screener,
        coverage=Coverage(screener),
        authenticator=Authenticator(terms_of_key, keys.count_use, stopped=keys.stopped),
        now=lambda: clock.now(),  # noqa: PLW0108 - looked up at each call: a test sets the clock
        rules=rules_of,
        keep_suggestion=_keep_suggestion,
    )
    return Router(dependencies, platform.ROUTES, Origins(origins))


def _nothing(head: Head) -> Reply:
    refusal = Refusal(404, "There is nothing at this address.", code="not_found")
    return router(screener(), settings.WARDMOTE_API_ORIGINS).refuse(head, refusal)


def is_api(path: str, host: str) -> bool:
    """Whether a request to this path, decoded once, under this host name is one for the API."""
    return path.startswith(PREFIXES) and split_domain_port(host.lower())[0] in settings.WARDMOTE_HOST_DOMAINS


def served() -> App:
    """The API of this process with threads of its own: the pages keep theirs, however much is asked of it."""
    opened = router(screener(), settings.WARDMOTE_API_ORIGINS)
    return App(opened, around=_with_database, scheme="https" if settings.SECURE else "")


@contextmanager
def _with_database() -> Iterator[None]:
    """What Django does around a request: no dead connection is used, and no language left over."""
    close_old_connections()
    translation.deactivate()
    try:
        yield
    finally:
        close_old_connections()


class PolicyRules:
    """The policy of a community, in force now."""

    def __init__(self, community: CommunityView, policy: PolicyView) -> None:
        self._community, self._policy = community, policy
        self._clauses = policy.drafts()

    def named(self) -> dict[str, Any]:
        """See `screen.Rulebook`."""
        return {"community": self._community.slug, "number": self._policy.number, "hash": self._policy.hash}

    def apply(self, scores: Mapping[str, float]) -> dict[str, Any]:
        """See `screen.Rulebook`."""
        # Only what the community's own screening looks at: the answer is what would happen there.
        seen = {category: scores[category] for category in screening.screener().categories if category in scores}
        verdict = route(screening.as_screened(seen), self._clauses)
        decided = verdict.route is not Route.PUBLISH
        return {
            "route": verdict.route.value,
            "clause": verdict.clause_key or None,
            "category": verdict.category or None,
            "score": verdict.score if decided else None,
        }


def rules_of(slug: str, terms: Terms) -> PolicyRules:
    """The rules of the community named, or of the one that the key is for; a key of one opens no other."""
    community = platform.community_for(slug, terms)
    policy = communities.current_policy(community_id=community.id)
    if policy is None:
        raise invalid(f"'{community.slug}' has published no policy yet.", "community", "no_policy")
    return PolicyRules(community, policy)


def _keep_suggestion(suggestion: Suggestion, terms: Terms) -> None:
    try:
        suggest_score(
            key_id=terms.key_id,
            realm=terms.realm,
            text=suggestion.text,
            scores=suggestion.scores,
            languages=suggestion.languages,
            now=clock.now(),
        )
    except screening.Locked:
        raise Refusal(403, "This text is not kept here.", code="refused", field="comment.text") from None
    except Refused as error:
        raise Refusal(403, str(error), code="refused") from None


def _on_host(request: HttpRequest) -> bool:
    return split_domain_port(request.get_host())[0] in settings.WARDMOTE_HOST_DOMAINS


def _head(request: HttpRequest) -> Head:
    headers = {name.lower(): value for name, value in request.headers.items()}
    base_url = f"{request.scheme}://{request.get_host()}"
    return Head(request.method or "GET", request.path_info, request.META.get("QUERY_STRING", ""), headers, base_url)


def _body(request: HttpRequest) -> bytes:
    """The whole body. Not `request.body`, whose limit is that of forms, and which knows no body without a length."""
    pieces, size = [], 0
    for piece in _pieces(request):
        size += len(piece)
        if size > BODY_LIMIT:
            raise too_large()
        pieces.append(piece)
    return b"".join(pieces)


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    declared = request.META.get("CONTENT_LENGTH") or ""
    source = request.META["wsgi.input"]
    left = int(declared) if declared.isascii() and declared.isdigit() else None
    if left is None and "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        return
    while left is None or left > 0:
        piece = source.read(_PIECE if left is None else min(_PIECE, left))
        if not piece:
            return
        left = None if left is None else left - len(piece)
        yield piece


def _answers(opened: Opened, request: HttpRequest) -> Iterator[bytes]:
    for piece in _with_end(request):
        answered, going = opened.feed(piece)
        if answered:
            yield answered
        if not going:
            return


def _with_end(request: HttpRequest) -> Iterator[bytes | None]:
    yield from _pieces(request)
    yield None


def _response(answer: Reply) -> HttpResponse:
    headers = {"content-length": str(len(answer.body)), **answer.headers}
    return HttpResponse(answer.body, status=answer.status, headers=headers)
