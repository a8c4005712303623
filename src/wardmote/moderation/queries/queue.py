"""The queue as a moderator sees it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from wardmote.kernel.words import gettext as _
from wardmote.kernel.words import ngettext
from wardmote.moderation.models import Appeal, Case, Decision, OutsidePost
from wardmote.moderation.policy import AppealState, CaseState, Lane, Source, is_url
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
    """One line of the queue; `why` says in a few words how it came here, `platform` where it stands if not here."""

    case_id: int
    lane: Lane
    category: str
    priority: int
    source: Source
    opened_at: datetime
    reports: int
    held: bool
    why: str
    excerpt: str
    handle: str
    platform: str
    state: CaseState
    claimed_by_me: bool


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
        decided_today=Decision.objects.filter(community_id=community_id, decided_at__gte=midnight).count(),
    )


def queue(*, community_id: int, member_id: int, state: CaseState = CaseState.OPEN, limit: int = 50) -> list[QueueRow]:
    """The first cases of each lane in the order in which they are given out."""
    rows: list[Case] = []
    for lane in (Lane.THREAT, Lane.GENERAL):
        waiting = Case.objects.filter(community_id=community_id, lane=lane.value, state=state.value)
        rows.extend(
            waiting.select_related("item", "screening")
            .annotate(report_count=Count("reports", distinct=True) + Count("outside_reports", distinct=True))
            .order_by("-priority", "id")[: limit - len(rows)]
        )
    handles = dict(
        Profile.objects.filter(
            community_id=community_id, pk__in={c.item.author_id for c in rows if c.item.author_id}
        ).values_list("pk", "handle")
    )
    urls = [c.subject for c in rows if is_url(c.subject)]
    platforms = dict(
        OutsidePost.objects.filter(community_id=community_id, url__in=urls).values_list("url", "source") if urls else ()
    )
    return [_row(c, handles=handles, platforms=platforms, member_id=member_id) for c in rows]


def _row(case: Case, *, handles: dict[int, str], platforms: dict[str, str], member_id: int) -> QueueRow:
    reports: int = getattr(case, "report_count", 0)
    return QueueRow(
        case_id=case.pk,
        lane=Lane(case.lane),
        category=case.category,
        priority=case.priority,
        source=Source(case.source),
        opened_at=case.opened_at,
        reports=reports,
        held=case.held,
        why=_why(case, reports),
        excerpt=case.item.text[:160],
        handle=handles.get(case.item.author_id or 0, ""),
        platform=platforms.get(case.subject, ""),
        state=CaseState(case.state),
        claimed_by_me=case.claimed_by_id == member_id and case.state == CaseState.CLAIMED,
    )


def _why(case: Case, reports: int) -> str:
    if case.screening and case.screening.lists:
        return _("on the list “%(name)s”") % {"name": case.screening.lists[0]["name"]}
    if case.held:
        return _("held by screening")
    if case.source == Source.HOST:
        return _("the host asks about it")
    if reports:
        return ngettext("%(count)d member report", "%(count)d member reports", reports) % {"count": reports}
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
