"""Settings that have a new name: what still has the former one is read, and the settings file is rewritten."""

import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from wardmote.config.catalogue import RENAMED
from wardmote.config.environment import SETTINGS_FILE, parse_settings, under_new_names

DRAFT = f".{SETTINGS_FILE}-draft-"
"""What the name of a settings file begins with while it is written."""
_KILLED = 60.0
"""Seconds after which nobody writes a draft any more."""


def read_former_names() -> None:
    """Give the environment's settings their new names, with one warning for those that lack them.

    The former names leave the environment, so that a process started from here does not warn again. Raises
    BadConfiguration where a setting has both names and two values.
    """
    found = under_new_names(os.environ, "the environment")
    former = sorted(os.environ.keys() & RENAMED.keys())
    alone = [name for name in former if RENAMED[name] not in os.environ]
    for name in former:
        os.environ[RENAMED[name]] = found[RENAMED[name]]
        del os.environ[name]
    if alone:
        _warn(f"the environment has former names of settings, which only this version still reads: {_said(alone)}")


def rewrite_settings_file(home: Path) -> None:
    """Give the settings in the home's settings file their new names; every other line stays as it is.

    Raises BadConfiguration for a file that cannot be used. One that cannot be written stays, with a warning: it is read
    all the same.
    """
    try:
        # Where the file is a link, what it leads to is rewritten, and the link stays.
        path = (home / SETTINGS_FILE).resolve()
        if not path.is_file():
            return  # a pipe gives its text once, to whoever reads the settings next, and is no file to put in its place
        _clear_drafts(path.parent)
        text = path.read_bytes().decode()
    except (OSError, RuntimeError, UnicodeDecodeError):
        return  # whoever reads the settings next says so; the RuntimeError is of links that lead to one another
    told = _renamed(text, path)
    if told == text:
        return
    try:
        _replace(path, told.encode())
    except OSError as error:
        former = sorted(_name(line) for line in text.splitlines() if _name(line) in RENAMED)
        _warn(f"{path} has former names of settings and cannot be rewritten ({error.strerror}): {_said(former)}")


def _renamed(text: str, path: Path) -> str:
    parse_settings(text, path)
    lines = text.splitlines(keepends=True)
    names = {_name(line) for line in lines}
    return "".join(_line(line, names) for line in lines)


def _line(line: str, names: set[str]) -> str:
    """The line under its new name; empty where another line has the same setting and value under that name."""
    name = _name(line)
    if name not in RENAMED:
        return line
    return "" if RENAMED[name] in names else line.replace(name, RENAMED[name], 1)


def _name(line: str) -> str:
    """The name that a line sets; what is a comment sets none that we know."""
    return line.partition("=")[0].strip()


def _replace(path: Path, content: bytes) -> None:
    """Put the content at the path, of the same owner and mode, in one step: whoever reads finds the old or the new."""
    before = path.stat()
    descriptor, name = tempfile.mkstemp(prefix=DRAFT, dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _clear_drafts(folder: Path) -> None:
    """What a kill left has the secrets of the file in it."""
    for draft in folder.glob(f"{DRAFT}*"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > _KILLED:
                draft.unlink()


def _said(former: Iterable[str]) -> str:
    return ", ".join(f"{name} is now {RENAMED[name]}" for name in former)


def _warn(sentence: str) -> None:
    # The log is set up by the settings, which are not read yet.
    sys.stderr.write(f"wardmote: {sentence}\n")
