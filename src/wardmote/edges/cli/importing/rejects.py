"""`FILE.rejects.jsonl`: the rows that were not brought in, with their line numbers and the reasons."""

import json
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from wardmote.edges.cli.failure import CannotStart

SHOWN = 10
"""So many are told on stderr as they come; the file has all."""


class Rejects:
    """Written anew by every run, since every run tries them again; there is no file where there are none."""

    def __init__(self, source: Path) -> None:
        self.path = source.with_name(source.name + ".rejects.jsonl")
        self.count = 0

    def __enter__(self) -> Self:
        try:
            self._file = self.path.open("w", encoding="utf-8")
        except OSError as error:
            raise CannotStart(f"{self.path} cannot be written: {error.strerror}") from error
        return self

    def add(self, line: int, reason: str, last: int = 0) -> None:
        """One row that stays outside; `last` is its last line, where it has several."""
        self.count += 1
        more = {"last_line": last} if last > line else {}
        self._file.write(json.dumps({"line": line, **more, "reason": reason}) + "\n")
        if self.count <= SHOWN:
            where = f"lines {line} to {last}" if more else f"line {line}"
            print(f"{where}: {reason.encode('utf-8', 'backslashreplace').decode()}", file=sys.stderr)

    def tell(self) -> None:
        """Say at the end where they are."""
        if self.count:
            rows = "1 row was" if self.count == 1 else f"{self.count:,} rows were"
            print(f"wardmote: {rows} not brought in; {self.path} has the reasons", file=sys.stderr)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if not self.count:
            self.path.unlink(missing_ok=True)
