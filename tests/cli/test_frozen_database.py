"""A PostgreSQL that is away at the start, and one that takes every byte and says nothing."""

import http.client
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import pytest
from tests.cli.installation import UNDER_TEST, Installation, descendants, gone

pytestmark = pytest.mark.skipif(not UNDER_TEST.startswith("postgres"), reason="there is no server to freeze")


class Between:
    """Stands between Wardmote and its database; while it is frozen, bytes go in and none comes out."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._to = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self.frozen = threading.Event()
        port = self._listening.getsockname()[1]
        login = parts.netloc.rpartition("@")[0]
        self.url = urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}" if login else f"127.0.0.1:{port}"))

    def open(self) -> None:
        """From now on somebody listens there."""
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(here,), daemon=True).start()

    def _carry(self, here: socket.socket) -> None:
        with here, socket.create_connection(self._to) as there:
            while True:
                for one in select.select([here, there], [], [])[0]:
                    while self.frozen.is_set():
                        time.sleep(0.05)
                    try:
                        some = one.recv(65_536)
                        (there if one is here else here).sendall(some)
                    except OSError:
                        return
                    if not some:
                        return


@pytest.fixture
def between(installation: Installation) -> Iterator[Between]:
    """Closed at the end, and open when the test says so."""
    between = Between(installation.database_url)
    yield between
    between.frozen.clear()
    between.close()


def ask(installation: Installation, path: str) -> tuple[int, str, str, float]:
    """Status, body, Retry-After, and the seconds it took."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=600)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, answer.headers.get("Retry-After", ""), time.monotonic() - began


def test_a_database_that_is_away_is_waited_for_and_one_that_freezes_is_a_page_in_words(
    installation: Installation, between: Between, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start waits and says so; frozen, pages say 503 and programs read it, static files come; then all goes on."""
    monkeypatch.setenv("WARDMOTE_DATABASE_SECONDS", "2")
    behind = replace(installation, database_url=between.url)
    command = [sys.executable, "-m", "wardmote", "run", "--port", str(behind.port)]
    process = subprocess.Popen(
        command, env=behind.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    family: set[int] = set()
    try:
        assert process.stdout is not None
        waited = process.stdout.readline()
        between.open()
        while "Ctrl-C stops everything" not in (line := process.stdout.readline()):
            assert line
        family = descendants(process.pid)
        well = ask(behind, "/")
        between.frozen.set()
        page, program = ask(behind, "/record"), ask(behind, "/record/checkpoint")
        static = ask(behind, "/static/ui/console.css")
        between.frozen.clear()
        again = ask(behind, "/")
        process.send_signal(signal.SIGINT)
        status = process.wait(40)
    finally:
        between.frozen.clear()
        process.kill()
        process.communicate()

    assert "waiting for the database" in waited
    assert "alice" not in waited
    assert (well[0], again[0]) == (200, 200)
    assert (page[0], page[2]) == (503, "30")
    assert "The database of this server does not answer just now." in page[1]
    assert page[3] < 40
    assert program[0] == 503
    assert program[1].startswith('{"error"')
    assert static[0] == 200
    assert status == 0
    assert gone(family, within=5)
