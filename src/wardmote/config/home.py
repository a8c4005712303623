"""The home folder: where keys, the SQLite database and what is built at run time lie."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wardmote.edges.cli.failure import CannotStart

RESTORING = ".restoring"
"""A folder in a home into which a backup is being restored: while it is there, nothing lives in that home."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PROBE = b"\0" * 262_144
"""Enough for the first pages of a transaction; a disk that has not even this is full."""


def cannot_write(folder: str | Path, error: OSError) -> CannotStart:
    """The one line for a folder that cannot be written."""
    place = Path(folder).absolute()
    if error.errno in NO_ROOM:
        return CannotStart(f"the disk that holds {place} is full; make room there, or set WARDMOTE_HOME elsewhere")
    return CannotStart(f"the home folder {place} cannot be written ({error.strerror}); set WARDMOTE_HOME elsewhere")


def check_home(home: Path) -> None:
    """Write and remove a file there; raises CannotStart where that does not go."""
    probe = home / f"probe-{os.getpid()}"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with probe.open("wb") as file:
                file.write(_PROBE)
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(home, error) from error
    close_to_others(home)


def close_to_others(home: Path) -> None:
    """Take from group and others what earlier versions, or another mask, gave them in the home; what is not ours stays
    for `wardmote doctor` to name."""
    secret = [home, home / "keys", *home.glob("keys/*"), *home.glob("settings.env"), *home.glob("*.sqlite3*")]
    for path in secret:
        with suppress(OSError):
            found = path.stat()
            # A folder that everybody shares, such as /tmp, is nobody's to close.
            if found.st_mode & 0o077 and not found.st_mode & stat.S_ISVTX and found.st_uid == os.geteuid():
                path.chmod(stat.S_IMODE(found.st_mode) & 0o700)


def refuse_half(home: Path) -> None:
    """Raise CannotStart where a restore into the home was broken off: what is there would begin a second log."""
    if (home / RESTORING).exists():
        raise CannotStart(f"a restore into {home} was broken off; run wardmote restore again, which begins anew")


@contextmanager
def held(home: Path, *, by: str) -> Iterator[None]:
    """Keep the home to this process, which runs servers or changes tables; raises CannotStart when another has it.

    `by` is what the other is then told about this one. The kernel lets go when the process dies.
    """
    descriptor = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode("utf-8", "replace").strip() or "another process"
            raise CannotStart(f"the home folder {home} is in use by {holder}") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{by} (process {os.getpid()})".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(home: Path) -> str:
    """Who keeps the home at this moment, as it called itself; empty for nobody. Changes nothing."""
    try:
        descriptor = os.open(home / "run.lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(descriptor, 200).decode("utf-8", "replace").strip() or "another process"
    finally:
        os.close(descriptor)
    return ""
