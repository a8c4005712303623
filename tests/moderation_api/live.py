"""A moderation server of a test's own, and plain ways to ask it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wardmote.detect import Screener
from wardmote.edges.moderation_api.keyfile import SCOPES, add_key
from wardmote.people.policy import Scope

PATIENCE = 40.0


@dataclass(frozen=True)
class Live:
    """A running server, its keys, and where its output goes."""

    port: int
    key: str
    narrow: str
    """A key that opens nothing but Perspective's addresses."""
    slow: str
    """A key with two requests a minute and three texts a day."""
    labels: Path
    log: Path
    pid: int
    seconds: float
    """The server's processor time from its start to the first answer: what it takes on a machine with nothing else
    to do."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, dict[str, str]]:
        """Status, JSON and headers of one request, on a connection of its own."""
        connection = self.connect()
        try:
            raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            headers.setdefault("authorization", f"Bearer {self.key}")
            connection.request(method, path, raw, headers)
            answer = connection.getresponse()
            content = answer.read()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, json.loads(content), found
        finally:
            connection.close()

    def resident(self) -> float:
        """MiB that the server holds in memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def worked(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Live]:
    """A server from when it answers until the block ends."""
    # The kernels are compiled once for all processes of this machine, which is not the server's own work.
    Screener.attributes().screen("Ready.")
    port, keys = free_port(), folder / "keys.toml"
    key = add_key(keys, name="all", scopes=SCOPES, requests_per_minute=0, texts_per_day=0)
    narrow = add_key(keys, name="narrow", scopes=[Scope.ANALYZE], requests_per_minute=0, texts_per_day=0)
    slow = add_key(keys, name="slow", scopes=SCOPES, requests_per_minute=2, texts_per_day=3)
    labels, log = folder / "labels.jsonl", folder / "server.log"
    command = [sys.executable, "-m", "wardmote", "moderate", "--port", str(port), "--keys", str(keys)]
    began = time.monotonic()
    with log.open("wb") as output:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        process = subprocess.Popen(
            [*command, "--labels", str(labels), *options], env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() - began < PATIENCE
                time.sleep(0.01)
        yield Live(port, key, narrow, slow, labels, log, process.pid, worked(process.pid))
    finally:
        process.terminate()
        process.wait(20)
