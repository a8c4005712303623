"""The host judges what nobody of a community may: without a claim, and above every rank of the community."""

from datetime import datetime, timedelta

from django.db import transaction

from wardmote.communities.policy import Action
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Decision
from wardmote.moderation.operations.appeals import locked_appeal, settle_appeal
from wardmote.moderation.operations.away import HOST
from wardmote.moderation.operations.decisions import find_clause, locked_case, settle_case
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.policy.decisions import check_decision, check_kindness
from wardmote.moderation.policy.seen import check_seen
from wardmote.moderation.queries.seen import appeal_seen, case_seen


@transaction.atomic
def hold_case(*, community_id: int, case_id: int) -> None:
    """Nobody decides this case, or hands it or an appeal in it on, until the transaction around this ends."""
    subject = Case.objects.filter(community_id=community_id, pk=case_id).values_list("subject", flat=True).first()
    if subject is None:
        raise NotFound(_("There is no such case here."))
    hold_subject(community_id=community_id, subject=subject)
    Case.objects.select_for_update().get(community_id=community_id, pk=case_id)


@transaction.atomic
def decide_case_as_host(
    *,
    community_id: int,
    staff: Urn,
    case_id: int,
    action: Action,
    clause_id: int | None,
    reason: str,
    days: int | None,
    seen: str,
    judged: str = "",
    now: datetime,
) -> Decision:
    """Decide a case that was handed to the host; that it was, and that `staff` may, is checked before.

    `seen` and `judged` as for `decide_case`. The host also warns and suspends whoever moderates the community or owns
    it, which nobody there may.
    """
    case = locked_case(community_id=community_id, case_id=case_id)
    check_seen(case_seen(case), seen)
    clause = find_clause(community_id, None if action is Action.NONE else clause_id)
    check_kindness(case.category, action)
    check_decision(action, has_clause=clause is not None, reason=reason, days=days, lasting=False)
    return settle_case(
        case,
        by=staff,
        action=action,
        clause=clause,
        reason=reason,
        until=now + timedelta(days=days) if days else None,
        judged=judged,
        judges=HOST,
        now=now,
    )


@transaction.atomic
def decide_appeal_as_host(
    *, community_id: int, staff: Urn, appeal_id: int, reverse: bool, reason: str, seen: str, now: datetime
) -> Appeal:
    """Uphold or reverse an appeal that was handed to the host; what is checked before is as for a case."""
    appeal = locked_appeal(community_id=community_id, appeal_id=appeal_id)
    check_seen(appeal_seen(appeal), seen)
    return settle_appeal(appeal, by=staff, reverse=reverse, reason=reason, judges=HOST, now=now)
