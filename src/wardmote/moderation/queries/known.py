"""The lists of a community and its locked lane, as its owner reads them, and as texts are matched against them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from wardmote.detect.lists.known import Kind
from wardmote.moderation.models import Decision, KnownEntry, KnownList, QuarantinedCase
from wardmote.moderation.policy import Purpose, QuarantineState
from wardmote.network.models import Profile


@dataclass(frozen=True, slots=True)
class ListView:
    """A list in force. `matches`: how often something matched it; nothing of what is on it."""

    list_id: int
    name: str
    purpose: Purpose
    category: str
    score: float | None
    size: int
    ready_at: datetime
    matches: int
    matched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """A list in force and how often it was changed: equal where matching would find the same."""

    list_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it is matched by."""

    entry_id: int
    kind: Kind
    value: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """A locked case. `text` is empty once erased; `where` is what it is or was to be the text of."""

    case_id: int
    state: QuarantineState
    list_name: str
    alike: float
    handle: str
    subject: str
    text: str
    content_hash: str
    times: int
    opened_at: datetime
    decided_at: datetime | None
    note: str
    erased_at: datetime | None
    own: bool


def lists(*, community_id: int) -> list[ListView]:
    """The lists in force, the newest first."""
    rows = KnownList.objects.filter(community_id=community_id, removed_at=None, ready_at__isnull=False)
    return [
        ListView(
            row.pk,
            row.name,
            Purpose(row.purpose),
            row.category,
            row.score,
            row.size,
            row.ready_at or row.began_at,
            row.matches,
            row.matched_at,
        )
        for row in rows.order_by("-pk")
    ]


def list_stamps(*, community_id: int) -> tuple[Stamp, ...]:
    """Which lists are in force, as they are now; one small read for each text that is matched."""
    rows = KnownList.objects.filter(community_id=community_id, removed_at=None, ready_at__isnull=False)
    return tuple(Stamp(*row) for row in rows.order_by("pk").values_list("pk", "revision"))


def list_rows(*, list_id: int) -> Iterator[Row]:
    """What a list is matched by, in the order of its entries."""
    rows = KnownEntry.objects.filter(known_list_id=list_id, is_off=False).order_by("pk")
    for entry_id, kind, value, signature in rows.values_list("pk", "kind", "value", "signature").iterator(5000):
        yield Row(entry_id, Kind(kind), bytes(value), bytes(signature))


def quarantine_waiting(*, community_id: int) -> int:
    """How many locked cases wait for the owner."""
    return QuarantinedCase.objects.filter(community_id=community_id, state=QuarantineState.WAITING.value).count()


def is_locked(*, community_id: int, subject: str) -> bool:
    """Whether the text of this subject was locked away: there is nothing left of it to judge."""
    return QuarantinedCase.objects.filter(community_id=community_id, subject=subject).exists()


def waits_quarantined(*, community_id: int, subject: str) -> bool:
    """Whether the owner has not yet looked at something that this said."""
    waiting = QuarantinedCase.objects.filter(
        community_id=community_id, subject=subject, state=QuarantineState.WAITING.value
    )
    return waiting.exists()


def without_quarantined(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """The decisions whose subject and text were never locked away; nothing of the lane comes out of it."""
    lane = QuarantinedCase.objects.filter(community_id=OuterRef("community_id"))
    return rows.exclude(Exists(lane.filter(subject=OuterRef("case__subject")))).exclude(
        Exists(lane.filter(content_hash=OuterRef("item__content_hash")))
    )


def quarantined_cases(*, community_id: int, member_id: int) -> list[QuarantineView]:
    """Those that wait, the newest first, and then the newest hundred that are decided."""
    rows = QuarantinedCase.objects.filter(community_id=community_id).select_related("known_list").order_by("-pk")
    waiting = list(rows.filter(state=QuarantineState.WAITING.value))
    decided = list(rows.exclude(state=QuarantineState.WAITING.value)[:100])
    return _views([*waiting, *decided], community_id=community_id, member_id=member_id)


def locked_case(*, community_id: int, member_id: int, case_id: int) -> QuarantineView | None:
    """One locked case of this community; None for any other."""
    rows = QuarantinedCase.objects.filter(community_id=community_id, pk=case_id).select_related("known_list")
    return next(iter(_views(list(rows), community_id=community_id, member_id=member_id)), None)


def _views(rows: list[QuarantinedCase], *, community_id: int, member_id: int) -> list[QuarantineView]:
    authors = {row.author_id for row in rows if row.author_id}
    handles = dict(Profile.objects.filter(community_id=community_id, pk__in=authors).values_list("pk", "handle"))
    return [
        QuarantineView(
            case_id=row.pk,
            state=QuarantineState(row.state),
            list_name=row.known_list.name,
            alike=row.alike,
            handle=handles.get(row.author_id or 0, ""),
            subject=row.subject,
            text=row.text,
            content_hash=row.content_hash,
            times=row.times,
            opened_at=row.opened_at,
            decided_at=row.decided_at,
            note=row.note,
            erased_at=row.erased_at,
            own=row.author_id == member_id,
        )
        for row in rows
    ]
