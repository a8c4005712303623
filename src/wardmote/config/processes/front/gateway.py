"""The RSGI application that granian runs: pages to Django on threads of their own, the moderation API on others.

Nobody who sends or reads slowly holds a thread: bodies are read here, answers are written here, and a thread only ever
works. A head that does not end, and a connection that says nothing, are granian's to cut (`config.web`).
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined] # it re-exports them unsaid

from wardmote.config.processes.front.environ import Answer, answer, environ, header
from wardmote.config.processes.front.sockets import drop_those_who_do_not_read
from wardmote.edges.web.crowded import NO_HASHING
from wardmote.kernel.arrival import BrokenOff, Room, TooLarge
from wardmote.kernel.turns import Busy, Turns, WentAway

log = logging.getLogger(__name__)

THREADS = 8
WAITING = 512
"""Requests that may wait for a thread; the next is told to come back."""
EACH = 64
"""Of these, from one visitor."""
HASHING = 2
"""Requests that may hash a password at once: it takes half a second of a processor on purpose."""
HASHING_WAITING = 32
HASHING_EACH = 8
HASHING_SECONDS = 10.0
"""How many such requests may wait, how many of one visitor, and how long."""
AT_ONCE = 65_536
"""Bytes of an answer that are handed over in one piece; a longer one goes by pieces, as fast as it is read."""
SEND_SECONDS = 30.0
SEND_RATE = 20_000
"""Bytes a second that a reader must take at least, beside the seconds; one that does not is left."""

_NUMBER = re.compile(r"[0-9]{1,15}")

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Rsgi = Callable[[Any, Any], Any]


def _connection(request: dict[str, Any]) -> str:
    return f"{request['REMOTE_ADDR']} {request['REMOTE_PORT']}"


class Gateway:
    """An RSGI application: `pages` is a WSGI application, `api` an RSGI one for the requests that `is_api` tells.

    `hashes` tells, by method and path, the requests that hash a password; `visitor`, by the environ, whose a request
    is: visitors take turns.
    """

    def __init__(
        self,
        pages: Wsgi,
        *,
        api: Rsgi | None = None,
        is_api: Callable[[str, str], bool] = lambda path, host: False,  # noqa: ARG005 - without an API nothing is one
        hashes: Callable[[str, str], bool] = lambda method, path: False,  # noqa: ARG005 - without passwords none does
        visitor: Callable[[dict[str, Any]], str] = _connection,
        room: Room | None = None,
    ) -> None:
        self._pages, self._api, self._is_api = pages, api, is_api
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._room = room or Room()
        self._hashes, self._visitor = hashes, visitor
        self._turns = Turns(THREADS, waiting=WAITING, each=EACH)
        self._lane = Turns(HASHING, waiting=HASHING_WAITING, each=HASHING_EACH)
        self._begun = False

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request; a client that has gone away needs no answer."""
        if not self._begun:
            # Now at last there is a socket that listens; the first request is `wardmote run`'s own.
            self._begun = True
            drop_those_who_do_not_read(SEND_SECONDS)
        with suppress(ProtocolClosed, ProtocolError, WentAway):
            if self._api is not None and self._is_api(scope.path, header(scope, "host") or scope.authority or ""):
                await self._api(scope, protocol)
                return
            await _send(protocol, await self._answer(scope, protocol), scope.method)

    async def _answer(self, scope: Any, protocol: Any) -> Answer:
        length = header(scope, "content-length")
        if "transfer-encoding" in scope.headers:
            # Of one in chunks nobody can tell whether it is whole when its end is missing. No browser sends a form so.
            return _in_words(411, "A body must come with its length.")
        if not length:
            return await self._ask(scope, protocol, environ(scope, b"", 0))
        return await self._with_body(scope, protocol, int(length) if _NUMBER.fullmatch(length) else 0)

    async def _with_body(self, scope: Any, protocol: Any, length: int) -> Answer:
        try:
            async with self._room.body(protocol, length) as body:
                return await self._ask(scope, protocol, environ(scope, body, length))
        except TimeoutError:
            return _in_words(408, "The request did not arrive in time.")
        except BrokenOff:
            return _in_words(400, "The request did not arrive whole.")
        except TooLarge as error:
            # Django says it in words, and in the reader's language, when it sees the length.
            return _last(await self._ask(scope, protocol, environ(scope, b"", error.size)))

    async def _ask(self, scope: Any, protocol: Any, request: dict[str, Any]) -> Answer:
        who = self._visitor(request)
        try:
            if self._hashes(scope.method, scope.path):
                return await self._ask_to_hash(who, protocol, request)
            return await self._in_turn(who, protocol, request)
        except Busy:
            return _in_words(503, "The server is busy; try again in a moment.", ("retry-after", "2"))

    async def _ask_to_hash(self, who: str, protocol: Any, request: dict[str, Any]) -> Answer:
        try:
            async with self._lane.turn(who, seconds=HASHING_SECONDS, gone=protocol.client_disconnect):
                return await self._in_turn(who, protocol, request)
        except Busy:
            # The page says it, with what was typed, and looks at no password.
            return await self._in_turn(who, protocol, request | {NO_HASHING: True})

    async def _in_turn(self, who: str, protocol: Any, request: dict[str, Any]) -> Answer:
        async with self._turns.turn(who, gone=protocol.client_disconnect):
            try:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, answer, self._pages, request)
            except Exception:
                log.exception("a request was not answered")
                return _in_words(500, "Something broke on our side.")


async def _send(protocol: Any, done: Answer, method: str) -> None:
    if len(done.body) <= AT_ONCE or method == "HEAD":
        protocol.response_bytes(done.status, done.headers, done.body)
        return
    transport = protocol.response_stream(done.status, done.headers)
    with suppress(TimeoutError):
        async with asyncio.timeout(SEND_SECONDS + len(done.body) / SEND_RATE):
            for start in range(0, len(done.body), AT_ONCE):
                await transport.send_bytes(done.body[start : start + AT_ONCE])


def _in_words(status: int, sentence: str, *headers: tuple[str, str]) -> Answer:
    kind = ("content-type", "text/plain; charset=utf-8")
    return _last(Answer(status, [kind, ("cache-control", "no-store"), *headers], f"{sentence}\n".encode()))


def _last(done: Answer) -> Answer:
    """An answer to a request whose body was not read: nothing more can come on this connection."""
    return Answer(done.status, [*done.headers, ("connection", "close")], done.body)
