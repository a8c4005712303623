"""Keys in a file, for a server without a database: TOML, one `[[key]]` each, holding the key's hash and its terms."""

import threading
import time
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from wardmote.kernel.errors import WardmoteError
from wardmote.people.policy import (
    REQUESTS_PER_MINUTE,
    SHOWN,
    TEXTS_PER_DAY,
    Allowance,
    Scope,
    Terms,
    Window,
    digest,
    new_secret,
)

LOOK_EVERY = 1.0
"""Seconds after which the file is looked at again: how long a revoked key goes on at most."""
SCOPES = frozenset({Scope.ANALYZE, Scope.MODERATE, Scope.SCREEN})
"""What a server without a database can open."""
EVERYBODY = Terms("everybody", "everybody", SCOPES, 0, 0)
"""Let in without a key and without limits, by a server that only its own machine reaches."""


class BadKeyFile(WardmoteError):
    """The file of keys cannot be used: one line that says why."""


class KeyFile:
    """The keys in one file, read again when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys, self._stamp = read_keys(path), self._look()
        self._looked = time.monotonic()

    def find(self, wanted: str) -> Terms | None:
        """The terms of the key with that digest."""
        if time.monotonic() - self._looked > LOOK_EVERY:
            self._looked = time.monotonic()
            stamp = self._look()
            if stamp != self._stamp:
                # A file caught half written is left for the next look; the keys that were known go on.
                with suppress(BadKeyFile):
                    self._keys, self._stamp = read_keys(self._path), stamp
        return self._keys.get(wanted)

    def _look(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)


class MemoryMeter:
    """Counts in this process alone, and begins anew with it."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, Window], tuple[datetime, int]] = {}
        self._lock = threading.Lock()

    def __call__(self, *, key_id: str, window: Window, limit: int, amount: int, now: datetime) -> Allowance:
        """See `authenticator.Meter`."""
        begin = window.begin(now)
        with self._lock:
            since, used = self._used.get((key_id, window), (begin, 0))
            used = used if since == begin else 0
            granted = used + amount <= limit
            if granted:
                used += amount
            self._used[key_id, window] = (begin, used)
        return Allowance(limit, limit - used, window.seconds_left(now), granted)


def read_keys(path: Path) -> dict[str, Terms]:
    """Digest to terms of every key in the file; raises BadKeyFile."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadKeyFile(f"there is no file {path}; make it with: wardmote key new NAME --file {path}") from None
    except OSError as error:
        raise BadKeyFile(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadKeyFile(f"{path} is not TOML: {error}") from None
    keys = content.get("key", [])
    if not isinstance(keys, list):
        raise BadKeyFile(f"{path}: a key is written under [[key]]")
    return {str(key["sha256"]): _terms(key) for key in keys if _complete(key, path)}


def _complete(key: Any, path: Path) -> bool:
    if not isinstance(key, dict) or not isinstance(key.get("sha256"), str) or not isinstance(key.get("name"), str):
        raise BadKeyFile(f"{path}: every [[key]] has a name and a sha256")
    scopes = key.get("scopes", [])
    if not isinstance(scopes, list) or not {*scopes} <= {scope.value for scope in SCOPES}:
        raise BadKeyFile(f"{path}: the scopes of {key['name']!r} are among {', '.join(sorted(SCOPES))}")
    for name in ("requests_per_minute", "texts_per_day"):
        if not isinstance(key.get(name, 0), int) or key.get(name, 0) < 0:
            raise BadKeyFile(f"{path}: {name} of {key['name']!r} is a whole number, 0 for no limit")
    return True


def _terms(key: dict[str, Any]) -> Terms:
    return Terms(
        key["sha256"],
        key["name"],
        frozenset(map(Scope, key.get("scopes", SCOPES))),
        key.get("requests_per_minute", REQUESTS_PER_MINUTE),
        key.get("texts_per_day", TEXTS_PER_DAY),
    )


def add_key(path: Path, *, name: str, scopes: Iterable[Scope], requests_per_minute: int, texts_per_day: int) -> str:
    """Write a new key's hash and terms to the end of the file, and give the key; it is nowhere else."""
    known = read_keys(path).values() if path.exists() else ()
    if any(terms.name == name for terms in known):
        raise BadKeyFile(f"{path} has a key called {name!r} already")
    secret = new_secret()
    listed = ", ".join(f'"{scope.value}"' for scope in sorted(scopes))
    entry = (
        f'[[key]]\nname = {_quoted(name)}\nbegins = "{secret[:SHOWN]}"\nsha256 = "{digest(secret)}"\n'
        f"scopes = [{listed}]\nrequests_per_minute = {requests_per_minute}\ntexts_per_day = {texts_per_day}\n\n"
    )
    if not path.exists():
        path.touch(mode=0o600)
    with path.open("a", encoding="utf-8") as file:
        file.write(entry)
    return secret


def remove_key(path: Path, *, name: str) -> None:
    """Take the key of that name out of the file; raises BadKeyFile where there is none."""
    if not any(terms.name == name for terms in read_keys(path).values()):
        raise BadKeyFile(f"{path} has no key called {name!r}")
    first, *entries = path.read_text("utf-8").split("[[key]]")
    kept = [entry for entry in entries if tomllib.loads(entry).get("name") != name]
    draft = path.with_suffix(path.suffix + ".new")
    draft.touch(mode=0o600)
    draft.write_text("[[key]]".join([first, *kept]), "utf-8")
    draft.replace(path)


def _quoted(name: str) -> str:
    """A TOML string; a name holds no control characters."""
    if not name.isprintable() or not name:
        raise BadKeyFile("a key's name is one printable line")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
