"""Which secrets this installation has signed with, by their fingerprints: so that a change is noticed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

NAME = "secrets-seen"
"""In the folder of keys: a fingerprint a line."""


def fingerprint(secret: str) -> str:
    """Sixteen hex digits from which the secret cannot be told."""
    return hashlib.sha256(b"wardmote secret seen:" + secret.encode()).hexdigest()[:16]


def note(home: Path, secret: str) -> None:
    """Remember that this secret was in use. Does nothing where the home cannot be written to."""
    path = home / "keys" / NAME
    mine = fingerprint(secret)
    if mine in _read(path):
        return
    try:
        with path.open("a", encoding="ascii") as file:
            file.write(mine + "\n")
    except OSError:
        return


def lost(home: Path, known: Sequence[str]) -> int:
    """How many secrets were in use once and are named nowhere now."""
    return len(_read(home / "keys" / NAME) - {fingerprint(secret) for secret in known})


def _read(path: Path) -> set[str]:
    try:
        return set(path.read_text("ascii").split())
    except (OSError, UnicodeDecodeError):
        return set()
