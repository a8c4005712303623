"""The tree of processes of `wardmote run`: who is who, who is alive, and the killing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, get_args

Kind = Literal["web", "app", "worker", "parent"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ABOUT = {
    "web": "the web server (granian)",
    "app": "the application below it: pages and API",
    "worker": "the worker: jobs and sequencer",
    "parent": "`wardmote run` itself, started again by hand",
}
UP = "Ctrl-C stops everything"


class Running:
    """`wardmote run` of one home, which is started again when it ends."""

    def __init__(self, environment: Mapping[str, str], port: int, log: Path) -> None:
        self.port, self.log = port, log
        self._environment = dict(environment)
        self._out: IO[bytes] = log.open("ab")
        self._process: subprocess.Popen[bytes] | None = None
        self.seen: set[tuple[int, str]] = set()
        """Every process that was ever part of the tree: its id, which comes round again, and when it began."""

    def start(self, *, tries: int = 5) -> None:
        """Start it and wait until it is up, again where it gives up, as whoever looks after it does; raises
        RuntimeError where it never is."""
        for _ in range(tries):
            if self._start():
                return
        raise RuntimeError(f"the installation did not start; see {self.log}")

    def _start(self) -> bool:
        before = self.log.stat().st_size
        command = [sys.executable, "-m", "wardmote", "run", "--port", str(self.port)]
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=self._environment, stdout=self._out, stderr=subprocess.STDOUT, start_new_session=True
        )
        while UP not in self.log.read_bytes()[before:].decode("utf-8", "replace"):
            if self._process.poll() is not None:
                return False
            time.sleep(0.05)
        self.family()
        return True

    @property
    def status(self) -> int | None:
        """The exit status of the parent; None while it runs."""
        return None if self._process is None else self._process.poll()

    def family(self) -> dict[Kind, list[int]]:
        """Who is there now, by kind."""
        assert self._process is not None  # noqa: S101 - started before
        parent = self._process.pid
        table = processes()
        below = {pid: each.words for pid, each in table.items() if each.parent == parent}
        web = [pid for pid, words in below.items() if "wardmote.config.processes.web" in words]
        worker = [pid for pid, words in below.items() if "wardmote.config.processes.worker" in words]
        apps = [pid for pid, each in table.items() if each.parent in web]
        app = [pid for pid in apps if "resource_tracker" not in table[pid].words]
        self.seen |= {(pid, table[pid].began) for pid in (parent, *below, *apps) if pid in table}
        return {"web": web, "app": app, "worker": worker, "parent": [parent] if parent in table else []}

    def kill(self, pid: int) -> None:
        """End one process as a full memory or a pulled plug ends it."""
        os.kill(pid, signal.SIGKILL)
        if self._process is not None and pid == self._process.pid:
            self._process.wait()

    def left(self, *, within: float) -> set[int]:
        """Which of all that were ever part of the tree are still there after so many seconds at most."""
        deadline = time.monotonic() + within
        while True:
            left = self.seen & {(pid, each.began) for pid, each in processes().items()}
            if not left or time.monotonic() > deadline:
                return {pid for pid, _ in left}
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does; gives the exit status."""
        assert self._process is not None  # noqa: S101 - started before
        self.family()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(60)
        except subprocess.TimeoutExpired:
            return -1

    def close(self) -> None:
        """Leave nothing of it behind, however it went."""
        if self._process is not None and self._process.poll() is None:
            self.family()
            self._process.kill()
            self._process.wait()
        for pid in self.left(within=5):
            os.kill(pid, signal.SIGKILL)
        self._out.close()


@dataclass(frozen=True, slots=True)
class Process:
    """Whose child it is, when it began, and its command line."""

    parent: int
    began: str
    words: str


def processes() -> dict[int, Process]:
    """Every process of the machine that is not a zombie, by its id."""
    listing = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,lstart=,args="],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.split(None, 8) for line in listing.stdout.splitlines())
    return {
        int(row[0]): Process(int(row[1]), " ".join(row[3:8]), row[8])
        for row in rows
        if len(row) == 9 and not row[2].startswith("Z")
    }
