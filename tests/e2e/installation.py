"""A whole Wardmote as a person would start it: its own home, its own port, its own database, its mail in a file."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

START_WITHIN = 120.0
"""Seconds; a busy machine may compile the detector's kernel first."""


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass
class Installation:
    """A running installation; `url("plaza")` is where a community answers."""

    home: Path
    port: int
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with the demonstration and wait until its pages answer."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wardmote", "run", "--demo", "--port", str(self.port)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_WITHIN
        while "Wardmote is at" not in self.output():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the installation did not start:\n{self.output()}")
            time.sleep(0.1)

    def stop(self) -> int:
        """Stop it as Ctrl-C does; gives the exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=600)

    def url(self, community: str, path: str = "/") -> str:
        return f"http://{community}.localhost:{self.port}{path}"

    def output(self) -> str:
        """Everything printed so far, mails included."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wardmote(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command beside the running installation."""
        command: Sequence[str] = [sys.executable, "-m", "wardmote", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=600)

    def wait_for_mail(self, to: str, pattern: str) -> re.Match[str]:
        """The first match of `pattern` in a mail to that address; waits up to half a minute for it."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for mail in re.split(r"^-{60,}$", self.output(), flags=re.MULTILINE):
                found = re.search(pattern, mail) if f"To: {to}" in mail else None
                if found:
                    return found
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to} with {pattern!r}:\n{self.output()}")


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Installation]:
    """An installation on the kind of database that this test run uses; `settings` go into its environment."""
    with _database(os.environ.get("DATABASE_URL", "")) as database:
        home = folder / "home"
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "WARDMOTE_", "PYTEST_"))},
            "WARDMOTE_HOME": str(home),
            "DATABASE_URL": database,
            "PYTHONUNBUFFERED": "1",
            "WARDMOTE_UNDO_MINUTES": "0",
            **settings,
        }
        installation = Installation(home, free_port(), environment, folder / "log.txt")
        try:
            installation.start()
            yield installation
        finally:
            installation.stop()


@contextmanager
def _database(url: str) -> Iterator[str]:
    if not url.startswith("postgres"):
        yield ""
        return
    name = f"wardmote_e2e_{os.getpid()}_{time.monotonic_ns()}"
    own = urlsplit(url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield own
    finally:
        with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
