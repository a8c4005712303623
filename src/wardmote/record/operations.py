"""Writes to the record: an entry is appended in the transaction of whatever it tells of."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction

from wardmote.kernel import clock
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.ledger import FormatError, Json, Leaf, canonical_bytes, commit, leaf_hash, new_salt
from wardmote.ledger.leaf import ERASED
from wardmote.record.models import Disclosure, Entry

_Committed = tuple[str, Disclosure]
"""A commitment, and the row that opens it."""


@transaction.atomic
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
    """Append one entry, still without a place in the tree, so that nobody waits for anybody.

    `facts` are committed to and kept. `content` is committed to, belongs to the person `about`, and can be erased.
    Raises FormatError (a ValueError) for what cannot be recorded: content without `about`, a name used twice, a value
    that is not JSON, an integer beyond 2**53 - 1 (write an id as text).
    """
    facts, content = facts or {}, content or {}
    if content and about is None:
        raise FormatError(f"{verb}: content needs the person it is about")
    if twice := facts.keys() & content.keys():
        raise FormatError(f"{verb}: {', '.join(sorted(twice))} is both a fact and content")
    entry_id = new_id()
    disclosures = [*_disclose(entry_id, facts, ""), *_disclose(entry_id, content, str(about))]
    return _insert(entry_id, disclosures, now=now, actor=actor, verb=verb, subject=subject, community=community)


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
        facts = list(_disclose(entry_id, {"contents": count}, ""))
        _insert(entry_id, facts, now=now, actor=actor, verb=ERASED, subject=about, community=community)
    return count


def _insert(
    entry_id: int,
    disclosures: list[_Committed],
    *,
    now: datetime,
    actor: Urn,
    verb: str,
    subject: Urn,
    community: Urn | None,
) -> Entry:
    leaf = Leaf(
        id=entry_id,
        time=clock.floor_to_millisecond(now),
        actor=actor,
        verb=verb,
        subject=subject,
        community=community,
        commitments={row.name: commitment for commitment, row in disclosures},
    ).encode()
    entry = Entry.objects.create(
        id=entry_id,
        leaf=leaf,
        leaf_hash=leaf_hash(leaf),
        subject=str(subject),
        community="" if community is None else str(community),
        created=now,
    )
    Disclosure.objects.bulk_create([row for _, row in disclosures])
    return entry


def _disclose(entry_id: int, values: Mapping[str, Json], about: str) -> Iterator[_Committed]:
    for name, value in values.items():
        try:
            raw = canonical_bytes(value)
        except FormatError as error:
            raise FormatError(f"{name} cannot be recorded: {error}") from error
        salt = new_salt()
        yield commit(salt, raw), Disclosure(entry_id=entry_id, name=name, about=about, salt=salt, content=raw)
