"""Appeals as the moderators who may hear them see them."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.kernel.errors import Refused
from wardmote.moderation.models import Appeal
from wardmote.moderation.policy import AppealState
from wardmote.moderation.policy.parties import check_impartial
from wardmote.moderation.queries.cases import ItemView, SpanView, item_view, spans_of
from wardmote.moderation.queries.decisions import DecisionView, screening_of, view
from wardmote.moderation.queries.parties import addressed, appeals_away, first_deciders, nobody_hears
from wardmote.moderation.queries.seen import appeal_seen
from wardmote.moderation.queries.state import present_text


@dataclass(frozen=True, slots=True)
class AppealRow:
    """One line of the appeals list; `why_not` says why this reader may not hear it, "" where they may.

    `for_others`: nobody of this community may; `away`: the title of the community that hears it then, "" for the host,
    None where nobody was asked yet.
    """

    appeal_id: int
    decision_id: int
    case_id: int
    filed_at: datetime
    excerpt: str
    why_not: str
    for_others: bool
    away: str | None

    @property
    def may_hear(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal with what it is about; `why_not` says in a sentence why this reader may not hear it.

    `item` is the text that was judged, `present` what is there now where that is another, which a reversal leaves.
    """

    appeal_id: int
    text: str
    state: AppealState
    filed_at: datetime
    decided_at: datetime | None
    outcome_reason: str
    decision: DecisionView
    item: ItemView
    spans: tuple[SpanView, ...]
    may_hear: bool
    why_not: str
    present: str
    seen: str


def _why_not(appeal: Appeal, *, member_id: int) -> str:
    case = appeal.decision.case
    try:
        check_impartial(
            member_id=member_id,
            author_id=appeal.appellant_id,
            reporter_ids=[r.reporter_id for r in case.reports.all()],
            decided_by=member_id if member_id in first_deciders(appeal) else None,
            addressed=addressed([case], community_id=appeal.community_id, member_ids=[member_id])[case.pk],
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def appeals(*, community_id: int, member_id: int, limit: int = 100) -> list[AppealRow]:
    """The open appeals of a community, oldest first."""
    rows = (
        Appeal.objects.filter(community_id=community_id, state=AppealState.OPEN.value)
        .select_related("decision__case__item", "first_decider")
        .prefetch_related("decision__case__reports")
        .order_by("id")[:limit]
    )
    barred = {a.pk: _why_not(a, member_id=member_id) for a in rows}
    left_over = {a.pk for a in rows if barred[a.pk] and nobody_hears(a)}
    away = appeals_away(left_over, community_id=community_id) if left_over else {}
    return [
        AppealRow(
            a.pk,
            a.decision_id,
            a.decision.case_id,
            a.filed_at,
            a.text[:160],
            barred[a.pk],
            a.pk in left_over,
            away.get(a.pk),
        )
        for a in rows
    ]


def appeal(*, community_id: int, appeal_id: int, member_id: int) -> AppealView | None:
    """One appeal of this community; None for any other."""
    row = (
        Appeal.objects.filter(community_id=community_id, pk=appeal_id)
        .select_related("decision__case__item", "decision__item", "decision__clause", "first_decider")
        .first()
    )
    if row is None:
        return None
    why_not = _why_not(row, member_id=member_id)
    item = row.decision.item
    present = present_text(community_id=community_id, subject=item.subject) or ""
    return AppealView(
        appeal_id=row.pk,
        text=row.text,
        state=AppealState(row.state),
        filed_at=row.filed_at,
        decided_at=row.decided_at,
        outcome_reason=row.outcome_reason,
        decision=view(row.decision, member_id=member_id),
        item=item_view(item),
        spans=spans_of(
            screening_of(row.decision), category=row.decision.clause.category if row.decision.clause else ""
        ),
        may_hear=not why_not and row.state == AppealState.OPEN,
        why_not=why_not,
        present="" if present == item.text else present,
        seen=appeal_seen(row).encode(),
    )
