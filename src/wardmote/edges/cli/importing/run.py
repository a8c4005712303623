"""What both kinds of import do alike: read, check, bring in by batches, show how far it is, tell what is not in."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from wardmote.edges.cli.failure import FAILED, CannotStart
from wardmote.edges.cli.importing.fields import SOURCE_LENGTH, BadField
from wardmote.edges.cli.importing.rejects import Rejects
from wardmote.edges.cli.importing.rows import Row, read_rows
from wardmote.edges.cli.server import load, setup

if TYPE_CHECKING:
    from wardmote.communities.queries import CommunityView
    from wardmote.journeys.platforms.import_posts import Fate, Outcome

BATCH = 200
"""Rows in one transaction: a fraction of a second, for which SQLite's other writers wait."""
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Kind(Generic[_Item]):
    """One kind of row: what it is called, its columns, how a row is read, and the journey that brings items in."""

    noun: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[Mapping[str, object]], _Item]
    bring_in: Callable[[Sequence[_Item]], "list[Outcome]"]


@dataclass(slots=True)
class Tally:
    """What has become of the rows so far."""

    fates: "Counter[Fate]" = field(default_factory=Counter)
    alone: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def rows(self) -> int:
        return self.fates.total()

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / max(time.monotonic() - self.began, 1e-9)


def find_community(options: argparse.Namespace) -> "CommunityView":
    """The community that the command names; the server is ready afterwards."""
    if len(options.source) > SOURCE_LENGTH or not options.source.isprintable():
        raise CannotStart(f"a source is a name of at most {SOURCE_LENGTH} characters")
    setup()
    load("wardmote.config.database", "require")("current")
    from wardmote.communities.queries import community_by_slug

    community = community_by_slug(options.community)
    if community is None:
        raise CannotStart(f"there is no community called {options.community!r}")
    return community


def run(path: Path, kind: Kind[_Item], *, title: str, trusting: bool = False) -> tuple[Tally, int]:
    """Bring a file in; gives what became of its rows, and the exit status. Whatever ends it early, what was brought in
    stays, and the same command goes on from there. `trusting`: see `read_rows`."""
    from django.db import DatabaseError

    rows = read_rows(path, needed=kind.needed, optional=kind.optional, trusting=trusting)
    tally = Tally()
    with Rejects(path) as rejects:
        try:
            with _progress(f"{title} ", rows.total, kind.noun, tally) as advance:
                for batch in _batches(rows.rows):
                    _bring_in(batch, kind, tally, rejects)
                    advance(batch[-1].done)
        except KeyboardInterrupt:
            print(
                f"wardmote: interrupted after {tally.rows:,} rows; the same command goes on from here", file=sys.stderr
            )
            raise
        except DatabaseError as error:
            sentence = load("wardmote.config.database", "explain")(error)
            raise CannotStart(
                f"{sentence} ({tally.rows:,} rows were done; the same command goes on from here)"
            ) from error
        rejects.tell()
    return tally, FAILED if rejects.count else 0


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


def _bring_in(batch: Sequence[Row], kind: Kind[_Item], tally: Tally, rejects: Rejects) -> None:
    from wardmote.journeys.platforms.import_posts import Fate, Outcome

    items: list[tuple[Row, _Item]] = []
    outcomes: list[tuple[Row, Outcome]] = []
    for row in batch:
        if row.fields is None:
            outcomes.append((row, Outcome(Fate.REJECTED, row.fault)))
            continue
        try:
            items.append((row, kind.read(row.fields)))
        except BadField as error:
            outcomes.append((row, Outcome(Fate.REJECTED, str(error))))
    done = kind.bring_in([item for _, item in items])
    outcomes += [(row, outcome) for (row, _), outcome in zip(items, done, strict=True)]
    for row, outcome in sorted(outcomes, key=lambda each: each[0].number):
        tally.fates[outcome.fate] += 1
        tally.alone += outcome.alone
        if outcome.fate is Fate.REJECTED:
            rejects.add(row.number, outcome.reason, row.last)


@contextmanager
def _progress(title: str, total: int, noun: str, tally: Tally) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total, said="")
        yield lambda done: bar.update(task, completed=done, said=f"{tally.rows:,} {noun}, {tally.rate:,.0f}/s")
