"""`api`: the moderation API by itself: requests a second and how long they take, beside the model's own cost."""

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contract import About, Size
from benchmarks.figures import Figure, percentile
from benchmarks.load import timed

ABOUT = About(
    what="`wardmote moderate` answers one text in each of its three shapes, and a hundred in OpenAI's, over 1, 16 "
    "and 64 connections that always have a request under way. The load comes from another process on the same cores. "
    "Cost is what the server spends on a text in processor time, model what both models alone spend on its scores; "
    "overhead is the difference as a share of the cost.",
    aim="Our own: 2,000 single texts a second on two cores, the overhead under half of the whole, 200 MiB resident.",
    limit="HTTP, the event loop and JSON in Python. Scores without the words behind are a tenth of a request, so "
    "the overhead's share rose when the models became faster, while the cost fell: read the cost. The process that "
    "makes the load takes its share of the two cores.",
)
SECONDS: dict[Size, float] = {"tiny": 0.1, "usual": 3.0, "full": 20.0}
CONNECTIONS = (1, 16, 64)
TEXT = "I walked past the station this morning and the lime trees were in flower; you should come along tomorrow, {}."
BATCH = 100
_STARTS_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to ask."""

    name: str
    path: str
    content: Callable[[str], object]
    texts: int = 1


SHAPES = (
    Shape(
        "perspective",
        "/v1alpha1/comments:analyze",
        lambda text: {"comment": {"text": text}, "requestedAttributes": {"THREAT": {}}},
    ),
    Shape("openai", "/v1/moderations", lambda text: {"input": text}),
    Shape("screen", "/v1/screen", lambda text: {"text": text}),
    Shape("openai, batch", "/v1/moderations", lambda text: {"input": [text] * BATCH}, BATCH),
)


def measure(size: Size, database: str) -> list[Figure]:  # noqa: ARG001 - it needs no database
    """For each shape and number of connections: rate, median, 99th percentile, overhead; and what is resident."""
    alone = _model_alone()
    figures = [Figure("api", "model", alone * 1e3, "ms/text", 0.05, "lower")]
    with tempfile.TemporaryDirectory(prefix="wardmote-bench-") as folder, _server(Path(folder)) as (port, key, process):
        for shape in SHAPES:
            requests = [_request(shape.path, shape.content(TEXT.format(number)), key) for number in range(200)]
            for connections in CONNECTIONS:
                before = _cpu(process.pid)
                rate, took = _load(port, requests, connections, SECONDS[size])
                spent = (_cpu(process.pid) - before) / (len(took) * shape.texts)
                figures += _figures(shape, connections, rate * shape.texts, took, spent, alone)
        figures.append(Figure("api", "resident", _resident(process.pid), "MiB", 200, "lower"))
    return figures


def _figures(
    shape: Shape, connections: int, rate: float, took: list[float], spent: float, alone: float
) -> list[Figure]:
    params: dict[str, str | int] = {"shape": shape.name, "connections": connections, "texts a request": shape.texts}
    # A connection answered at the aimed rate waits for all the others.
    aim_ms = 1000 * connections * shape.texts / 2_000
    return [
        Figure("api", "rate", rate, "texts/s", 2_000, "higher", params),
        Figure("api", "p50", percentile(took, 0.5) * 1000, "ms", aim_ms, "lower", params),
        Figure("api", "p99", percentile(took, 0.99) * 1000, "ms", 3 * aim_ms, "lower", params),
        Figure("api", "cost", spent * 1e3, "ms/text", 0.5, "lower", params),
        Figure("api", "overhead", max(1 - alone / spent, 0.0) * 100 if spent else 0.0, "%", 50, "lower", params),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, str, "subprocess.Popen[bytes]"]]:
    """A server with one key without limits, from when it answers."""
    keys = str(folder / "keys.toml")
    wardmote = [sys.executable, "-m", "wardmote"]
    command = [*wardmote, "key", "new", "bench", "--file", keys, "--no-limits"]
    made = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    port = _free_port()
    command = [*wardmote, "moderate", "--port", str(port), "--keys", keys]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        deadline = time.monotonic() + _STARTS_WITHIN
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        yield port, made.stdout.strip().splitlines()[-1], process
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _request(path: str, content: object, key: str) -> bytes:
    """One request, ready for the wire."""
    body = json.dumps(content).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _load(port: int, requests: list[bytes], connections: int, seconds: float) -> tuple[float, list[float]]:
    """Keep `connections` requests in flight; gives requests a second and each one's seconds."""
    waiting = selectors.DefaultSelector()
    sent: dict[socket.socket, float] = {}
    for number in range(connections):
        link = socket.create_connection(("127.0.0.1", port))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(link, selectors.EVENT_READ, (link, bytearray()))
        sent[link] = time.perf_counter()
        link.sendall(requests[number % len(requests)])
    took: list[float] = []
    began = time.perf_counter()
    while not took or time.perf_counter() - began < seconds:
        for event, _ in waiting.select(1):
            link, held = event.data
            held += link.recv(1 << 20)
            if not _whole(held):
                continue
            if not held.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"the server answered {bytes(held[:200])!r}")
            held.clear()
            now = time.perf_counter()
            took.append(now - sent[link])
            sent[link] = now
            link.sendall(requests[len(took) % len(requests)])
    elapsed = time.perf_counter() - began
    for link in sent:
        link.close()
    return len(took) / elapsed, took


def _whole(held: bytearray) -> bool:
    """Whether an answer has come in full."""
    end = held.find(b"\r\n\r\n")
    if end < 0:
        return False
    start = held.find(b"content-length: ") + 16
    return len(held) >= end + 4 + int(held[start : held.find(b"\r", start)])


def _resident(pid: int) -> float:
    """MiB that a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _model_alone() -> float:
    """Seconds that the models take for the scores of one text in this process, the median of many."""
    from wardmote.detect import Screener

    screener = Screener.attributes()
    took = [timed(lambda number=number: screener.scores(TEXT.format(number))) for number in range(3_000)]  # type: ignore[misc]
    return percentile(took[500:], 0.5)
