"""The API alone, in one process without a database: an RSGI application for granian, keys from a file.

Memory is bounded by what may be in flight, not by what clients send: at most `CONNECTIONS`, and at most `IN_FLIGHT`
bytes of bodies among them. A head or a body that comes drop by drop is cut off after `PATIENCE` seconds. Keys take
turns: a large batch is worked in pieces, and another key's request has its turn between them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined] # it re-exports them unsaid

from wardmote.detect import Screener
from wardmote.edges.moderation_api.auth import Authenticator
from wardmote.edges.moderation_api.coverage import Coverage
from wardmote.edges.moderation_api.endpoints import Dependencies
from wardmote.edges.moderation_api.keyfile import EVERYBODY, KeyFile, MemoryMeter
from wardmote.edges.moderation_api.labels import LabelFile
from wardmote.edges.moderation_api.origins import Origins
from wardmote.edges.moderation_api.router import Opened, Router
from wardmote.edges.moderation_api.wire import BODY_LIMIT, STREAM_TYPE, Head, Refusal, Reply, reply, too_large
from wardmote.kernel import clock
from wardmote.kernel.arrival import BrokenOff, GivenUp, Room, TooLarge
from wardmote.kernel.turns import Busy, Turns

CONNECTIONS = 1024
IN_FLIGHT = 32_000_000
PATIENCE = 15.0
THREADS = 2
WAITING = 256
"""Pieces of work that may be under way or wait for a thread."""
BUSY = "The server is busy; try again in a second."
AT_ONCE = 4_000
"""Bytes of a body that is answered in the loop itself; a longer one would keep the others waiting."""

Given = TypeVar("Given")
Made = TypeVar("Made")


ABOUT: dict[str, object] = {
    "service": "Wardmote's moderation API",
    "description": "/openapi.json",
    "addresses": ["/v1/screen", "/v1/moderations", "/v1/models", "/v1alpha1/comments:analyze", "/healthz"],
}
"""What is at `/`, for whoever looks with a browser."""
PLAIN: dict[str, dict[str, object]] = {"/": ABOUT, "/healthz": {"status": "ok"}}


class Exchange(Protocol):
    """The part of granian's RSGI protocol that is used here."""

    async def __call__(self) -> bytes: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...
    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any: ...


class App:
    """An RSGI application.

    `around` is entered in the thread for each piece of work of a router that asks a database; nothing is then answered
    in the loop. `scheme` is that of its own address where it is known, else the client's proxy tells it.
    """

    def __init__(
        self, router: Router, *, around: Callable[[], AbstractContextManager[None]] | None = None, scheme: str = ""
    ) -> None:
        self._router, self._around, self._scheme = router, around, scheme
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="screen")
        self._turns = Turns(THREADS, waiting=WAITING, each=WAITING)
        self._room = Room(size=IN_FLIGHT, limit=BODY_LIMIT, seconds=PATIENCE)

    async def __rsgi__(self, scope: Any, protocol: Exchange) -> None:
        """Answer one request; a client that has gone away needs no answer."""
        with suppress(ProtocolClosed, ProtocolError):
            answer = await self._answer(scope, protocol)
            if answer is not None:
                protocol.response_bytes(answer.status, list(answer.headers.items()), answer.body)

    async def _answer(self, scope: Any, protocol: Exchange) -> Reply | None:
        if scope.path in PLAIN:
            return reply(200, PLAIN[scope.path])
        head = _head(scope, self._scheme)
        try:
            opened = await self._open(head)
        except Busy:
            opened = self._router.refuse(head, _busy())
        if isinstance(opened, Reply):
            return _last(opened)
        try:
            if opened.streams:
                # A client that does not read what it asked for is left.
                with suppress(TimeoutError):
                    await self._stream(opened, _who(opened, scope), protocol)
                return None
            return await self._whole(opened, _who(opened, scope), head, protocol)
        except (Refusal, Busy, TooLarge, BrokenOff, TimeoutError) as error:
            return _last(opened.refuse(_refusal_of(error)))

    async def _open(self, head: Head) -> Opened | Reply:
        if self._around is None:
            if self._turns.waiting >= WAITING:
                raise Busy
            return self._router.open(head)
        async with self._turns.turn(f"opening {head.api_key}"):
            return await self._in_thread(self._router.open, head)

    async def _whole(self, opened: Opened, who: str, head: Head, protocol: Exchange) -> Reply:
        if not opened.takes_body:
            return await self._work(opened.work(b""), who, small=True)
        length = head.headers.get("content-length", "")
        announced = int(length[:20]) if length.isascii() and length.isdigit() else None
        async with self._room.body(protocol, announced, owner=who) as body:
            return await self._work(opened.work(body), who, small=len(body) <= AT_ONCE)

    async def _work(
        self, work: Generator[None, None, Made], who: str, *, small: bool = False, sure: bool = False
    ) -> Made:
        """Have it done in a thread, a turn for each piece; the first of what is small and asks no database, here.

        `sure`: it belongs to what has been begun, and waits for its turn however many others do.
        """
        if small and self._around is None:
            if made := _go_on(work):
                return made[0]
            sure = True
        while True:
            async with self._turns.turn(who, sure=sure):
                made = await self._in_thread(_go_on, work)
            if made:
                return made[0]
            sure = True

    async def _in_thread(self, call: Callable[[Given], Made], given: Given) -> Made:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._do, call, given)

    def _do(self, call: Callable[[Given], Made], given: Given) -> Made:
        with self._around() if self._around is not None else nullcontext():
            return call(given)

    async def _stream(self, opened: Opened, who: str, protocol: Exchange) -> None:
        """Answer line by line; no more of the stream is read than has been answered."""
        headers = {"content-type": STREAM_TYPE, **opened.headers}
        transport = protocol.response_stream(200, list(headers.items()))
        chunks = protocol.__aiter__()
        going = True
        clock = asyncio.get_running_loop().time
        # For the next whole line, not for the next byte of it.
        due = clock() + PATIENCE
        while going:
            answered, going = await self._lines(opened, who, chunks, due)
            if answered:
                due = clock() + PATIENCE
                async with asyncio.timeout(PATIENCE):
                    await transport.send_bytes(answered)

    async def _lines(self, opened: Opened, who: str, chunks: AsyncIterator[bytes], due: float) -> tuple[bytes, bool]:
        try:
            chunk = await _next(chunks, due)
        except TimeoutError:
            return opened.last_line(Refusal(408, "The next line did not arrive in time.", code="timeout")), False
        answered, going = await self._work(opened.work_on(chunk), who, sure=True)
        return answered, going and chunk is not None


def _head(scope: Any, known: str = "") -> Head:
    headers = dict(scope.headers.items())
    host = scope.authority or headers.get("host", "")
    told = headers.get("x-forwarded-proto", "")
    scheme = known or (told if told in ("http", "https") else scope.scheme)
    return Head(scope.method, scope.path, scope.query_string, headers, f"{scheme}://{host}" if host else "")


def _who(opened: Opened, scope: Any) -> str:
    """Who takes turns with the others: a key, or a connection where everybody is let in without one."""
    return str(scope.client) if opened.key == EVERYBODY.key_id else opened.key


def _go_on(work: Generator[None, None, Made]) -> tuple[Made] | None:
    """Do the next piece; what was made, once it is done."""
    try:
        next(work)
    except StopIteration as end:
        return (end.value,)
    return None


async def _next(chunks: AsyncIterator[bytes], due: float) -> bytes | None:
    """The next piece of a stream, None at its end; TimeoutError where it has not come when it is due."""
    # Not `anext(chunks, None)`: with the server's own awaitables that ends the interpreter.
    async with asyncio.timeout_at(due):
        try:
            return await chunks.__anext__()
        except StopAsyncIteration:
            return None


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Busy | GivenUp):
        return _busy()
    if isinstance(error, TooLarge):
        return too_large()
    if isinstance(error, BrokenOff):
        return Refusal(400, "The body did not arrive whole.", code="incomplete_body")
    return Refusal(408, "The body did not arrive in time.", code="timeout")


def _busy() -> Refusal:
    return Refusal(503, BUSY, code="busy", headers={"retry-after": "1"})


def _last(answer: Reply) -> Reply:
    """An answer to a request whose body was not read: nothing more can come on this connection."""
    return Reply(answer.status, answer.body, answer.headers | {"connection": "close"})


def make_router(*, keys: Path | None, labels: Path | None, origins: Iterable[str] = ()) -> Router:
    """The router of a server without a database; raises BadKeyFile. Reads the model, and warms it.

    Without a file of keys everybody is let in.
    """
    authenticator = (
        Authenticator(KeyFile(keys).find, MemoryMeter())
        if keys
        else Authenticator(lambda _: None, MemoryMeter(), EVERYBODY)
    )
    screener = Screener.attributes()
    screener.warm()
    keep = LabelFile(labels, clock.now) if labels else None
    return Router(
        Dependencies(screener, Coverage(screener), authenticator, clock.now, keep_suggestion=keep),
        origins=Origins(origins),
    )
