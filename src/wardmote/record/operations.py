"""Writes to the record: an entry is appended in the transaction of whatever it tells of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db import connection, transaction

from wardmote.kernel import clock
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.ledger import FormatError, Json, Leaf, canonical_bytes, commit, leaf_hash, new_salt
from wardmote.ledger.audit.erasures import COUNTED, NAMED, named, owners
from wardmote.ledger.leaf import ERASED
from wardmote.record.contents import CONTENTS
from wardmote.record.models import Disclosure, Entry

_ROWS = 150
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


def append(
    *,
    now: datetime,
    actor: Urn,
    verb: str,
    subject: Urn,
    community: Urn | None,
    facts: Mapping[str, Json] | None = None,
    content: Mapping[str, Json] | None = None,
    about: Urn | None = None,
) -> Entry:
    """Append one entry, still without a place in the tree, so that nobody waits for anybody; see `append_all`."""
    return append_all([Event(actor, verb, subject, community, facts or {}, content or {}, about)], now=now)[0]


@transaction.atomic
def append_all(events: Sequence[Event], *, now: datetime) -> list[Entry]:
    """Append entries in this order.

    Raises FormatError (a ValueError) for what cannot be recorded: content without `about`, a name used twice, a value
    that is not JSON, an integer beyond 2**53 - 1 (write an id as text).
    """
    return _insert([_committed(event) for event in events], now=now)


@transaction.atomic
def erase(*, now: datetime, about: Urn, actor: Urn, community: Urn | None) -> int:
    """Delete the salts and contents of everything that is about `about`, and append an entry that names each.

    Gives the number of contents deleted; none, and no entry, where there was nothing. Every proof stays true.
    """
    rows = list(
        Disclosure.objects.select_for_update()
        .filter(about=str(about), erased_by=None)
        .order_by("entry_id", "name")
        .values_list("pk", "entry_id", "name")
    )
    if not rows:
        return 0
    # Above all that it erases, so that it is placed after them, whatever the clocks of their processes said.
    entry_id = new_id(above=rows[-1][1])
    for start in range(0, len(rows), _ROWS):
        some = [pk for pk, _, _ in rows[start : start + _ROWS]]
        # The row that this points to comes below: the key is checked at the end of the transaction.
        Disclosure.objects.filter(pk__in=some).update(salt=None, content=None, erased_by_id=entry_id)
    facts: dict[str, Json] = {COUNTED: len(rows), NAMED: named((entry_id, name) for _, entry_id, name in rows)}
    event = Event(actor, ERASED, about, community, facts)
    _insert([(entry_id, event, list(_disclose(entry_id, event.facts, "")))], now=now)
    return len(rows)


def _committed(event: Event) -> tuple[int, Event, list[_Committed]]:
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
    entry_id = new_id()
    return (
        entry_id,
        event,
        [*_disclose(entry_id, event.facts, ""), *_disclose(entry_id, event.content, str(event.about))],
    )


def _insert(committed: Sequence[tuple[int, Event, list[_Committed]]], *, now: datetime) -> list[Entry]:
    entries = [_entry(entry_id, event, disclosures, now=now) for entry_id, event, disclosures in committed]
    Entry.objects.bulk_create(entries)
    _disclosed([row for _, _, disclosures in committed for _, row in disclosures])
    return entries


def _disclosed(rows: Sequence[_Opening]) -> None:
    """Store disclosures. A post has about ten, most of what it costs to write down: by way of models they are slow."""
    columns = ", ".join(_Opening._fields)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
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
