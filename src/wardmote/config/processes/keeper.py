"""Keeps the children of one tree going: who ends, or hangs, is started again alone, and said so; not without end."""

import os
import signal
import time
from collections import deque
from collections.abc import Callable

from wardmote.config.processes import process_tree
from wardmote.config.processes.pulse import Pulse
from wardmote.edges.cli.failure import CannotStart

ENDS, WITHIN_SECONDS = 5, 600.0
"""So many ends of one child within so long are no accident: all is stopped."""
START_SECONDS = 180.0
"""For a child's first sign of life, and for all to come up. What dies is seen at once, so this is for what hangs: a
busy machine needs minutes, and whoever stops it then and starts it again never has it up."""


class Keeper:
    """Watches children by their ends and by their pulse."""

    def __init__(self, say: Callable[[str], None], pulse: Pulse, *, hung: float, pause: float = 1.0) -> None:
        self._say, self._pulse, self._hung, self._pause = say, pulse, hung, pause
        self._starts: dict[str, Callable[[], process_tree.Child]] = {}
        self._children: dict[str, process_tree.Child] = {}
        self._since: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._ends: dict[str, deque[float]] = {}

    def start(self, name: str, module: str, *arguments: str) -> process_tree.Child:
        """Start a child, and keep it going from now on."""
        self._starts[name] = lambda: process_tree.start(name, module, *arguments)
        self._ends[name] = deque()
        return self._start(name)

    def children(self) -> list[process_tree.Child]:
        """Those that were started last, alive or not."""
        return list(self._children.values())

    def look(self) -> None:
        """Look once; raises CannotStart where one ends again and again."""
        self._pulse.listen()
        for name, child in self._children.items():
            if name in self._due:
                continue
            how = self._trouble(child)
            if how:
                self._note(name, how)
        for name in [name for name, due in self._due.items() if due <= time.monotonic()]:
            del self._due[name]
            os.close(self._children[name].ready)
            self._start(name)
            self._say(f"{name} was started again")

    def _start(self, name: str) -> process_tree.Child:
        self._pulse.forget(name)
        self._since[name] = time.monotonic()
        self._children[name] = self._starts[name]()
        return self._children[name]

    def _trouble(self, child: process_tree.Child) -> str:
        status = child.process.poll()
        if status is not None:
            return f"was killed by signal {-status}" if status < 0 else f"ended by itself with status {status}"
        silence = self._pulse.silence(child.name)
        if silence is None:
            first = time.monotonic() - self._since[child.name]
            hangs = first > max(self._hung, START_SECONDS)
            silence = first
        else:
            hangs = silence > self._hung
        if not hangs:
            return ""
        # With all that it started: it has a session, and so a group, of its own.
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        return f"gave no sign of life for {silence:.0f} s and was killed"

    def _note(self, name: str, how: str) -> None:
        moment = time.monotonic()
        ends = self._ends[name]
        ends.append(moment)
        while ends[0] < moment - WITHIN_SECONDS:
            ends.popleft()
        if len(ends) >= ENDS:
            minutes = WITHIN_SECONDS / 60
            raise CannotStart(f"{name} {how}, for the {len(ends)}th time within {minutes:.0f} minutes; all was stopped")
        wait = self._pause * 2 ** (len(ends) - 1)
        self._due[name] = moment + wait
        self._say(
            f"{name} {how}; it alone is started again in {wait:g} s "
            f"(end {len(ends)} of {ENDS} within {WITHIN_SECONDS / 60:.0f} minutes)"
        )
