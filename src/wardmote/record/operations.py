"""Writes to the record: an entry is appended in the transaction of whatever it tells of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.kernel.words import gettext as _
from wardmote.ledger import (
    FormatError,
    Json,
    Leaf,
    Succession,
    VerifierKey,
    canonical_bytes,
    commit,
    leaf_hash,
    new_salt,
    plain_name,
)
from wardmote.ledger.leaf import ERASED
from wardmote.record.models import Disclosure, Entry, KnownKey
from wardmote.record.policy import KeyState

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
    """Delete the salts and contents of everything that is about `about`, and append an entry that says so.

    Gives the number of contents deleted; none, and no entry, where there was nothing. Every proof stays true.
    """
    entry_id = new_id()
    # The row that this points to comes two lines below: the key is checked at the end of the transaction.
    count = Disclosure.objects.filter(about=str(about), erased_by=None).update(
        salt=None, content=None, erased_by_id=entry_id
    )
    if count:
        event = Event(actor, ERASED, about, community, {"contents": count})
        _insert([(entry_id, event, list(_disclose(entry_id, event.facts, "")))], now=now)
    return count


def _committed(event: Event) -> tuple[int, Event, list[_Committed]]:
    if event.content and event.about is None:
        raise FormatError(f"{event.verb}: content needs the person it is about")
    if twice := event.facts.keys() & event.content.keys():
        raise FormatError(f"{event.verb}: {', '.join(sorted(twice))} is both a fact and content")
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


@transaction.atomic
def know_key(*, key: VerifierKey, now: datetime) -> None:
    """Come to know the key of another log, or find it known; Invalid where its name or the key is somebody else's."""
    name, public = plain_name(key.name), key.public.hex()
    rows = list(KnownKey.objects.select_for_update().filter(Q(name=name) | Q(public=public)))
    same = next((row for row in rows if row.key == str(key)), None)
    if same is not None and same.state in (KeyState.CURRENT.value, KeyState.ANNOUNCED.value):
        return
    if same is None and not rows:
        try:
            with transaction.atomic():
                KnownKey.objects.create(name=name, key=str(key), public=public, state=KeyState.CURRENT.value, since=now)
        except IntegrityError:
            rows = list(KnownKey.objects.filter(Q(name=name) | Q(public=public)))
        else:
            return
    raise Invalid(_why_not(key, rows), field="key")


def _why_not(key: VerifierKey, rows: Sequence[KnownKey]) -> str:
    if any(row.public == key.public.hex() and row.state == KeyState.RETIRED.value for row in rows):
        return _("This key was replaced by its own log: ask there for the present one.")
    if any(row.public == key.public.hex() and row.state != KeyState.CONTESTED.value for row in rows):
        return _("This key is known here under another name: one log has one name.")
    return _(
        "A log of the name %(name)s is known here with another key. A new key counts once the old one has signed it;"
        " where the old one is lost or was never right, this installation’s operator can help."
    ) % {"name": key.name}


@transaction.atomic
def announce_key(*, said: Succession, statement: str, actor: Urn, now: datetime) -> KnownKey:
    """Keep that a log's key has named its follower; harmless to repeat, Conflict where it named another before."""
    row = (
        KnownKey.objects.select_for_update().filter(Q(replaces=str(said.old)) | Q(public=said.new.public.hex())).first()
    )
    if row is None:
        try:
            with transaction.atomic():
                row = KnownKey.objects.create(
                    name=plain_name(said.new.name),
                    key=str(said.new),
                    public=said.new.public.hex(),
                    state=KeyState.ANNOUNCED.value,
                    replaces=str(said.old),
                    statement=statement,
                    since=now,
                )
        except IntegrityError:
            raise Conflict(
                _("This key has named another as its follower, or that one is known here already.")
            ) from None
        append(
            now=now,
            actor=actor,
            verb="known_key.announced",
            subject=row.urn,
            community=None,
            facts={"old": row.replaces, "new": row.key, "statement": statement},
        )
    if (row.replaces, row.key) != (str(said.old), str(said.new)):
        raise Conflict(_("This key has named another as its follower, or that one is known here already."))
    return row


@transaction.atomic
def settle_key(*, key: str, now: datetime) -> None:
    """The announced key has spoken: from now on it is its log's, and the one before speaks no more."""
    row = KnownKey.objects.select_for_update().filter(key=key, state=KeyState.ANNOUNCED.value).first()
    if row is None:
        return
    KnownKey.objects.filter(key=row.replaces).update(state=KeyState.RETIRED.value)
    row.state = KeyState.CURRENT.value
    row.save(update_fields=["state"])
    append(
        now=now,
        actor=SYSTEM,
        verb="known_key.replaced",
        subject=row.urn,
        community=None,
        facts={"old": row.replaces, "new": row.key},
    )


@transaction.atomic
def forget_key(*, key: str) -> None:
    """Forget a key that nothing here is under any more; one with a history stays, so that its follower is known."""
    row = KnownKey.objects.select_for_update().filter(key=key).first()
    if row is None or row.replaces or KnownKey.objects.filter(replaces=key).exists():
        return
    row.delete()
    for other in KnownKey.objects.select_for_update().filter(Q(name=row.name) | Q(public=row.public)):
        alike = KnownKey.objects.filter(Q(name=other.name) | Q(public=other.public)).exclude(pk=other.pk)
        if other.state == KeyState.CONTESTED.value and not alike.exclude(state=KeyState.RETIRED.value).exists():
            other.state = KeyState.CURRENT.value
            other.save(update_fields=["state"])
