"""`api`: the moderation API alone, over connections, one text and a hundred at a time, beside the model by itself."""

import json
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contract import About, Size
from benchmarks.figures import Figure, percentile
from benchmarks.texts import source, texts

ABOUT = About(
    what="`wardmote moderate` with a key from a file, asked at `/v1/screen` over 1, 16 and 64 kept connections, each "
    "with one request in flight; one text a request, then a hundred. Server and load share the machine. The server's "
    "own work is its processor time; the model's share of it is what the same texts take without a server.",
    aim="Our own: 2,000 single texts a second on two cores, and an overhead under half of the whole.",
    limit="The request: HTTP, the event loop and JSON cost more than scoring one short text; with a hundred in a "
    "request the model is most of it. The server is one process, so that it stays under 200 MiB; the second core "
    "does the network's part.",
)
SECONDS: dict[Size, float] = {"tiny": 0.2, "usual": 4.0, "full": 15.0}
CONNECTIONS = (1, 16, 64)
BATCH = 100
START_SECONDS = 60.0


@dataclass(frozen=True)
class Load:
    """What one load measured: requests a second, each one's seconds, the server's processor seconds a request."""

    rate: float
    took: Sequence[float]
    work: float


def measure(size: Size, database: str) -> list[Figure]:  # noqa: ARG001 - it needs no database
    """The figures."""
    said = texts(400)
    alone = _model_alone(said)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="wardmote-bench-") as folder, _server(Path(folder)) as (port, key, pid):
        singles = [_request(key, {"text": text}) for text in said]
        batches = [_request(key, {"texts": said[at : at + BATCH]}) for at in range(0, len(said) - BATCH, BATCH)]
        for name, requests, number in (("one text", singles, 1), ("a hundred texts", batches, BATCH)):
            for connections in CONNECTIONS:
                load = _load(port, pid, requests, connections, SECONDS[size])
                figures += _figures(name, load, number, connections, alone)
        figures.append(Figure("api", "memory after it all", _resident(pid), "MiB", 200, "lower"))
    return figures


def _figures(name: str, load: Load, number: int, connections: int, alone: float) -> Iterator[Figure]:
    params: dict[str, str | int] = {"connections": connections, "data": source()}
    yield Figure("api", f"{name}: texts", load.rate * number, "texts/s", 2_000, "higher", params)
    patience = 10 if number == 1 else 500
    yield Figure("api", f"{name}: half within", percentile(load.took, 0.5) * 1e3, "ms", patience, "lower", params)
    yield Figure("api", f"{name}: 99% within", percentile(load.took, 0.99) * 1e3, "ms", 5 * patience, "lower", params)
    overhead = max(1 - alone * number / load.work, 0.0)
    yield Figure("api", f"{name}: overhead", overhead, "of the work", 0.5, "lower", params)


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, str, int]]:
    """A server with one key without limits, from when it answers: its port, the key, its process."""
    keys = str(folder / "keys.toml")
    wardmote = [sys.executable, "-m", "wardmote"]
    made = subprocess.run(  # noqa: S603 - our own command
        [*wardmote, "key", "new", "bench", "--file", keys, "--no-limits"], capture_output=True, text=True, check=True
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [*wardmote, "moderate", "--port", str(port), "--keys", keys]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        _until(lambda: _answers(port))
        yield port, made.stdout.strip().splitlines()[-1], process.pid
    finally:
        process.terminate()
        process.wait(10)


def _until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not come up")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _request(key: str, content: object) -> bytes:
    """One request, ready for the wire."""
    body = json.dumps(content).encode()
    head = (
        f"POST /v1/screen HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _load(port: int, pid: int, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
    """Keep one request in flight on each connection for so long."""
    waiting = selectors.DefaultSelector()
    sent: dict[socket.socket, float] = {}
    worked = _worked(pid)
    for number in range(connections):
        opened = socket.create_connection(("127.0.0.1", port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(opened, selectors.EVENT_READ, bytearray())
        sent[opened] = time.perf_counter()
        opened.sendall(requests[number % len(requests)])
    took: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds or not took:
        for event, _ in waiting.select(1):
            link = event.fileobj
            if not isinstance(link, socket.socket) or not _whole(link, event.data):
                continue
            now = time.perf_counter()
            took.append(now - sent[link])
            sent[link] = now
            link.sendall(requests[len(took) % len(requests)])
    elapsed = time.perf_counter() - began
    for opened in sent:
        opened.close()
    return Load(len(took) / elapsed, took, (_worked(pid) - worked) / len(took))


def _whole(link: socket.socket, held: bytearray) -> bool:
    """Take what has come; whether an answer is there in full. Raises ValueError for any but 200."""
    held += link.recv(1 << 20)
    end = held.find(b"\r\n\r\n")
    if end < 0:
        return False
    start = held.find(b"content-length: ") + 16
    if len(held) < end + 4 + int(held[start : held.find(b"\r", start)]):
        return False
    if not held.startswith(b"HTTP/1.1 200"):
        raise ValueError(bytes(held[:200]))
    held.clear()
    return True


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _worked(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _model_alone(said: Sequence[str]) -> float:
    """Processor seconds that the model takes for one text in this process, the median of ten rounds."""
    from wardmote.detect import Screener

    screener = Screener.attributes()
    screener.screen(said[0])
    rounds = []
    for _ in range(10):
        began = time.process_time()
        for text in said:
            screener.screen(text)
        rounds.append((time.process_time() - began) / len(said))
    return statistics.median(rounds)
