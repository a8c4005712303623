"""Second thoughts: a decision taken back before anybody is written to, or corrected after that. Both stay on record."""

from datetime import datetime, timedelta

from django.db import transaction

from wardmote.communities.models import Clause
from wardmote.communities.policy import Action
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Decision, Item
from wardmote.moderation.operations.decisions import check_sheet, find_clause, judged_item
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.policy import CLAIM_TIME, REASON_LIMIT, CaseState
from wardmote.moderation.policy.seen import check_seen
from wardmote.moderation.queries.parties import check_may_judge
from wardmote.moderation.queries.seen import case_seen
from wardmote.record import operations as record


@transaction.atomic
def take_back(
    *, community_id: int, member_id: int, decision_id: int, within: timedelta, seen: str, now: datetime
) -> Decision:
    """Undo one's own decision within that time of it: the case is in one's hands again, undecided.

    `seen` is the state of the case that the moderator had before them: what undoing publishes is what they saw.
    """
    decision = _locked(community_id=community_id, decision_id=decision_id)
    case = Case.objects.select_for_update().get(pk=decision.case_id)
    _check_not_the_hosts(decision)
    if decision.decided_by_id != member_id:
        raise Refused(_("Only whoever decided takes a decision back."))
    if decision.reversed_at is not None:
        raise Conflict(_("This decision is undone already."))
    if decision.corrects_id is not None:
        raise Conflict(_("A correction is not taken back; correct it again."))
    if decision.told_at is not None or now >= decision.decided_at + within:
        raise Conflict(_("It is too late: the letters have left. You can correct the decision."))
    if Appeal.objects.filter(decision=decision).exists():
        raise Conflict(_("Its author has appealed already; a different moderator hears it."))
    undecided = Case.objects.filter(community_id=community_id, subject=case.subject)
    if undecided.exclude(state=CaseState.DECIDED.value).exists():
        raise Conflict(_("Another case about the same has been opened meanwhile. You can correct the decision."))
    check_seen(case_seen(case), seen)
    decision.reversed_at = decision.taken_back_at = now
    decision.save(update_fields=["reversed_at", "taken_back_at"])
    case.state, case.decided_at = CaseState.CLAIMED.value, None
    case.claimed_by_id, case.claim_expires_at = member_id, now + CLAIM_TIME
    case.save(update_fields=["state", "decided_at", "claimed_by", "claim_expires_at"])
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="case.taken_back",
        subject=case.urn,
        community=Urn("community", community_id),
        facts={"decision": str(decision.urn), "item": case.subject, "content_hash": decision.item.content_hash},
    )
    return decision


@transaction.atomic
def correct(
    *,
    community_id: int,
    member_id: int,
    is_owner: bool,
    decision_id: int,
    action: Action,
    clause_id: int | None,
    reason: str,
    days: int | None,
    why: str,
    seen: str,
    judged: str = "",
    now: datetime,
) -> Decision:
    """Decide anew in place of a decision that was wrong, by whoever made it or by the owner; `why` says what was wrong.

    The decision before it counts no more. What an appeal is about is left to whoever hears the appeal. `judged` is the
    hash of the text that breaks the rule, where the case has several; else it is the one that was judged before.
    """
    before = _locked(community_id=community_id, decision_id=decision_id)
    case = Case.objects.select_for_update().get(pk=before.case_id)
    _check_may_correct(before, member_id=member_id, is_owner=is_owner)
    check_may_judge(case, member_id=member_id)
    check_seen(case_seen(case), seen)
    if is_blank(why):
        raise Invalid(_("Say what was wrong with the decision."), field="why")
    if len(why) > REASON_LIMIT:
        raise Invalid(too_long(len(why), REASON_LIMIT), field="why")
    clause = find_clause(community_id, None if action is Action.NONE else clause_id)
    check_sheet(case, member_id=member_id, action=action, clause=clause, reason=reason, days=days)
    item = before.item if action is Action.NONE or not judged else judged_item(case, judged)
    _check_differs(before, action=action, clause=clause, reason=reason.strip(), item=item)
    before.reversed_at = now
    before.save(update_fields=["reversed_at"])
    decision = Decision.objects.create(
        community_id=community_id,
        case=case,
        item=item,
        decided_by_id=member_id,
        clause=clause,
        action=action.value,
        reason=reason.strip(),
        until=now + timedelta(days=days) if days else None,
        decided_at=now,
        told_at=now,
        corrects=before,
        correction=why.strip(),
    )
    _record_correction(decision, case, now=now)
    return decision


def _check_may_correct(before: Decision, *, member_id: int, is_owner: bool) -> None:
    _check_not_the_hosts(before)
    if before.decided_by_id != member_id and not is_owner:
        raise Refused(_("Only whoever decided, or the owner, corrects a decision."))
    if before.reversed_at is not None:
        raise Conflict(_("This decision is undone already."))
    if Appeal.objects.filter(decision=before).exists():
        raise Conflict(_("Its author has appealed; the appeal decides."))


def _check_differs(before: Decision, *, action: Action, clause: Clause | None, reason: str, item: Item) -> None:
    """Refuse what says the same again, or gives the reason of a measure for doing nothing."""
    was = (before.action, before.clause.key if before.clause else None, before.reason, before.item_id)
    if (action.value, clause.key if clause else None, reason, item.pk) == was and action is not Action.SUSPEND:
        raise Invalid(_("That is what was decided."), field="action")
    if action is Action.NONE and before.action != Action.NONE and reason and reason == before.reason:
        # It says why a rule was broken: on record beside "no action" it would say the opposite of what was decided.
        raise Invalid(
            _("This is the reason of the decision before. Write why nothing is done, or leave it empty."),
            field="reason",
        )


def _record_correction(decision: Decision, case: Case, *, now: datetime) -> None:
    record.append(
        now=now,
        actor=Urn("member", decision.decided_by_id or 0),
        verb="case.corrected",
        subject=case.urn,
        community=Urn("community", decision.community_id),
        facts={
            "decision": str(decision.urn),
            "corrects": str(Urn("decision", decision.corrects_id or 0)),
            "item": case.subject,
            "content_hash": decision.item.content_hash,
            "action": decision.action,
            "clause": decision.clause.key if decision.clause else None,
            "until": to_rfc3339(decision.until) if decision.until else None,
            "reason": decision.reason,
            "why": decision.correction,
        },
    )


@transaction.atomic
def mark_told(*, community_id: int, decision_id: int, now: datetime) -> Decision | None:
    """The letters about a decision are being written; None where they were, or where it does not hold any more."""
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("case", "item", "clause")
        .filter(community_id=community_id, pk=decision_id, told_at=None, reversed_at=None)
        .first()
    )
    if decision is None:
        return None
    decision.told_at = now
    decision.save(update_fields=["told_at"])
    return decision


def _check_not_the_hosts(decision: Decision) -> None:
    """The host decides where nobody of the community may: what it decided is not the owner's to correct either."""
    if decision.decided_by_staff_id is not None:
        raise Refused(_("The host decided this, as nobody here may. Only an appeal changes it."))


def _locked(*, community_id: int, decision_id: int) -> Decision:
    rows = Decision.objects.filter(community_id=community_id, pk=decision_id)
    subject = rows.values_list("case__subject", flat=True).first()
    if subject is None:
        raise NotFound(_("There is no such decision here."))
    hold_subject(community_id=community_id, subject=subject)
    return rows.select_for_update(of=("self",)).select_related("case", "item", "clause").get()
