"""Takes each request to what answers it, in its own dialect; a server hands in heads and bodies and knows nothing else.

`Router.open` looks at a request before its body: a key that opens nothing is told so before it has sent anything.
"""

import json
import logging
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from wardmote.edges.moderation_api import endpoints, openapi, screen
from wardmote.edges.moderation_api.endpoints import Asked, Dependencies, Work
from wardmote.edges.moderation_api.openai import refusals as openai
from wardmote.edges.moderation_api.origins import Origins
from wardmote.edges.moderation_api.perspective import discovery
from wardmote.edges.moderation_api.perspective import refusals as google
from wardmote.edges.moderation_api.wire import (
    BODY_LIMIT,
    STREAM_TYPE,
    Head,
    Lines,
    Refusal,
    Reply,
    reply,
    too_large,
    unpack,
)
from wardmote.people.policy import Scope

log = logging.getLogger(__name__)

Render = Callable[[Refusal], Reply]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Route:
    """One address; a `path` that ends in `/` stands for all that begin so."""

    method: str
    path: str
    answer: Callable[[Asked], dict[str, Any] | Work]
    scope: Scope | None = None
    render: Render = openai.render
    streams: bool = False

    def matches(self, path: str) -> bool:
        return path == self.path or (self.path.endswith("/") and path.startswith(self.path))


ROUTES = (
    Route("POST", "/v1alpha1/comments:analyze", endpoints.analyze, Scope.ANALYZE, google.render),
    Route("POST", "/v1alpha1/comments:suggestscore", endpoints.suggest_score, Scope.ANALYZE, google.render),
    Route("POST", "/v1/moderations", endpoints.moderate, Scope.MODERATE),
    Route("GET", "/v1/models", endpoints.list_models),
    Route("GET", "/v1/models/", endpoints.show_model),
    Route("POST", "/v1/screen", endpoints.screen_batch, Scope.SCREEN, streams=True),
)


class Opened:
    """A request that was let in and waits for its body."""

    def __init__(self, asked: Asked, route: Route, *, streams: bool, shown: Mapping[str, str]) -> None:
        self._asked, self._route, self.streams = asked, route, streams
        self._shown = shown
        self._lines = Lines()
        if streams:
            self._wishes = screen.read_wishes(asked.head.query)
            self._rules = endpoints.rules_for(asked, self._wishes)

    @property
    def headers(self) -> dict[str, str]:
        return {**self._asked.admission.headers(), **self._shown}

    @property
    def takes_body(self) -> bool:
        return self._route.method != "GET"

    @property
    def key(self) -> str:
        """The key it was let in by."""
        return self._asked.admission.terms.key_id

    def refuse(self, refusal: Refusal) -> Reply:
        """A refusal of the server's own, in this request's dialect."""
        answer = self._route.render(refusal)
        return Reply(answer.status, answer.body, self.headers | answer.headers)

    def answer(self, body: bytes) -> Reply:
        """The whole answer to a whole body."""
        return _to_its_end(self.work(body))

    def work(self, body: bytes) -> Generator[None, None, Reply]:
        """The same in pieces, for a server that lets others have their turn between them."""
        with _in(self._route.render) as failed:
            if self.takes_body:
                endpoints.read(self._asked, unpack(body, self._asked.head.encoding))
            made = self._route.answer(self._asked)
            content = made if isinstance(made, dict) else (yield from made)
            return reply(200, content, self.headers)
        refusal = failed[0]
        return Reply(refusal.status, refusal.body, self.headers | refusal.headers)

    def feed(self, chunk: bytes | None) -> tuple[bytes, bool]:
        """The answer's lines to another chunk of a stream (None: it has ended), and whether to go on."""
        return _to_its_end(self.work_on(chunk))

    def work_on(self, chunk: bytes | None) -> Generator[None, None, tuple[bytes, bool]]:
        """The same in pieces."""
        answered: list[bytes] = []
        with _in(self._route.render) as failed:
            lines = self._lines.end() if chunk is None else self._lines.feed(chunk)
            # One by one: what was answered before a line is refused still goes out.
            for number, line in enumerate(lines):
                if number and endpoints.ends_piece(number, len(lines)):
                    yield
                answered.append(_line(endpoints.screen_line(self._asked, line, self._rules, self._wishes)))
            return b"".join(answered), True
        return b"".join(answered) + failed[0].body + b"\n", False

    def last_line(self, refusal: Refusal) -> bytes:
        """How a stream ends that cannot go on."""
        return self._route.render(refusal).body + b"\n"


class Router:
    """All addresses of one server. `more`: those that only a server with communities has.

    `origins`: whose pages may ask from a browser, of all addresses but `more`.
    """

    def __init__(self, dependencies: Dependencies, more: Sequence[Route] = (), origins: Origins | None = None) -> None:
        self._dependencies = dependencies
        self._origins = origins or Origins()
        self._routes = (*ROUTES, *more)
        self._at: dict[tuple[str, str], Route] = {}
        for each in self._routes:
            self._at.setdefault((each.method, each.path), each)
        self._documents: dict[str, Callable[[str], dict[str, Any]]] = {
            discovery.PATH: discovery.document,
            "/openapi.json": partial(openapi.document, communities=bool(more)),
        }

    def open(self, head: Head) -> Opened | Reply:
        """Let a request in, or answer it at once."""
        if not self._origins.any:
            return self._open(head, {})
        methods = [route.method for route in ROUTES if route.matches(head.path)]
        methods += ["GET"] if head.path in self._documents else []
        shown = self._origins.headers(head) if methods else {}
        opened = (self._origins.preflight(head, methods) if methods else None) or self._open(head, shown)
        return Reply(opened.status, opened.body, {**opened.headers, **shown}) if isinstance(opened, Reply) else opened

    def refuse(self, head: Head, refusal: Refusal) -> Reply:
        """A refusal of the server's own before the request was looked at, in the dialect of its address."""
        return _render_for(head)(refusal)

    def _open(self, head: Head, shown: Mapping[str, str]) -> Opened | Reply:
        document = self._documents.get(head.path)
        if document is not None and head.method in ("GET", "HEAD"):
            return reply(200, document(head.base_url), {"cache-control": "private, max-age=300"})
        with _in(_render_for(head)) as failed:
            return self._admit(head, shown)
        return failed[0]

    def _admit(self, head: Head, shown: Mapping[str, str]) -> Opened:
        route = self._at.get((head.method, head.path)) or self._search(head)
        streams = route.streams and head.media_type == STREAM_TYPE
        length = head.headers.get("content-length", "0")
        if not streams and length.isascii() and length.isdigit() and int(length[:20]) > BODY_LIMIT:
            raise too_large()
        if streams and head.encoding not in ("", "identity"):
            raise Refusal(415, "A stream is taken as it is, not encoded.", code="unsupported_encoding")
        admission = self._dependencies.authenticator.admit(head.api_key, route.scope, self._dependencies.now())
        return Opened(Asked(self._dependencies, head, admission), route, streams=streams, shown=shown)

    def _search(self, head: Head) -> Route:
        """The route of an address that stands for many; Refusal where there is none."""
        here = [route for route in self._routes if route.matches(head.path)]
        if not here:
            raise Refusal(404, "There is nothing at this address.", code="not_found")
        route = next((each for each in here if each.method == head.method), None)
        if route is None:
            allowed = ", ".join(sorted({each.method for each in here}))
            message = f"This address answers {allowed}."
            raise Refusal(405, message, code="method_not_allowed", headers={"allow": allowed})
        return route


def _render_for(head: Head) -> Render:
    return google.render if head.path.startswith(("/v1alpha1", "/$discovery")) else openai.render


@contextmanager
def _in(render: Render) -> Iterator[list[Reply]]:
    """Turn what is raised inside into an answer, left in the list that is given."""
    failed: list[Reply] = []
    try:
        yield failed
    except Refusal as refusal:
        failed.append(render(refusal))
    except Exception as error:  # noqa: BLE001 - whatever broke, the client gets JSON
        # Neither the message nor the locals: either could hold a text that was not to be kept.
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s in %s, line %s", type(error).__name__, where.filename, where.lineno)  # noqa: TRY400
        failed.append(render(Refusal(500, "Something broke on our side.", code="server_error")))


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def _to_its_end(work: Generator[None, None, Made]) -> Made:
    while True:
        try:
            next(work)
        except StopIteration as end:
            made: Made = end.value
            return made
