"""The keys of others' logs."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.ledger import FormatError, VerifierKey, plain_name
from wardmote.record.models import KnownKey
from wardmote.record.policy import KeyState


@dataclass(frozen=True, slots=True)
class KnownKeyRow:
    """One key: its text, where it is in its life, the key that named it as its follower, and since when we know it."""

    key: str
    state: KeyState
    replaces: str
    since: datetime


def known() -> list[KnownKeyRow]:
    """Every key, by the name of its log, oldest first."""
    rows = KnownKey.objects.order_by("name", "pk")
    return [KnownKeyRow(row.key, KeyState(row.state), row.replaces, row.since) for row in rows]


def known_keys(name: str) -> list[VerifierKey]:
    """The keys that may speak for the log of that name, spelt so; a retired key may not."""
    try:
        rows = KnownKey.objects.filter(name=plain_name(name)).exclude(state=KeyState.RETIRED.value)
    except FormatError:
        return []
    keys = [VerifierKey.parse(row.key) for row in rows]
    return [key for key in keys if key.name == name]


def announced_for(key: str) -> str:
    """The key that `key` follows, where it was announced and has not spoken yet; else empty."""
    row = KnownKey.objects.filter(key=key, state=KeyState.ANNOUNCED.value).first()
    return row.replaces if row else ""


def lineage(key: str) -> list[str]:
    """The key and those before it, each of which named the one before in this list as its follower; newest first."""
    keys = [key]
    while before := KnownKey.objects.filter(key=keys[-1]).values_list("replaces", flat=True).first():
        keys.append(before)
    return keys


def contested() -> list[str]:
    """Every key that shares its name with another key, or is under two names."""
    rows = KnownKey.objects.filter(state=KeyState.CONTESTED.value).order_by("name", "pk")
    return list(rows.values_list("key", flat=True))
