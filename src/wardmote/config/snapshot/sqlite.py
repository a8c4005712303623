"""SQLite: one file, written by VACUUM INTO in one read transaction, which no writer waits for.

Pages that were freed are not copied, so nothing that was erased is in a backup made afterwards.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from wardmote.edges.cli.failure import CannotStart

NAME = "wardmote.sqlite3"
SUFFIXES = ("", "-wal", "-shm", "-journal", "-turn", "-line")
"""Behind the database's name: the files that SQLite and the line of writers keep beside it."""
_PATIENCE = 20.0


def path() -> Path:
    """The file that the settings name."""
    return Path(str(connection.settings_dict["NAME"])).absolute()


def size() -> int:
    """Bytes of the file and of what has not been moved into it yet."""
    files = (path().with_name(path().name + suffix) for suffix in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def take(folder: Path) -> dict[str, Any]:
    """Write `folder/wardmote.sqlite3`."""
    target = folder / NAME
    # Not Django's connection: its statements that write wait in line, and this one only reads.
    with _told(), closing(sqlite3.connect(f"{path().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)) as live:
        live.execute("VACUUM INTO ?", [str(target)])
    target.chmod(0o600)
    with _told(), closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as copy:
        note = copy.execute("SELECT note FROM record_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
        applied = copy.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return {
        "migrations": [row[0] for row in applied],
        "checkpoint": note[0] if note else "",
        "tables": [],
        "sequences": [],
    }


def put_back(folder: Path, facts: dict[str, Any]) -> None:  # noqa: ARG001 - the file holds them all
    """Make the snapshot the database; raises CannotStart where there is one, or the snapshot is not sound."""
    source, target = folder / NAME, path()
    if target.exists():
        raise CannotStart(f"{target} is there already; nothing was restored")
    with _told(), closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as copy:
        fault = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        orphan = copy.execute("PRAGMA foreign_key_check").fetchone()
    if fault != "ok" or orphan is not None:
        raise CannotStart(f"the backup's database is not sound: {fault if fault != 'ok' else f'a row of {orphan[0]}'}")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.move(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if "full" in str(error):
            raise CannotStart("the disk is full; no backup was kept") from error
        raise CannotStart(f"the database cannot be copied: {error}") from error
