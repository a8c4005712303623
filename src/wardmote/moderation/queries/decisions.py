"""Decisions as moderators see them: what and why, never by whom (except one's own, and the host's)."""

from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Action
from wardmote.moderation.models import Appeal, CaseText, Decision, Screening
from wardmote.moderation.policy.endings import Ending
from wardmote.moderation.queries.endings import BESIDE, ending_of


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision. `appeal_state` is empty where nobody appealed; `mine`: the reader decided it; `by_host`: the host
    did, as nobody of the community may.

    `ending`: what undid it, None while it holds; `correction`: why it took the place of the one before. `content_hash`:
    of the text that was judged.
    """

    decision_id: int
    case_id: int
    action: Action
    clause_key: str
    clause_title: str
    reason: str
    until: datetime | None
    decided_at: datetime
    reversed_at: datetime | None
    appeal_state: str
    mine: bool
    excerpt: str = ""
    ending: Ending | None = None
    correction: str = ""
    content_hash: str = ""
    by_host: bool = False


def view(decision: Decision, *, member_id: int) -> DecisionView:
    """The plain value of a row fetched with `select_related("clause", "item", *BESIDE)`."""
    appealed: Appeal | None = getattr(decision, "appeal", None)
    return DecisionView(
        decision_id=decision.pk,
        case_id=decision.case_id,
        action=Action(decision.action),
        clause_key=decision.clause.key if decision.clause else "",
        clause_title=decision.clause.title if decision.clause else "",
        reason=decision.reason,
        until=decision.until,
        decided_at=decision.decided_at,
        reversed_at=decision.reversed_at,
        appeal_state=appealed.state if appealed else "",
        mine=decision.decided_by_id == member_id,
        excerpt=decision.item.text[:160],
        ending=ending_of(decision),
        correction=decision.correction,
        content_hash=decision.item.content_hash,
        by_host=decision.decided_by_staff_id is not None,
    )


def screening_of(decision: Decision) -> Screening | None:
    """What was said of the text that was judged; None where it was not screened."""
    text = CaseText.objects.select_related("screening").filter(case=decision.case_id, item=decision.item_id).first()
    return text.screening if text else None


def decided(*, community_id: int, member_id: int, before: int | None = None, limit: int = 50) -> list[DecisionView]:
    """The newest decisions of a community."""
    rows = Decision.objects.filter(community_id=community_id).select_related("clause", "item", *BESIDE)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [view(d, member_id=member_id) for d in rows.order_by("-pk")[:limit]]
