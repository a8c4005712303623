"""`wardmote lists import|show|remove`: lists of known content that a community matches its texts against."""

import argparse
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wardmote.edges.cli.failure import FAILED, CannotStart
from wardmote.edges.cli.importing import ROWS_IN_CELLS
from wardmote.edges.cli.importing.rejects import Rejects
from wardmote.edges.cli.importing.rows import Row, read_rows
from wardmote.edges.cli.server import load, setup

if TYPE_CHECKING:
    from wardmote.detect.lists.known import Entry

_PURPOSES = ("flag", "hold", "illegal")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `lists` to the command."""
    parser = subparsers.add_parser("lists", help="lists of known content: bring in, show, remove")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    bring = verbs.add_parser(
        "import", help="columns: type, value, and id, label, added_on where there are; a list of the same name goes"
    )
    bring.add_argument("file", type=Path, metavar="FILE.csv|.jsonl|.parquet")
    bring.add_argument(
        "--purpose",
        required=True,
        choices=_PURPOSES,
        help="what a match does: raise a score, hold the text, or lock it away for the owner alone",
    )
    bring.add_argument("--name", default="", metavar="LIST", help="what the list is called (default: the file's name)")
    bring.add_argument("--category", default="", help="what it is about, as in the policy; to flag and to hold")
    bring.add_argument("--score", type=float, metavar="S", help="what a match raises the category to; to flag")
    bring.add_argument("--rows-in-cells", action="store_true", help=ROWS_IN_CELLS)
    bring.set_defaults(handler=bring_in)
    show = verbs.add_parser("show", help="every list in force, without what is on it")
    show.set_defaults(handler=print_lists)
    remove = verbs.add_parser("remove", help="take a list out of force and delete what is on it")
    remove.add_argument("name", metavar="LIST", help="what the list is called")
    remove.set_defaults(handler=take_away)
    for verb in (bring, show, remove):
        verb.add_argument("--community", required=True, metavar="NAME", help="the community's short name")


def bring_in(options: argparse.Namespace) -> int:
    """Bring a list in; gives the exit status: 1 where rows were left out."""
    community_id = _community(options)
    from wardmote.detect.lists.known import COLUMNS
    from wardmote.journeys.owners import known_lists as journey
    from wardmote.kernel.clock import now
    from wardmote.moderation.policy import Purpose

    path: Path = options.file
    known = {
        "name": options.name or path.stem,
        "purpose": Purpose(options.purpose),
        "category": options.category,
        "score": options.score,
    }
    journey.check_list(community_id=community_id, **known)
    columns = tuple(name for names in COLUMNS.values() for name in names)
    rows = read_rows(path, needed=(), optional=columns, trusting=options.rows_in_cells)
    with path.open("rb") as file:
        file_hash = hashlib.file_digest(file, "sha256").hexdigest()
    with Rejects(path) as rejects:
        reading = _Reading(rejects)
        list_id = journey.begin_import(community_id=community_id, **known, now=now())
        given = journey.add_entries(community_id=community_id, list_id=list_id, entries=reading.entries(rows.rows))
        rejects.tell()
    if reading.unread:
        unread = _many(reading.unread, "row", "rows")
        # Nobody can say how many entries are in what cannot be read, and a shorter list would let them through.
        raise CannotStart(f"{path} may be incomplete: {unread} cannot be read; what was in force stays so")
    if not given:
        raise CannotStart(f"nothing in {path} can be matched by; what was in force stays so")
    size = journey.finish_import(community_id=community_id, list_id=list_id, file_hash=file_hash, now=now())
    twice = f", {given - size:,} stood there more than once" if given > size else ""
    entries, left_out = _many(size, "entry", "entries"), _many(rejects.count, "row", "rows")
    print(f"The list {known['name']!r} is in force with {entries}{twice}; {left_out} rejected.")
    return FAILED if rejects.count else 0


class _Reading:
    """Takes entries from rows; `unread` counts the rows that could not be read at all."""

    def __init__(self, rejects: Rejects) -> None:
        self._rejects, self.unread = rejects, 0

    def entries(self, rows: Iterable[Row]) -> "Iterator[Entry]":
        """The entries that can be matched by; the other rows are rejects."""
        from wardmote.detect.lists.known import BadEntry, read_entry

        for row in rows:
            if row.fields is None:
                self.unread += 1
                self._rejects.add(row.number, row.fault, row.last)
                continue
            try:
                yield read_entry(row.fields)
            except BadEntry as error:
                self._rejects.add(row.number, str(error), row.last)


def print_lists(options: argparse.Namespace) -> int:
    """Print one line for each list."""
    community_id = _community(options)
    from wardmote.moderation.queries import lists

    for each in lists(community_id=community_id):
        about = " ".join(word for word in (each.category, "" if each.score is None else f"{each.score:g}") if word)
        last = f", last {each.matched_at:%Y-%m-%d %H:%M}" if each.matched_at else ""
        size, matched = _many(each.size, "entry", "entries"), _many(each.matches, "time", "times")
        purpose = f"{each.purpose.value} {about}".rstrip()
        print(f"{each.name}  {purpose}  {size} since {each.ready_at:%Y-%m-%d}  matched {matched}{last}")
    return 0


def take_away(options: argparse.Namespace) -> int:
    """Remove a list."""
    community_id = _community(options)
    from wardmote.journeys.owners.known_lists import remove_list
    from wardmote.kernel.clock import now

    remove_list(community_id=community_id, name=options.name, now=now())
    print(f"The list {options.name!r} matches nothing any more.")
    return 0


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _community(options: argparse.Namespace) -> int:
    """The community that the command names; the server is ready afterwards."""
    setup()
    load("wardmote.config.database", "require")("current")
    from wardmote.communities.queries import community_by_slug

    community = community_by_slug(options.community)
    if community is None:
        raise CannotStart(f"there is no community called {options.community!r}")
    return community.id
