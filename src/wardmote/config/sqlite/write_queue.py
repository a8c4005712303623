"""The line in which SQLite's writers wait: first come, first served within a process, by turns between processes.

SQLite lets one transaction write at a time, and those that wait ask again after a sleep: under load some wait for
seconds while others pass. Here a writer waits its turn before it asks SQLite at all. Between processes there are two
lock files: who holds `-turn` is the only one waiting for `-line`, so a process that has just written cannot take the
line again before the one that waits. The kernel lets go of both when a process dies, however it dies.
"""

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

_FIRST_PAUSE = 0.0002
_LONGEST_PAUSE = 0.002
PROCESS_SECONDS = 0.02
"""How long one process may let its own threads write one after another while other processes wait."""


class LineTooLong(TimeoutError):
    """The turn did not come within the time allowed."""


class _Queue:
    """A lock handed over in order of arrival."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._taken = False
        self._gates: deque[threading.Lock] = deque()

    def enter(self) -> "threading.Lock | None":
        """Take the lock, or a place in the queue: a gate that opens when the lock has come to it."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return None
            gate = threading.Lock()
            gate.acquire()
            self._gates.append(gate)
            return gate

    def leave(self, gate: threading.Lock) -> bool:
        """Give up a place; False when its turn had come already, and the lock is now this one's to release."""
        with self._mutex:
            if gate in self._gates:
                self._gates.remove(gate)
                return True
            return False

    def has_waiting(self) -> bool:
        return bool(self._gates)

    def release(self) -> None:
        with self._mutex:
            if self._gates:
                self._gates.popleft().release()
            else:
                self._taken = False


class _LockFile:
    """An exclusive lock on a file of its own, empty and never removed, so that all agree on which file it is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, deadline: float) -> bool:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        pause = _FIRST_PAUSE
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return True

    def release(self) -> None:
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def forget(self) -> None:
        """Let go of a descriptor that a fork has copied; the parent's lock stays the parent's."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class Turn:
    """The right to write, from when the line was left until `end`; ending twice is harmless."""

    def __init__(self, line: "Line") -> None:
        self._line: Line | None = line
        self._pid = os.getpid()

    def end(self) -> None:
        line, self._line = self._line, None
        # A forked child holds a copy of its parent's turn, which is not its own to end.
        if line is not None and self._pid == os.getpid():
            line.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


class Line:
    """The line before one database file."""

    def __init__(self, database: Path) -> None:
        self._queue = _Queue()
        self._turn_file = _LockFile(database.with_name(database.name + "-turn"))
        self._line_file = _LockFile(database.with_name(database.name + "-line"))
        self._ours_since: float | None = None

    def stand(self, timeout: float) -> Turn:
        """Wait at most `timeout` seconds for the right to write; raises LineTooLong, or OSError from the lock files."""
        deadline = time.monotonic() + timeout
        gate = self._queue.enter()
        if gate is not None:
            try:
                came = gate.acquire(timeout=max(timeout, 0))
            except BaseException:
                # Ctrl-C while waiting: nobody is left to use the turn.
                if not self._queue.leave(gate):
                    self.leave()
                raise
            # The turn may still come between the end of the wait and here.
            if not came and self._queue.leave(gate):
                raise LineTooLong
        if self._ours_since is None:
            try:
                self._take_files(deadline)
            except BaseException:
                self._queue.release()
                raise
            self._ours_since = time.monotonic()
        return Turn(self)

    def _take_files(self, deadline: float) -> None:
        if not self._turn_file.acquire(deadline):
            raise LineTooLong
        try:
            if not self._line_file.acquire(deadline):
                raise LineTooLong
        finally:
            self._turn_file.release()

    def leave(self) -> None:
        """Let the next one in: of this process for a short while, since that costs nothing, then of any."""
        if self._ours_since is not None and not (
            self._queue.has_waiting() and time.monotonic() - self._ours_since < PROCESS_SECONDS
        ):
            self._ours_since = None
            self._line_file.release()
        self._queue.release()

    def start_again(self) -> None:
        """Make a forked child's copy a line of its own: no thread that held or awaited it lives on in the child."""
        self._queue = _Queue()
        self._ours_since = None
        self._turn_file.forget()
        self._line_file.forget()


_lines: dict[Path, Line] = {}
_lines_mutex = threading.Lock()


def line_before(database: Path) -> Line:
    """The line of this process before that database file, always the same one."""
    with _lines_mutex:
        return _lines.setdefault(database, Line(database))


def _after_fork() -> None:
    global _lines_mutex  # noqa: PLW0603 - the parent's may have been held by a thread that the child does not have
    _lines_mutex = threading.Lock()
    for line in _lines.values():
        line.start_again()


os.register_at_fork(after_in_child=_after_fork)
