"""The machine: who may read the home, and what room there is."""

import ctypes
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from wardmote.config import home
from wardmote.config.environment import SETTINGS_FILE
from wardmote.config.installation.doctor.finding import Finding, fault, ok, warning
from wardmote.edges.cli.failure import CannotStart

LITTLE, TOO_LITTLE = 2_000_000_000, 200_000_000
"""Bytes free, below which a disk is nearly, or as good as, full."""
_TIME_ERROR = 5
"""What adjtimex(2) gives where nothing keeps the kernel's clock right."""


def permissions() -> Iterator[Finding]:
    """Keys, settings and the database are for their owner alone."""
    folder = Path(settings.WARDMOTE_HOME)
    keys = folder / "keys"
    secret = [keys, *(keys.iterdir() if keys.is_dir() else []), folder / SETTINGS_FILE]
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    if database.is_absolute():
        secret.append(database)
    open_ones = [path for path in secret if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    # In a folder that nobody else may enter, nobody else reaches a file.
    closed = not stat.S_IMODE(folder.stat().st_mode) & 0o077
    for path in open_ones:
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.parent == keys or not (closed and path.is_relative_to(folder)):
            yield fault("permissions", f"others can read {path} (mode {mode:04o})", f"chmod go= {path}")
    if not closed:
        yield warning("permissions", f"others can look into {folder}", f"chmod go= {folder}")
    elif not open_ones:
        yield ok("permissions", f"{folder} and what is secret in it are for their owner alone")


def disk() -> Iterator[Finding]:
    """The home can be written, and goes on to be."""
    folder = Path(settings.WARDMOTE_HOME)
    try:
        home.check_home(folder)
    except CannotStart as error:
        yield fault("disk", str(error), "make room there, or give the folder to the user that runs Wardmote")
        return
    free = shutil.disk_usage(folder).free
    words = f"{free / 1e9:,.1f} GB are free at {folder}"
    if free < TOO_LITTLE:
        yield fault("disk", words, "make room: a full disk stops every post")
    elif free < LITTLE:
        yield warning("disk", words, "make room before it is full")
    else:
        yield ok("disk", words)


def kernel_clock_is_kept() -> bool | None:
    """Whether the kernel says that something, such as NTP, keeps its clock right; None where it cannot be asked."""
    if os.uname().sysname != "Linux":
        return None
    # With no bits set in `modes`, its first field, the call only reads; the structure has about 200 bytes.
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(512))
    return None if state < 0 else state != _TIME_ERROR
