"""An installation of a test's own: a fresh home, a fresh database of the kind under test, and the command."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

UNDER_TEST = os.environ.get("DATABASE_URL", "")
PATIENCE = 600
"""Seconds until a command is taken to hang; on a busy machine the migrations alone may need three minutes."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """Where it lives, and how to do things to it."""

    home: Path
    database_url: str
    port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "WARDMOTE_HOME": str(self.home),
            "DATABASE_URL": self.database_url,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "DJANGO_SETTINGS_MODULE": "wardmote.config.settings",
        }

    def command(self, *arguments: str, patience: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        """Run `wardmote …` to its end, which must come within `patience` seconds."""
        return subprocess.run(
            [sys.executable, "-m", "wardmote", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )

    def python(self, script: str) -> str:
        """What a script prints that runs as a process of this installation."""
        command = [sys.executable, "-c", script]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        return done.stdout.strip()

    def django(self, *arguments: str) -> None:
        """Run one of Django's own commands."""
        command = [sys.executable, "-m", "django", *arguments]
        subprocess.run(command, env=self.environment, capture_output=True, timeout=PATIENCE, check=True)

    def sql(self, *statements: str) -> list[Any]:
        """Run statements from outside Wardmote; gives the rows of the last."""
        if self.database_url:
            with psycopg.connect(self.database_url, autocommit=True) as server, server.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        self.home.mkdir(exist_ok=True)
        with closing(sqlite3.connect(self.home / "wardmote.sqlite3", isolation_level=None)) as file:
            return [list(file.execute(statement)) for statement in statements][-1]

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        """`wardmote run` from when it has said that it is up; what is left of it at the end is killed."""
        command = [sys.executable, "-m", "wardmote", "run", "--port", str(self.port)]
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        family: set[int] = {process.pid}
        try:
            assert process.stdout is not None
            said = ""
            while "Ctrl-C stops everything" not in said:
                line = process.stdout.readline()
                said += line
                assert line, f"it ended: {said}"
            family |= descendants(process.pid)
            yield process
        finally:
            for pid in family:
                if is_alive(pid):
                    os.kill(pid, signal.SIGKILL)
            process.communicate()

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                return connection.recv(15).startswith(b"HTTP/1.1 200")
        except OSError:
            return False


def processes() -> dict[int, tuple[int, str, str]]:
    """Every process of the machine that is not a zombie: id -> (parent's id, state, command line)."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = (line.split(None, 3) for line in listing.stdout.splitlines())
    return {int(row[0]): (int(row[1]), row[2], row[3]) for row in rows if len(row) == 4 and not row[2].startswith("Z")}


def descendants(pid: int) -> set[int]:
    """The ids of all processes below one."""
    table = processes()
    found = {pid}
    while more := {child for child, (parent, _, _) in table.items() if parent in found} - found:
        found |= more
    return found - {pid}


def is_alive(pid: int) -> bool:
    return pid in processes()


def gone(pids: set[int], *, within: float) -> bool:
    """Whether none of these processes is left after so many seconds at most."""
    deadline = time.monotonic() + within
    while pids & set(processes()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def fresh_database() -> Iterator[str]:
    """A DATABASE_URL of an empty database, of the kind the suite runs on; SQLite's is in the home folder."""
    url = create_database()
    try:
        yield url
    finally:
        if url:
            drop_database(url)


def create_database() -> str:
    """The DATABASE_URL of a new one; empty where that is SQLite's."""
    if not UNDER_TEST.startswith("postgres"):
        return ""
    name = f"test_wardmote_{uuid4().hex[:12]}"
    with psycopg.connect(UNDER_TEST, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
    return urlunsplit(urlsplit(UNDER_TEST)._replace(path=f"/{name}"))


def drop_database(url: str) -> None:
    """Drop one that `create_database` made, whoever is still connected."""
    with psycopg.connect(UNDER_TEST, dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {urlsplit(url).path.lstrip('/')} WITH (FORCE)".encode())


def copy_installation(source: Installation, target: Installation) -> None:
    """Make the target, which has nothing yet, what the source is; nothing may run on the source."""
    shutil.copytree(source.home, target.home)
    if source.database_url:
        names = [urlsplit(url).path.lstrip("/") for url in (target.database_url, source.database_url)]
        with psycopg.connect(UNDER_TEST, dbname="postgres", autocommit=True) as server:
            server.execute(f"DROP DATABASE {names[0]} WITH (FORCE)".encode())
            server.execute("CREATE DATABASE {} TEMPLATE {}".format(*names).encode())
        settings = target.home / "settings.env"
        if not settings.exists():
            return
        told = settings.read_text(encoding="utf-8").replace(source.database_url, target.database_url)
        settings.write_text(told, encoding="utf-8")


def one_line(text: str) -> str:
    """The one line that `text` is; fails when it is more or less than one."""
    (line,) = re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines()
    return line
