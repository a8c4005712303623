"""The rows that could not be screened: the first are told as they come, all of them are in a file beside the answer."""

import json
from collections.abc import Iterable
from pathlib import Path

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.screen.progress import Progress

SHOWN = 20
"""So many bad rows are named on stderr; the rest is counted."""


class Faults:
    """`NAME.rejects.jsonl` beside an answer in a file, if there is anything to write; for a pipe there is no file."""

    def __init__(self, target: Path | None, progress: Progress, noun: str) -> None:
        self.path = None if target is None else target.with_name(target.name + ".rejects.jsonl")
        self.count, self._progress, self._noun = 0, progress, noun
        self._lines: list[str] = []

    def add(self, faults: Iterable[tuple[int, str]]) -> None:
        """Rows by number, and what is wrong with each."""
        for number, fault in faults:
            self.count += 1
            if self.count <= SHOWN:
                self._progress.say(f"{self._noun} {number}: {fault}")
            if self.path is not None:
                self._lines.append(json.dumps({self._noun: number, "reason": fault}) + "\n")

    def finish(self) -> None:
        """Write the file, or remove that of a run before."""
        if self.path is None:
            return
        try:
            if self._lines:
                self.path.write_text("".join(self._lines), "utf-8")
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise CannotStart(f"{self.path} cannot be written: {error.strerror}") from error
