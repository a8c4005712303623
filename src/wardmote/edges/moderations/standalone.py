"""The API alone, in one process without a database: an RSGI application for granian, keys from a file.

Memory is bounded by what may be in flight, not by what clients send: at most `CONNECTIONS`, and at most `IN_FLIGHT`
bytes of bodies among them. A head or a body that comes drop by drop is cut off after `PATIENCE` seconds.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from granian.rsgi import ProtocolClosed, ProtocolError  # type: ignore[attr-defined] # it re-exports them unsaid

from wardmote.detect import Screener
from wardmote.edges.moderations.coverage import Coverage
from wardmote.edges.moderations.desk import Desk, Opened
from wardmote.edges.moderations.endpoints import Ground
from wardmote.edges.moderations.gate import Gate
from wardmote.edges.moderations.keyfile import EVERYBODY, KeyFile, MemoryMeter
from wardmote.edges.moderations.labels import LabelFile
from wardmote.edges.moderations.origins import Origins
from wardmote.edges.moderations.wire import BODY_LIMIT, STREAM_TYPE, Head, Refusal, Reply, reply, too_large
from wardmote.kernel import clock

CONNECTIONS = 1024
IN_FLIGHT = 32_000_000
PATIENCE = 15.0
THREADS = 2
WAITING = 64
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
"""What stands at `/`, for whoever looks with a browser."""
PLAIN: dict[str, dict[str, object]] = {"/": ABOUT, "/healthz": {"status": "ok"}}


class Exchange(Protocol):
    """The part of granian's RSGI protocol that is used here."""

    async def __call__(self) -> bytes: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...
    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any: ...


class App:
    """An RSGI application.

    `around` is entered in the thread for each piece of work of a desk that asks a database; nothing is then answered
    in the loop. `scheme` is that of its own address where it is known, else the client's proxy tells it.
    """

    def __init__(
        self, desk: Desk, *, around: Callable[[], AbstractContextManager[None]] | None = None, scheme: str = ""
    ) -> None:
        self._desk, self._around, self._scheme = desk, around, scheme
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="screen")
        self._held = 0
        self._waiting = 0

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
        if self._waiting >= WAITING:
            opened: Opened | Reply = self._desk.refuse(head, _busy())
        else:
            opened = await self._work(self._desk.open, head, small=True)
        if isinstance(opened, Reply):
            return _last(opened)
        try:
            if opened.streams:
                # A client that does not read what it asked for is left.
                with suppress(TimeoutError):
                    await self._stream(opened, protocol)
                return None
            return await self._whole(opened, head, protocol)
        except Refusal as refusal:
            return _last(opened.refuse(refusal))
        except TimeoutError:
            return _last(opened.refuse(Refusal(408, "The body did not arrive in time.", code="timeout")))

    async def _whole(self, opened: Opened, head: Head, protocol: Exchange) -> Reply:
        if not opened.takes_body:
            return await self._work(opened.answer, b"", small=True)
        async with self._room(head):
            body = await _body(head, protocol)
            return await self._work(opened.answer, body, small=len(body) <= AT_ONCE)

    async def _work(self, call: Callable[[Given], Made], given: Given, *, small: bool = False) -> Made:
        """Have it done in a thread; what is small and asks no database, here."""
        if small and self._around is None:
            return call(given)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._do, call, given)
        finally:
            self._waiting -= 1

    def _do(self, call: Callable[[Given], Made], given: Given) -> Made:
        with self._around() if self._around is not None else nullcontext():
            return call(given)

    @asynccontextmanager
    async def _room(self, head: Head) -> AsyncIterator[None]:
        """Room in memory for a body, as long as it is held."""
        length = head.headers.get("content-length", "")
        needed = int(length) if length.isascii() and length.isdigit() else BODY_LIMIT
        if self._held + needed > IN_FLIGHT:
            raise _busy()
        self._held += needed
        try:
            yield
        finally:
            self._held -= needed

    async def _stream(self, opened: Opened, protocol: Exchange) -> None:
        """Answer line by line; no more of the stream is read than has been answered."""
        headers = {"content-type": STREAM_TYPE, **opened.headers}
        transport = protocol.response_stream(200, list(headers.items()))
        chunks = protocol.__aiter__()
        going = True
        clock = asyncio.get_running_loop().time
        # For the next whole line, not for the next byte of it.
        due = clock() + PATIENCE
        while going:
            answered, going = await self._lines(opened, chunks, due)
            if answered:
                due = clock() + PATIENCE
                async with asyncio.timeout(PATIENCE):
                    await transport.send_bytes(answered)

    async def _lines(self, opened: Opened, chunks: AsyncIterator[bytes], due: float) -> tuple[bytes, bool]:
        try:
            chunk = await _next(chunks, due)
        except TimeoutError:
            return opened.last_line(Refusal(408, "The next line did not arrive in time.", code="timeout")), False
        answered, going = await self._work(opened.feed, chunk)
        return answered, going and chunk is not None


def _head(scope: Any, known: str = "") -> Head:
    headers = dict(scope.headers.items())
    host = scope.authority or headers.get("host", "")
    told = headers.get("x-forwarded-proto", "")
    scheme = known or (told if told in ("http", "https") else scope.scheme)
    return Head(scope.method, scope.path, scope.query_string, headers, f"{scheme}://{host}" if host else "")


async def _body(head: Head, protocol: Exchange) -> bytes:
    """The whole body; Refusal for one that is too large, TimeoutError for one that is too slow."""
    async with asyncio.timeout(PATIENCE):
        if "content-length" in head.headers:
            # The desk has seen the length, and the server holds the client to it.
            return await protocol()
        pieces: list[bytes] = []
        size = 0
        async for piece in protocol:
            size += len(piece)
            if size > BODY_LIMIT:
                raise too_large()
            pieces.append(bytes(piece))
        return b"".join(pieces)


async def _next(chunks: AsyncIterator[bytes], due: float) -> bytes | None:
    """The next piece of a stream, None at its end; TimeoutError where it has not come when it is due."""
    # Not `anext(chunks, None)`: with the server's own awaitables that ends the interpreter.
    async with asyncio.timeout_at(due):
        try:
            return await chunks.__anext__()
        except StopAsyncIteration:
            return None


def _busy() -> Refusal:
    return Refusal(503, BUSY, code="busy", headers={"retry-after": "1"})


def _last(answer: Reply) -> Reply:
    """An answer to a request whose body was not read: nothing more can come on this connection."""
    return Reply(answer.status, answer.body, answer.headers | {"connection": "close"})


def make_desk(*, keys: Path | None, labels: Path | None, origins: Iterable[str] = ()) -> Desk:
    """The desk of a server without a database; raises BadKeyFile. Reads the model, and warms it.

    Without a file of keys everybody is let in.
    """
    gate = Gate(KeyFile(keys).find, MemoryMeter()) if keys else Gate(lambda _: None, MemoryMeter(), EVERYBODY)
    screener = Screener.attributes()
    screener.warm()
    keep = LabelFile(labels, clock.now) if labels else None
    return Desk(Ground(screener, Coverage(screener), gate, clock.now, keep_suggestion=keep), origins=Origins(origins))
