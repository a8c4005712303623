"""The queue as a moderator sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import ngettext
from wardmote.moderation.models import Appeal, Case, Decision, OutsidePost, OutsideReport, Report
from wardmote.moderation.policy import AppealState, CaseState, Lane, ReportReason, Source
from wardmote.moderation.policy.outside import is_url
from wardmote.moderation.queries.parties import nobody_left, whereabouts, why_not
from wardmote.moderation.queries.screening_rule import categories_by_key, rule_of_screening
from wardmote.network.models import Profile


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How much waits."""

    threat_open: int
    general_open: int
    claimed: int
    oldest_opened_at: datetime | None
    appeals_open: int
    decided_today: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue; `why` says in a few words how it came here, `platform` where it is if not here.

    `why_not` is the sentence that says why this reader may not decide it, "" where they may; `is_own`: they wrote it,
    and read neither reports nor scores. `likeliest`: the category and score that screening gives it most; `pointed`:
    those by which it sent the text to people, None where it did not. `for_host`: nobody of this community may decide
    it; `away`: the title of the community that decides it then, "" for the host, None where nobody was asked yet.
    `handed`: "me", "other".
    """

    case_id: int
    lane: Lane
    category: str
    priority: int
    source: Source
    opened_at: datetime
    reports: int
    visitors: int
    reasons: tuple[ReportReason, ...]
    likeliest: tuple[str, float] | None
    pointed: tuple[str, float] | None
    held: bool
    why: str
    excerpt: str
    handle: str
    platform: str
    state: CaseState
    claimed_by_me: bool
    handed: str
    notes: int
    why_not: str
    is_own: bool
    for_host: bool
    away: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is looked at; None, "" and no time: all. `author` is a handle, or an id at a platform."""

    lane: Lane | None = None
    source: Source | None = None
    category: str = ""
    author: str = ""
    older_than: timedelta | None = None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the queue. `after` is where the next page begins, "" on the last; `total`: how many there are in all."""

    rows: tuple[QueueRow, ...]
    after: str
    total: int


def queue_counts(*, community_id: int, now: datetime) -> QueueCounts:
    """What waits in each lane, how old the oldest is, and what was done since midnight UTC."""
    undecided = Case.objects.filter(community_id=community_id).exclude(state=CaseState.DECIDED.value)
    figures = undecided.aggregate(
        threat=Count("pk", filter=Q(state=CaseState.OPEN.value, lane=Lane.THREAT.value)),
        general=Count("pk", filter=Q(state=CaseState.OPEN.value, lane=Lane.GENERAL.value)),
        claimed=Count("pk", filter=Q(state=CaseState.CLAIMED.value)),
        oldest=Min("opened_at"),
    )
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return QueueCounts(
        threat_open=figures["threat"],
        general_open=figures["general"],
        claimed=figures["claimed"],
        oldest_opened_at=figures["oldest"],
        appeals_open=Appeal.objects.filter(community_id=community_id, state=AppealState.OPEN.value).count(),
        decided_today=Decision.objects.filter(
            community_id=community_id, decided_at__gte=midnight, taken_back_at=None
        ).count(),
    )


def queue_page(
    *, community_id: int, member_id: int, filters: Filters, after: str = "", limit: int = 50, now: datetime
) -> QueuePage:
    """What waits, threats first, in the order in which it is given out; the page that begins behind `after`.

    A senseless `after` is the first page.
    """
    waiting = _filtered(community_id, filters, now=now)
    rows = list(_ordered(_behind(waiting, after))[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    last = rows[-1] if more else None
    return QueuePage(
        rows=tuple(_rows(rows, community_id=community_id, member_id=member_id, now=now)),
        after=f"{last.lane}.{last.priority}.{last.pk}" if last else "",
        total=waiting.count(),
    )


def queue(
    *,
    community_id: int,
    member_id: int,
    state: CaseState = CaseState.OPEN,
    limit: int = 50,
    now: datetime | None = None,
) -> list[QueueRow]:
    """The first cases, threats before all else, in the order in which they are given out."""
    rows = _ordered(Case.objects.filter(community_id=community_id, state=state.value))[:limit]
    return _rows(list(rows), community_id=community_id, member_id=member_id, now=now)


def handed(*, community_id: int, member_id: int, now: datetime) -> list[QueueRow]:
    """What others have handed to this moderator and keep for them."""
    cases = Case.objects.filter(community_id=community_id, state=CaseState.OPEN.value)
    mine = _ordered(cases.filter(handed_to_id=member_id, handed_until__gt=now))
    return _rows(list(mine[:50]), community_id=community_id, member_id=member_id, now=now)


def _ordered(cases: QuerySet[Case]) -> QuerySet[Case]:
    # "threat" sorts behind "general": descending, the threat lane is first.
    counted = cases.select_related("item", "screening").prefetch_related(
        "reports", "outside_reports", "visitor_reports", "notes"
    )
    return counted.order_by("-lane", "-priority", "id")


def _behind(cases: QuerySet[Case], after: str) -> QuerySet[Case]:
    lane, _dot, rest = after.partition(".")
    numbers = [int(n) for n in rest.split(".") if n.isascii() and n.isdecimal() and len(n) < 20 and int(n) < 2**63]
    if lane not in set(Lane) or len(numbers) != 2:
        return cases
    priority, case_id = numbers
    same = Q(lane=lane) & (Q(priority__lt=priority) | Q(priority=priority, id__gt=case_id))
    return cases.filter(same | Q(lane__lt=lane))


def _filtered(community_id: int, filters: Filters, *, now: datetime) -> QuerySet[Case]:
    cases = Case.objects.filter(community_id=community_id, state=CaseState.OPEN.value)
    if filters.lane is not None:
        cases = cases.filter(lane=filters.lane.value)
    if filters.source is not None:
        cases = cases.filter(source=filters.source.value)
    if filters.category:
        cases = cases.filter(category=filters.category)
    if filters.author:
        handle = filters.author.removeprefix("@")
        here = Profile.objects.filter(community_id=community_id, handle=handle.lower())
        there = OutsidePost.objects.filter(community_id=community_id, author=handle)
        cases = cases.filter(Q(item__author_id__in=here.values("pk")) | Q(subject__in=there.values("url")))
    if filters.older_than is not None:
        cases = cases.filter(opened_at__lte=now - filters.older_than)
    return cases


def _rows(cases: list[Case], *, community_id: int, member_id: int, now: datetime | None) -> list[QueueRow]:
    handles = dict(
        Profile.objects.filter(
            community_id=community_id, pk__in={c.item.author_id for c in cases if c.item.author_id}
        ).values_list("pk", "handle")
    )
    urls = [c.subject for c in cases if is_url(c.subject)]
    platforms = dict(
        OutsidePost.objects.filter(community_id=community_id, url__in=urls).values_list("url", "source") if urls else ()
    )
    barred = why_not(cases, community_id=community_id, member_id=member_id)
    mine_not = [case for case in cases if case.pk in barred]
    categories = categories_by_key(community_id)
    left_over = nobody_left(mine_not, community_id=community_id) if mine_not else set()
    away = whereabouts(list(left_over), community_id=community_id) if left_over else {}
    return [
        _row(
            c,
            handle=handles.get(c.item.author_id or 0, ""),
            platform=platforms.get(c.subject, ""),
            member_id=member_id,
            barred=barred.get(c.pk, ""),
            for_host=c.pk in left_over,
            away=away.get(c.pk),
            pointed=rule_of_screening(c.screening, categories),
            now=now,
        )
        for c in cases
    ]


def _row(
    case: Case,
    *,
    handle: str,
    platform: str,
    member_id: int,
    barred: str,
    for_host: bool,
    away: str | None,
    pointed: tuple[str, float] | None,
    now: datetime | None,
) -> QueueRow:
    visitors = list(case.visitor_reports.all())
    members: list[Report | OutsideReport] = [*case.reports.all(), *case.outside_reports.all()]
    reasons = [report.reason for report in (*members, *visitors)]
    scores = case.screening.scores if case.screening else {}
    kept = case.handed_until is not None and (now is None or now < case.handed_until)
    return QueueRow(
        case_id=case.pk,
        lane=Lane(case.lane),
        category=case.category,
        priority=case.priority,
        source=Source(case.source),
        opened_at=case.opened_at,
        reports=len(members),
        visitors=len(visitors),
        reasons=tuple(dict.fromkeys(map(ReportReason, reasons))),
        likeliest=max(scores.items(), key=lambda score: score[1]) if scores else None,
        pointed=pointed,
        held=case.held,
        why=_why(case, len(members), len(visitors)),
        excerpt=case.item.text[:160],
        handle=handle,
        platform=platform,
        state=CaseState(case.state),
        claimed_by_me=case.claimed_by_id == member_id and case.state == CaseState.CLAIMED,
        handed="" if not kept else "me" if case.handed_to_id == member_id else "other",
        notes=len(case.notes.all()),
        why_not=barred,
        is_own=case.item.author_id == member_id,
        for_host=for_host,
        away=away,
    )


def _why(case: Case, members: int, visitors: int) -> str:
    if case.screening and case.screening.lists:
        return _("on the list “%(name)s”") % {"name": case.screening.lists[0]["name"]}
    if case.held:
        return _("held by screening")
    if case.source == Source.HOST:
        return _("the host asks about it")
    said = []
    if members:
        said.append(ngettext("%(count)d member report", "%(count)d member reports", members) % {"count": members})
    if visitors:
        said.append(ngettext("%(count)d visitor report", "%(count)d visitor reports", visitors) % {"count": visitors})
    if said:
        return ", ".join(said)
    return _("noticed by screening")


def next_claimed(*, community_id: int, member_id: int, now: datetime) -> int | None:
    """The case this moderator holds now."""
    return (
        Case.objects.filter(
            community_id=community_id,
            state=CaseState.CLAIMED.value,
            claimed_by_id=member_id,
            claim_expires_at__gt=now,
        )
        .values_list("pk", flat=True)
        .first()
    )
