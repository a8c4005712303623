"""The moderation API alone: requests a second and how long they take, beside the cost of the model by itself.

Run with `python benchmarks/api.py`. Server and load share this machine's cores; the load's own share is printed.
"""

import json
import os
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardmote.detect import Screener

SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
CONNECTIONS = (1, 16, 64)
TEXT = "I walked past the station this morning and the lime trees were in flower; you should come along tomorrow, {}."
BATCH = 100


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, str, subprocess.Popen[str]]]:
    """A server with one key without limits, from when it answers."""
    made = subprocess.run(
        [sys.executable, "-m", "wardmote", "key", "new", "bench", "--file", str(folder / "keys.toml"), "--no-limits"],
        capture_output=True,
        text=True,
        check=True,
    )
    port = free_port()
    command = [sys.executable, "-m", "wardmote", "moderate", "--port", str(port), "--keys", str(folder / "keys.toml")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.01)
        yield port, made.stdout.strip().splitlines()[-1], process
    finally:
        process.terminate()
        process.wait(10)


def request(path: str, content: object, key: str) -> bytes:
    """One request, ready for the wire."""
    body = json.dumps(content).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def load(port: int, requests: list[bytes], connections: int) -> tuple[float, list[float]]:
    """Keep `connections` requests in flight; gives requests a second and each one's seconds."""
    waiting = selectors.DefaultSelector()
    sent: dict[socket.socket, float] = {}
    for number in range(connections):
        link = socket.create_connection(("127.0.0.1", port))
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(link, selectors.EVENT_READ, bytearray())
        sent[link] = time.perf_counter()
        link.sendall(requests[number % len(requests)])
    took: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        for event, _ in waiting.select(1):
            link, held = event.fileobj, event.data
            assert isinstance(link, socket.socket)
            held += link.recv(1 << 20)
            if not whole(held):
                continue
            assert held.startswith(b"HTTP/1.1 200"), bytes(held[:200])
            held.clear()
            now = time.perf_counter()
            took.append(now - sent[link])
            sent[link] = now
            link.sendall(requests[len(took) % len(requests)])
    elapsed = time.perf_counter() - began
    for link in sent:
        link.close()
    return len(took) / elapsed, took


def whole(held: bytearray) -> bool:
    """Whether an answer has come in full."""
    end = held.find(b"\r\n\r\n")
    if end < 0:
        return False
    start = held.find(b"content-length: ") + 16
    return len(held) >= end + 4 + int(held[start : held.find(b"\r", start)])


def resident(pid: int) -> float:
    """MiB that a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def model_alone() -> float:
    """Seconds that the model takes for one text in this process, the median of many."""
    screener = Screener.default()
    took = []
    for number in range(3_000):
        began = time.perf_counter()
        screener.screen(TEXT.format(number))
        took.append(time.perf_counter() - began)
    return statistics.median(took[500:])


def main() -> None:
    """Measure and print."""
    alone = model_alone()
    print(f"the model alone: {alone * 1e6:,.0f} µs a text, {1 / alone:,.0f} texts/s on one core")
    singles = [(TEXT.format(number), number) for number in range(200)]
    kinds = {
        "perspective": (
            "/v1alpha1/comments:analyze",
            lambda t: {"comment": {"text": t}, "requestedAttributes": {"THREAT": {}}},
            1,
        ),
        "openai": ("/v1/moderations", lambda t: {"input": t}, 1),
        "screen": ("/v1/screen", lambda t: {"text": t}, 1),
        f"openai, {BATCH} texts": ("/v1/moderations", lambda t: {"input": [t] * BATCH}, BATCH),
    }
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (port, key, process):
        print(
            f"{'':<22}{'conns':>6}{'requests/s':>12}{'texts/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'server µs/text':>16}{'model':>7}"
        )
        for name, (path, content, texts) in kinds.items():
            requests = [request(path, content(text), key) for text, _ in singles]
            for connections in CONNECTIONS:
                before = cpu(process.pid)
                rate, took = load(port, requests, connections)
                spent = (cpu(process.pid) - before) / (len(took) * texts)
                p99 = statistics.quantiles(took, n=100)[98] if len(took) > 1 else took[0]
                print(
                    f"{name:<22}{connections:>6}{rate:>12,.0f}{rate * texts:>10,.0f}{statistics.median(took) * 1e3:>9.2f}"
                    f"{p99 * 1e3:>9.2f}{spent * 1e6:>16,.0f}{alone / spent:>7.0%}"
                )
        print(f"resident after all this: {resident(process.pid):,.0f} MiB")


if __name__ == "__main__":
    main()
