"""Row by row, then entry by entry, in pieces: each row must show what its entries say, each entry must have its row."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count

from wardmote.communities.models import Acceptance
from wardmote.config.tables import (
    apart,
    away,
    clocks,
    contract,
    entering,
    hosted,
    judged,
    letters,
    network,
    received,
    visitors,
)
from wardmote.config.tables.kinds import ERASED, Kind, Row, Values, at
from wardmote.kernel.urn import Urn
from wardmote.record import queries as record
from wardmote.record.queries import Recorded

CHUNK = 200
KINDS: tuple[Kind, ...] = (
    *network.KINDS,
    *entering.KINDS,
    *away.KINDS,
    *letters.KINDS,
    *judged.KINDS,
    *visitors.KINDS,
    *apart.KINDS,
    *contract.KINDS,
    *hosted.KINDS,
    *clocks.KINDS,
    *received.KINDS,
)
Progress = Callable[[str, int], None]
"""Called with the name of what is under way and how many rows or entries of it are done."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that does not show what was committed to, or has no entry, or an entry without its row."""

    kind: str
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"tables: {self.kind}: {self.subject}: {self.detail}"


@dataclass
class Comparison:
    """How much was compared, and what differs. `erased` counts values that are empty because they were erased."""

    rows: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    erased: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.differences

    @cached_property
    def kinds(self) -> int:
        return len(KINDS) + 1


def compare(progress: Progress = lambda _name, _done: None) -> Comparison:
    """Compare every table that a kind is known of. Others may write meanwhile: what differs is looked at once more."""
    found = Comparison()
    for kind in KINDS:
        after = -(2**63)
        while ids := kind.ids(after, CHUNK):
            odd = {pk for pk, _ in _differences(kind, ids, found)}
            again = _differences(kind, odd, Comparison()) if odd else ()
            found.differences += [difference for _, difference in again]
            found.rows[kind.name] += len(ids)
            after = ids[-1]
            progress(kind.name, found.rows[kind.name])
    _promises(found, progress)
    return found


def _differences(kind: Kind, ids: Collection[int], found: Comparison) -> Iterator[tuple[int, Difference]]:
    rows = kind.rows(sorted(ids))
    entries = record.by_subject({row.subject for row in rows if row.subject})
    for row in rows:
        told = kind.told(row, entries.get(row.subject, ()))
        name = row.subject if row.subject.endswith(f":{row.pk}") else f"{row.subject or kind.name} (row {row.pk})"
        if told is None:
            yield row.pk, Difference(kind.name, name, "no entry tells of it")
            continue
        found.erased += sum(value is ERASED for value in told.values())
        for detail in _wrong(row, told):
            yield row.pk, Difference(kind.name, name, detail)


def _wrong(row: Row, told: Values) -> Iterator[str]:
    for column, value in sorted(told.items()):
        shown = row.shown.get(column)
        if value is ERASED:
            if shown:
                yield f"{column} is there, and the record says that it was erased"
        elif shown != value:
            yield f"{column} is not what the record says"


def _promises(found: Comparison, progress: Progress) -> None:
    """Every entry that promises a row; and as many acceptances of a policy as are on record."""
    accepted: Counter[int] = Counter()
    after = 0
    while entries := record.in_order(after=after, limit=5 * CHUNK):
        for kind in KINDS:
            found.differences += _missing(kind, entries)
        found.differences += _acceptances(entries, accepted)
        found.entries += len(entries)
        after = entries[-1].id
        progress("entries", found.entries)
    rows = Acceptance.objects.values("policy").annotate(rows=Count("pk")).values_list("policy", "rows")
    for policy, count in rows.order_by("policy"):
        found.rows["acceptances"] += count
        # More may have been accepted since the entries were read; fewer entries than rows is looked at once more.
        if count > accepted[policy] and count > _acceptances_on_record(policy):
            detail = f"{count} members accepted it according to the table, {accepted[policy]} on record"
            found.differences.append(Difference("acceptances", str(Urn("policy", policy)), detail))


def _missing(kind: Kind, entries: Iterable[Recorded]) -> Iterator[Difference]:
    promised: dict[int, Recorded] = {}
    for entry in entries:
        promise = kind.promised.get(entry.verb)
        pk = None if promise is None else promise(entry)
        if pk is not None:
            promised[pk] = entry
    if not promised:
        return
    for pk in sorted(promised.keys() - kind.there(promised)):
        entry = promised[pk]
        detail = f"entry {entry.id} ({entry.verb}) tells of row {pk}, which is not there"
        yield Difference(kind.name, str(entry.subject), detail)


def _acceptances(entries: Iterable[Recorded], accepted: Counter[int]) -> Iterator[Difference]:
    by_policy: defaultdict[int, dict[int, Recorded]] = defaultdict(dict)
    for entry in entries:
        if entry.verb == "policy.accepted":
            by_policy[entry.subject.id][entry.actor.id] = entry
    for policy, members in by_policy.items():
        accepted[policy] += len(members)
        rows = Acceptance.objects.filter(policy=policy, membership__in=list(members))
        shown = {row.membership_id: (row.hash, at(row.accepted_at)) for row in rows}
        for member, entry in members.items():
            if shown.get(member) != (entry.values.get("hash"), at(entry.time)):
                detail = f"entry {entry.id} says that member {member} accepted it; the table says otherwise"
                yield Difference("acceptances", str(entry.subject), detail)


def _acceptances_on_record(policy: int) -> int:
    return sum(entry.verb == "policy.accepted" for entry in record.by_subject([Urn("policy", policy)]).popitem()[1])
