"""`wardmote restore FILE`: a backup into an empty home and an empty database, and the proof that it is whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardmote.config import boot, home
from wardmote.config.environment import SETTINGS_FILE
from wardmote.config.installation import archive
from wardmote.config.processes import process_tree
from wardmote.edges.cli.failure import CannotStart

if TYPE_CHECKING:
    from wardmote.ledger import Report

_LOCK = "run.lock"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: where, from when (RFC 3339), the check of its record, migrations taken since."""

    home: Path
    made: str
    report: "Report"
    steps: tuple[str, ...]


def restore(file: Path, *, progress: Callable[[str], None] = lambda _: None) -> Restored:
    """Restore, bring the tables up to date, and check the record against the backup's own checkpoint.

    Raises CannotStart, and leaves the home as empty as it was, where the archive cannot be restored. A record that does
    not verify stays in place, to be looked at: the report says so.
    """
    process_tree.on_stop_signal(process_tree.give_up)
    folder = Path(os.environ.get("WARDMOTE_HOME") or "var").absolute()
    about = archive.read_about(file)
    home.check_home(folder)
    with home.held(folder, by="wardmote restore"):
        if (folder / home.RESTORING).exists():
            progress("clearing away what a restore that was broken off left")
            _clear(folder)
        if [path.name for path in folder.iterdir() if path.name != _LOCK]:
            raise CannotStart(f"{folder} is not empty; set WARDMOTE_HOME to an empty folder")
        archive.need_room(folder, int(about["bytes"]), "restoring this backup")
        with _all_or_nothing(folder):
            manifest = _bring_back(file, folder, progress)
        progress("bringing the tables up to date")
        from wardmote.config import database

        steps = tuple(database.migrate())
        progress("checking the record")
        return Restored(folder, manifest["made"], _audit(manifest), steps)


def _bring_back(file: Path, folder: Path, progress: Callable[[str], None]) -> dict[str, Any]:
    staging = folder / home.RESTORING
    progress("unpacking")
    manifest = archive.unpack(file, staging)
    for path in sorted((staging / "home").iterdir()) if (staging / "home").is_dir() else []:
        path.rename(folder / path.name)
    _keep_database_url(folder / SETTINGS_FILE)
    boot.setup(restoring=True)
    from django.conf import settings
    from django.db import connection, connections

    from wardmote.config import snapshot

    if connection.vendor != manifest["engine"]:
        raise CannotStart(f"this backup is of {manifest['engine']}, and DATABASE_URL names {connection.vendor}")
    if manifest["origin"] != settings.WARDMOTE_LOG_ORIGIN:
        raise CannotStart(f"the backup's log is {manifest['origin']}; set WARDMOTE_LOG_ORIGIN to that")
    progress("filling the database")
    snapshot.engine().put_back(staging / "database", manifest["database"])
    connections.close_all()
    shutil.rmtree(staging)
    return manifest


def _keep_database_url(path: Path) -> None:
    """Where the environment names another database than the one that was backed up, the restored file names it too."""
    url = os.environ.get("DATABASE_URL")
    if not url or not path.exists():
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [f"DATABASE_URL={url}" if line.startswith("DATABASE_URL=") else line for line in lines]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _audit(manifest: dict[str, Any]) -> "Report":
    from django.db import connections

    from wardmote.record.engine import signer
    from wardmote.record.queries import audit

    note = manifest["database"]["checkpoint"]
    try:
        # An installation that was kept before its first checkpoint may have no key yet.
        signer()
        return audit(kept={"the backup's checkpoint": note} if note else {})
    finally:
        connections.close_all()


def _clear(folder: Path) -> None:
    """Empty the home; what says that it is being restored goes last, so that a kill in the middle is still seen."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == home.RESTORING):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    except BaseException as error:
        _clear(folder)
        if isinstance(error, OSError):
            raise home.cannot_write(folder, error) from error
        raise
    finally:
        os.umask(before)
