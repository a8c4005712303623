"""`wardmote backup FILE`: the database of one moment, the keys and everything else in the home, in one file."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection

from wardmote.config import boot, database, snapshot
from wardmote.config.installation import archive
from wardmote.config.installation.archive import Part, megabytes
from wardmote.config.processes import process_tree
from wardmote.config.renamed import DRAFT
from wardmote.config.snapshot import sqlite
from wardmote.edges.cli.failure import CannotStart
from wardmote.kernel import clock
from wardmote.ledger import Checkpoint

_OF_THE_MOMENT = ("run.lock", "probe-", DRAFT)


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that was made: its file, its bytes, and how many entries of the record its checkpoint covers."""

    file: Path
    size: int
    entries: int


def backup(file: Path, *, progress: Callable[[str], None] = lambda _: None) -> Kept:
    """Make a backup while everything goes on; raises CannotStart, and leaves nothing, where that does not go.

    Told to stop, it raises KeyboardInterrupt, so that no half of a backup is left lying with secrets in it.
    """
    process_tree.on_stop_signal(process_tree.give_up)
    boot.setup()
    home = Path(settings.WARDMOTE_HOME)
    file = file.absolute()
    if file.resolve().is_relative_to(home):
        raise CannotStart("a backup inside the home folder is lost with it; choose another place")
    database.require(database.Standing.OLDER, database.Standing.CURRENT)
    with archive.new_file(file) as (packed, folder):
        engine = snapshot.engine()
        # First a copy of the database and then, beside it, the archive: at worst nothing can be compressed.
        rest = sum(part.path.stat().st_size for part in _home_parts(home))
        archive.need_room(file.parent, 2 * engine.size() + rest, "a backup")
        staging = folder / "database"
        staging.mkdir(mode=0o700)
        progress("copying the database")
        facts = engine.take(staging)
        copies = [Part(f"database/{path.name}", path) for path in sorted(staging.iterdir())]
        total = rest + sum(part.path.stat().st_size for part in copies)
        progress(f"packing {megabytes(total)}")
        about = {"engine": connection.vendor, "bytes": total}
        archive.pack(packed, [*copies, *_home_parts(home)], about=about, manifest=_manifest(facts))
    note = facts["checkpoint"]
    return Kept(file, file.stat().st_size, Checkpoint.parse(note.partition("\n\n")[0] + "\n").size if note else 0)


def _manifest(facts: snapshot.Facts) -> dict[str, object]:
    return {
        "made": clock.to_rfc3339(clock.now()),
        "wardmote": version("wardmote"),
        "engine": connection.vendor,
        "origin": settings.WARDMOTE_LOG_ORIGIN,
        "database": facts,
    }


def _home_parts(home: Path) -> Iterator[Part]:
    """Every file of the home but the database's own and those of a running process."""
    own = {sqlite.path().with_name(sqlite.path().name + suffix) for suffix in sqlite.SUFFIXES}
    for folder, _, names in os.walk(home, followlinks=True):
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and path not in own and not name.startswith(_OF_THE_MOMENT):
                yield Part(f"home/{path.relative_to(home).as_posix()}", path)
