"""How an entry and what opens its commitments are written down."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db import connection

from wardmote.kernel import clock
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.ledger import FormatError, Json, Leaf, canonical_bytes, commit, leaf_hash, new_salt
from wardmote.ledger.audit.erasures import owners
from wardmote.record.models import Disclosure, Entry
from wardmote.record.policy import CONTENTS

ROWS = 150
"""Disclosures in one statement: SQLite takes at most 999 values."""


class _Opening(NamedTuple):
    """A disclosure's row: what opens a commitment."""

    entry_id: int
    name: str
    about: str
    salt: bytes
    content: bytes


_Committed = tuple[str, _Opening]
"""A commitment, and the row that opens it."""


@dataclass(frozen=True, slots=True)
class Event:
    """What one entry tells of.

    `facts` are committed to and kept. `content` is committed to, belongs to the person `about`, and can be erased.
    """

    actor: Urn
    verb: str
    subject: Urn
    community: Urn | None
    facts: Mapping[str, Json] = field(default_factory=dict)
    content: Mapping[str, Json] = field(default_factory=dict)
    about: Urn | None = None


def committed(event: Event, entry_id: int | None = None) -> tuple[int, Event, list[_Committed]]:
    """The event with an id and with its commitments; raises FormatError for what cannot be recorded."""
    if event.content and event.about is None:
        raise FormatError(f"{event.verb}: content needs the person it is about")
    if twice := event.facts.keys() & event.content.keys():
        raise FormatError(f"{event.verb}: {', '.join(sorted(twice))} is both a fact and content")
    if not_kept := event.content.keys() - CONTENTS.get(event.verb, frozenset()):
        raise FormatError(f"{event.verb}: {', '.join(sorted(not_kept))} is not listed as content that can be erased")
    if event.content and str(event.about) not in owners(event.actor, event.subject, event.facts):
        raise FormatError(
            f"{event.verb}: content is its actor's, its subject's or its recipient's, not {event.about}'s"
        )
    entry_id = new_id() if entry_id is None else entry_id
    return (
        entry_id,
        event,
        [*_disclose(entry_id, event.facts, ""), *_disclose(entry_id, event.content, str(event.about))],
    )


def insert(committed: Sequence[tuple[int, Event, list[_Committed]]], *, now: datetime) -> list[Entry]:
    """Store entries, each with its id and its commitments, in this order."""
    entries = [_entry(entry_id, event, disclosures, now=now) for entry_id, event, disclosures in committed]
    Entry.objects.bulk_create(entries)
    _disclosed([row for _, _, disclosures in committed for _, row in disclosures])
    return entries


def _disclosed(rows: Sequence[_Opening]) -> None:
    """Store disclosures. A post has about ten, most of what it costs to write down: by way of models they are slow."""
    columns = ", ".join(_Opening._fields)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS):
            some = rows[start : start + ROWS]
            values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(some))
            cursor.execute(
                f"INSERT INTO {Disclosure._meta.db_table} ({columns}) VALUES {values}",  # noqa: S608 - our own names
                list(chain.from_iterable(some)),
            )


def _entry(entry_id: int, event: Event, disclosures: list[_Committed], *, now: datetime) -> Entry:
    leaf = Leaf(
        id=entry_id,
        time=clock.floor_to_millisecond(now),
        actor=event.actor,
        verb=event.verb,
        subject=event.subject,
        community=event.community,
        commitments={row.name: commitment for commitment, row in disclosures},
    ).encode()
    return Entry(
        id=entry_id,
        leaf=leaf,
        leaf_hash=leaf_hash(leaf),
        subject=str(event.subject),
        community="" if event.community is None else str(event.community),
        created=now,
    )


def _disclose(entry_id: int, values: Mapping[str, Json], about: str) -> Iterator[_Committed]:
    for name, value in values.items():
        try:
            raw = canonical_bytes(value)
        except FormatError as error:
            raise FormatError(f"{name} cannot be recorded: {error}") from error
        salt = new_salt()
        yield commit(salt, raw), _Opening(entry_id, name, about, salt, raw)
