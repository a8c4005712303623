"""`slow`: what the pages' readers notice while a thousand others never finish, and while the moderation API is full."""

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import cycle

from benchmarks.contract import About, Size
from benchmarks.figures import Figure, percentile
from benchmarks.load import timed, together
from benchmarks.town import NOW, found, join, make_ready

ABOUT = About(
    what="The web server of an installation, and four readers who open the policy of a community, each a new "
    "connection, fifty times a second at most. “alone”: nobody else. “slow”: so many connections beside them that "
    "never finish, of six kinds in turn: a body with a byte every two seconds, one in chunks, one that stops, a head "
    "with a byte every two seconds, one that stops, and requests whose answers are never read; each that is cut is "
    "opened again. “api”: nine requests of eight texts of 49,000 characters, always under way.",
    aim="Our own: 200 ms at the 99th percentile whatever others do.",
    limit="A connection that does not finish costs a few kilobytes and no thread. The moderation API has two threads "
    "of its own, but one interpreter with the pages: between two calls into compiled code it holds them up. The load "
    "comes from another process on the same cores.",
    databases=("sqlite", "postgresql"),
)
HOST = "127.0.0.1"
READERS = 4
_HEAD = b"Host: plaza.localhost\r\n"
_TEXT = "I walked past the station this morning and the lime trees were in flower. "
_STARTS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Shape:
    """How many are slow, for how long pages are read, and how long the API's texts are."""

    slow: int
    seconds: float
    characters: int


SHAPES: dict[Size, Shape] = {
    "tiny": Shape(slow=40, seconds=0.3, characters=500),
    "usual": Shape(slow=1_000, seconds=15.0, characters=49_000),
    "full": Shape(slow=5_000, seconds=60.0, characters=49_000),
}


def measure(size: Size, database: str) -> list[Figure]:
    """Median and 99th percentile of a page, alone and in either company."""
    from wardmote.journeys.owners.keys import issue_key

    shape = SHAPES[size]
    make_ready()
    join(found(), "bob")
    key = issue_key(name="bench", requests_per_minute=0, texts_per_day=0, now=NOW)
    with _server() as port:
        # The server reads its models in the first seconds.
        _read(port, shape.seconds)
        figures = _figures("alone", 0, _read(port, shape.seconds), database)
        with _company([partial(_be_slow, port, shape.slow)]):
            figures += _figures("slow", shape.slow, _read(port, shape.seconds), database)
        asks = [partial(_ask_much, port, key, shape.characters)] * 9
        with _company(asks):
            figures += _figures("api", len(asks), _read(port, shape.seconds), database)
    return figures


def _figures(company: str, number: int, took: list[float], database: str) -> list[Figure]:
    params: dict[str, str | int] = {"company": company, "of": number, "readers": READERS, "database": database}
    return [
        Figure("slow", f"p{share * 100:g}", percentile(took, share) * 1000, "ms", 200, "lower", params)
        for share in (0.5, 0.99)
    ]


@contextmanager
def _server() -> Iterator[int]:
    """The web server, from when it answers."""
    from django.db import connections

    from wardmote.config.processes import process_tree, run

    connections.close_all()
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    os.environ["WARDMOTE_PORT"] = str(port)
    child = process_tree.start("the web server", "wardmote.config.processes.web", HOST, str(port))
    try:
        deadline = time.monotonic() + _STARTS_WITHIN
        while not run.answers(HOST, port):
            if child.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)
        yield port
    finally:
        process_tree.stop([child])


def _read(port: int, seconds: float) -> list[float]:
    took, _ = together([partial(_reader, port, seconds)] * READERS)
    return took


def _reader(port: int, seconds: float) -> list[float]:
    took: list[float] = []
    until = time.monotonic() + seconds
    while not took or time.monotonic() < until:
        took.append(timed(partial(_page, port)))
        time.sleep(0.02)
    return took


def _page(port: int) -> None:
    link = http.client.HTTPConnection(HOST, port, timeout=60)
    link.request("GET", "/policy", headers={"Host": "plaza.localhost"})
    answer = link.getresponse()
    answer.read()
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"the server answered {answer.status}")


@contextmanager
def _company(people: Sequence[Callable[[threading.Event], None]]) -> Iterator[None]:
    """All of them at it until the block ends."""
    end = threading.Event()
    threads = [threading.Thread(target=each, args=(end,)) for each in people]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join()


_KINDS = (
    (b"POST /language HTTP/1.1\r\n" + _HEAD + b"Content-Length: 5000\r\n\r\nab", b"a"),
    (b"POST /language HTTP/1.1\r\n" + _HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", b"1\r\na\r\n"),
    (b"POST /language HTTP/1.1\r\n" + _HEAD + b"Content-Length: 5000\r\n\r\nab", b""),
    (b"GET /policy HTTP/1.1\r\n" + _HEAD + b"X-Slow: ", b"a"),
    (b"GET /policy HTTP/1.1\r\n" + _HEAD, b""),
    (b"GET /static/ui/wardmote.css HTTP/1.1\r\n" + _HEAD + b"\r\n", b""),
)
"""What is sent first, and then every two seconds."""


def _be_slow(port: int, number: int, end: threading.Event) -> None:
    held: list[tuple[socket.socket, bytes]] = []
    kinds = cycle(_KINDS)
    while not end.is_set():
        held = [(link, more) for link, more in held if _goes_on(link, more)]
        while len(held) < number and not end.is_set():
            first, more = next(kinds)
            with suppress(OSError):
                link = socket.create_connection((HOST, port), timeout=5)
                link.sendall(first)
                held.append((link, more))
        end.wait(2)
    for link, _more in held:
        link.close()


def _goes_on(link: socket.socket, more: bytes) -> bool:
    try:
        link.sendall(more)
        # What is there is left there; an end is seen.
        ended = link.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return True
    except OSError:
        ended = True
    if ended:
        link.close()
    return not ended


def _ask_much(port: int, key: str, characters: int, end: threading.Event) -> None:
    text = (_TEXT * (characters // len(_TEXT) + 1))[:characters]
    body = json.dumps({"input": [text] * 8})
    headers = {"Host": "localhost", "Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    while not end.is_set():
        link = http.client.HTTPConnection(HOST, port, timeout=600)
        with suppress(OSError, http.client.HTTPException):
            link.request("POST", "/v1/moderations", body, headers)
            link.getresponse().read()
        link.close()
