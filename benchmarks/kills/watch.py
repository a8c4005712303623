"""How long nothing answers: pages, and the checkpoint of the record, asked for again and again."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.kills.browser import Browser, CutOff

EVERY = 0.3
"""Seconds between two looks: no outage is known better than that."""
IN_A_ROW = 3
"""So many good answers until a page counts as back."""


@dataclass(slots=True)
class Watch:
    """Asks until it is stopped; `kept` is where every tenth checkpoint is kept, as a witness does."""

    port: int
    domain: str
    kept: Path
    _pages: list[tuple[float, bool]] = field(default_factory=list)
    """When each was asked for, and whether it came."""
    _sizes: list[tuple[float, int]] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to ask."""
        self.kept.mkdir(exist_ok=True)
        self._threads = [threading.Thread(target=each) for each in (self._ask_pages, self._ask_record)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._end.set()
        for thread in self._threads:
            thread.join()

    def pages_away(self, since: float) -> float | None:
        """Seconds from `since` until pages came again without a gap; 0 where none failed; None: not yet."""
        after = [(at, came) for at, came in self._pages if at >= since]
        if len(after) < IN_A_ROW or not all(came for _, came in after[-IN_A_ROW:]):
            return None
        failed = [place for place, (_, came) in enumerate(after) if not came]
        return after[failed[-1] + 1][0] - since if failed else 0.0

    def record_grew(self, since: float, after: float) -> float | None:
        """Seconds from `since` until the record had grown past what it was at `after`; None: not yet."""
        sizes = [(at, size) for at, size in self._sizes if at >= after]
        return next((at - since for at, size in sizes if size > sizes[0][1]), None)

    def _ask_pages(self) -> None:
        browser = Browser(self.port, self.domain)

        def came() -> bool:
            return browser.get("/policy").status == 200

        self._ask(lambda at: self._pages.append((at, _or_not(came))))

    def _ask_record(self) -> None:
        browser = Browser(self.port, self.domain)

        def look(at: float) -> None:
            note = ""
            try:
                answer = browser.get("/record/checkpoint")
                note = answer.text if answer.status == 200 else ""
            except CutOff:
                return
            if note:
                size = int(note.splitlines()[1])
                grown = not self._sizes or size != self._sizes[-1][1]
                self._sizes.append((at, size))
                if grown and len(self._sizes) % 10 == 0:
                    (self.kept / f"checkpoint-{size}").write_text(note, "utf-8")

        self._ask(look)

    def _ask(self, look: Callable[[float], object]) -> None:
        while not self._end.is_set():
            look(time.monotonic())
            self._end.wait(EVERY)


def _or_not(came: Callable[[], bool]) -> bool:
    try:
        return came()
    except CutOff:
        return False
