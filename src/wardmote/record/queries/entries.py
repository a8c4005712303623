"""Entries as plain values, with what their commitments stand for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from wardmote.kernel.urn import Urn
from wardmote.ledger import Json, Leaf, parse_json
from wardmote.record.models import Disclosure, Entry


@dataclass(frozen=True, slots=True)
class Recorded:
    """One entry. `values` holds facts and contents by name, `erased` names the contents that are gone.

    `index` is the entry's place in the tree; None until, at most a second later, a checkpoint covers it.
    """

    id: int
    index: int | None
    time: datetime
    actor: Urn
    verb: str
    subject: Urn
    community: Urn | None
    values: Mapping[str, Json]
    erased: frozenset[str]

    @property
    def proven(self) -> bool:
        """Whether a signed checkpoint covers this entry."""
        return self.index is not None


def entry(entry_id: int) -> Recorded | None:
    """The entry of that id, if there is one."""
    return next(iter(_read(Entry.objects.filter(pk=entry_id))), None)


def entries_about(subject: Urn, *, after: int = 0, limit: int = 1000) -> list[Recorded]:
    """Entries whose subject is `subject`, oldest first, from the first whose id is above `after`."""
    return _read(Entry.objects.filter(subject=str(subject), pk__gt=after).order_by("pk")[:limit])


def history(subjects: Iterable[Urn], *, after: int = 0, limit: int = 1000) -> list[Recorded]:
    """Entries of any of `subjects`, or in any of them that is a community, oldest first, ids above `after`."""
    names = sorted({str(subject) for subject in subjects})
    mine = Q(subject__in=names) | Q(community__in=names)
    return _read(Entry.objects.filter(mine, pk__gt=after).order_by("pk")[:limit])


def by_subject(subjects: Iterable[Urn | str]) -> dict[str, list[Recorded]]:
    """Every entry about each of `subjects`, in the order in which they are on record; for a few hundred at once."""
    found: dict[str, list[Recorded]] = {str(subject): [] for subject in subjects}
    rows = Entry.objects.filter(subject__in=sorted(found))
    for recorded in _read(rows.order_by(F("index").asc(nulls_last=True), "id")):
        found[str(recorded.subject)].append(recorded)
    return found


def in_order(*, after: int, limit: int) -> list[Recorded]:
    """The whole record in pieces, by id: entries above the id `after`."""
    return _read(Entry.objects.filter(pk__gt=after).order_by("pk")[:limit])


def count() -> int:
    """The number of entries, placed or not."""
    return Entry.objects.count()


def _read(rows: QuerySet[Entry]) -> list[Recorded]:
    entries = list(rows.values_list("id", "index", "leaf"))
    values: defaultdict[int, dict[str, Json]] = defaultdict(dict)
    erased: defaultdict[int, set[str]] = defaultdict(set)
    disclosures = Disclosure.objects.filter(entry__in=[entry_id for entry_id, _, _ in entries])
    for entry_id, name, content in disclosures.order_by("name").values_list("entry_id", "name", "content"):
        if content is None:
            erased[entry_id].add(name)
        else:
            values[entry_id][name] = parse_json(bytes(content))
    return [
        _recorded(entry_id, index, bytes(leaf), values[entry_id], frozenset(erased[entry_id]))
        for entry_id, index, leaf in entries
    ]


def _recorded(
    entry_id: int, index: int | None, raw: bytes, values: Mapping[str, Json], erased: frozenset[str]
) -> Recorded:
    leaf = Leaf.decode(raw)
    return Recorded(
        id=entry_id,
        index=index,
        time=leaf.time,
        actor=leaf.actor,
        verb=leaf.verb,
        subject=leaf.subject,
        community=leaf.community,
        values=values,
        erased=erased,
    )


def first_verb() -> str | None:
    """What the record began with; None while it is empty.

    That is the entry at place 0, or before anything has a place the one with the smallest id.
    """
    row = Entry.objects.order_by(F("index").asc(nulls_last=True), "id").values_list("leaf", flat=True).first()
    return None if row is None else Leaf.decode(bytes(row)).verb
