"""Decisions: one moderator, one case, one clause, one action."""

from datetime import datetime, timedelta

from django.db import transaction

from wardmote.communities.models import Clause
from wardmote.communities.policy import Action
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.urn import Urn
from wardmote.kernel.words import gettext as _
from wardmote.moderation.models import Case, Decision
from wardmote.moderation.operations.staff import check_measure
from wardmote.moderation.policy import CaseState, check_decision, check_impartial
from wardmote.record import operations as record


@transaction.atomic
def decide_case(
    *,
    community_id: int,
    member_id: int,
    case_id: int,
    action: Action,
    clause_id: int | None,
    reason: str,
    days: int | None,
    now: datetime,
) -> Decision:
    """Decide a case that this moderator holds. What follows from it is carried out by `carry_out`."""
    case = Case.objects.select_for_update().filter(community_id=community_id, pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case here."))
    if case.state == CaseState.DECIDED:
        raise Conflict(_("This case is decided already."))
    if case.claimed_by_id != member_id or case.claim_expires_at is None or case.claim_expires_at <= now:
        raise Conflict(_("You do not hold this case any more; claim it again."))
    check_impartial(
        member_id=member_id,
        author_id=case.item.author_id,
        reporter_ids=case.reports.values_list("reporter_id", flat=True),
        decided_by=None,
    )
    clause = Clause.objects.filter(pk=clause_id, policy__community_id=community_id).first() if clause_id else None
    if clause_id and clause is None:
        raise NotFound(_("There is no such clause in this community's policy."))
    check_decision(action, has_clause=clause is not None, reason=reason, days=days)
    check_measure(community_id=community_id, member_id=member_id, author_id=case.item.author_id, action=action)
    decision = Decision.objects.create(
        community_id=community_id,
        case=case,
        decided_by_id=member_id,
        clause=clause,
        action=action.value,
        reason=reason.strip(),
        until=now + timedelta(days=days) if days else None,
        decided_at=now,
    )
    case.state, case.decided_at, case.claim_expires_at = CaseState.DECIDED.value, now, None
    case.save(update_fields=["state", "decided_at", "claim_expires_at"])
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="case.decided",
        subject=case.urn,
        community=Urn("community", community_id),
        facts={
            "decision": str(decision.urn),
            "item": case.subject,
            "content_hash": case.item.content_hash,
            "action": action.value,
            "clause": clause.key if clause else None,
            "until": to_rfc3339(decision.until) if decision.until else None,
            "reason": decision.reason,
        },
    )
    return decision
