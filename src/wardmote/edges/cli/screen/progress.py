"""How far the screening is, on stderr, where somebody watches."""

import time
from types import TracebackType
from typing import Self


class Progress:
    """A bar with texts, rate and time left; of a pipe nobody knows the length, so there the time left is missing."""

    def __init__(self, total: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._console = Console(stderr=True)
        columns = (TextColumn("Screening"), BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
        self._bar = Bar(*columns, console=self._console, disable=not self._console.is_terminal, transient=True)
        self._task = self._bar.add_task("", total=total)
        self._began = time.monotonic()

    def say(self, line: str) -> None:
        """A line above the bar."""
        shown = line.encode("utf-8", "backslashreplace").decode()
        self._console.print(shown, markup=False, highlight=False, soft_wrap=True)

    def advance(self, size: int, texts: int) -> None:
        """So much more is done; `texts` is the number so far."""
        rate = texts / max(time.monotonic() - self._began, 1e-9)
        self._bar.update(self._task, advance=size, description=f"{texts:,} texts, {rate:,.0f}/s")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
