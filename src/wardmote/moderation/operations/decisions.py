"""Decisions: one moderator, one case, one clause, one action."""

from datetime import datetime, timedelta

from django.db import transaction

from wardmote.communities.models import Clause
from wardmote.communities.policy import Action
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.i18n import LASTING
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, CaseText, Decision, Item
from wardmote.moderation.operations.away import decided_at_home
from wardmote.moderation.operations.cases import note_text
from wardmote.moderation.operations.staff import check_measure
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.policy import CaseState
from wardmote.moderation.policy.decisions import check_decision, check_kindness
from wardmote.moderation.policy.seen import check_seen
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.queries.parties import check_may_judge
from wardmote.moderation.queries.seen import case_seen
from wardmote.moderation.queries.state import present_text
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
    seen: str,
    judged: str = "",
    lasting: bool = False,
    judges: Urn | None = None,
    now: datetime,
) -> Decision:
    """Decide a case that this moderator holds. What follows from it is carried out by `carry_out`.

    `judges` names the community whose moderators decide, where it is not the case's own.
    `lasting`: a suspension that ends only when somebody lifts it; without `days`.
    `seen` is what their sheet was written about; Changed where something has come since. `judged` is the hash of the
    text that breaks the rule where the case has several; else, and for no action, it is the newest.
    """
    case = locked_case(community_id=community_id, case_id=case_id)
    if case.claimed_by_id != member_id or case.claim_expires_at is None or case.claim_expires_at <= now:
        raise Conflict(_("You do not hold this case any more; claim it again."))
    check_may_judge(case, member_id=member_id)
    check_seen(case_seen(case), seen)
    clause = find_clause(community_id, None if action is Action.NONE else clause_id)
    check_sheet(case, member_id=member_id, action=action, clause=clause, reason=reason, days=days, lasting=lasting)
    return settle_case(
        case,
        by=Urn("member", member_id),
        action=action,
        clause=clause,
        reason=reason,
        until=LASTING if lasting else now + timedelta(days=days) if days else None,
        judged=judged,
        judges=str(judges) if judges else "",
        now=now,
    )


def locked_case(*, community_id: int, case_id: int) -> Case:
    """An undecided case, kept still with what it is about; inside the caller's transaction."""
    subject = Case.objects.filter(community_id=community_id, pk=case_id).values_list("subject", flat=True).first()
    if subject is None:
        raise NotFound(_("There is no such case here."))
    hold_subject(community_id=community_id, subject=subject)
    case = Case.objects.select_for_update().get(community_id=community_id, pk=case_id)
    if case.state == CaseState.DECIDED:
        raise Conflict(_("This case is decided already."))
    return case


def settle_case(
    case: Case,
    *,
    by: Urn,
    action: Action,
    clause: Clause | None,
    reason: str,
    until: datetime | None,
    judged: str,
    judges: str,
    now: datetime,
) -> Decision:
    """Store a decision that was checked, and end its case. `by`: a member, or a person of the host's staff; `judges`:
    who they judge for, "" where it is the case's own community."""
    item = _judged(case, "" if action is Action.NONE else judged, now=now)
    decision = Decision.objects.create(
        community_id=case.community_id,
        case=case,
        item=item,
        **decided_by(by),
        clause=clause,
        action=action.value,
        reason=reason.strip(),
        until=until,
        decided_at=now,
    )
    case.state, case.decided_at, case.claim_expires_at = CaseState.DECIDED.value, now, None
    case.save(update_fields=["state", "decided_at", "claim_expires_at"])
    if not judges:
        decided_at_home(community_id=case.community_id, case_id=case.pk, actor=by, now=now)
    record.append(
        now=now,
        actor=by,
        verb="case.decided",
        subject=case.urn,
        community=Urn("community", case.community_id),
        facts={
            "decision": str(decision.urn),
            "item": case.subject,
            "content_hash": item.content_hash,
            "action": action.value,
            "clause": clause.key if clause else None,
            "until": to_rfc3339(decision.until) if decision.until else None,
            "reason": decision.reason,
            **({"judges": judges} if judges else {}),
        },
    )
    return decision


def decided_by(by: Urn) -> dict[str, int]:
    """The column that names who decides: a member, or a person of the host's staff."""
    return {"decided_by_id" if by.kind == "member" else "decided_by_staff_id": by.id}


def _judged(case: Case, content_hash: str, *, now: datetime) -> Item:
    """The text that the decision is about."""
    present = present_text(community_id=case.community_id, subject=case.subject)
    if present is not None and hash_text(present) != case.item.content_hash:
        # Written before edits joined their case: the moderator had it before them, so it is kept like the others.
        note_text(
            community_id=case.community_id,
            subject=case.subject,
            author_id=case.item.author_id,
            text=present,
            context=case.item.context,
            screening_id=None,
            now=now,
        )
        case.refresh_from_db(fields=["item"])
    return judged_item(case, content_hash) if content_hash else case.item


def judged_item(case: Case, content_hash: str) -> Item:
    """One of the texts of a case, by its hash."""
    if content_hash == case.item.content_hash:
        return case.item
    kept = CaseText.objects.filter(case=case, item__content_hash=content_hash).select_related("item").first()
    if kept is None:
        raise Invalid(_("This case has no such text."), field="judged")
    return kept.item


def check_sheet(
    case: Case,
    *,
    member_id: int,
    action: Action,
    clause: Clause | None,
    reason: str,
    days: int | None,
    lasting: bool = False,
) -> None:
    """Refuse a decision that could not be explained, or a measure that is not this moderator's to take."""
    check_kindness(case.category, action)
    check_decision(action, has_clause=clause is not None, reason=reason, days=days, lasting=lasting)
    check_measure(community_id=case.community_id, member_id=member_id, author_id=case.item.author_id, action=action)


def find_clause(community_id: int, clause_id: int | None) -> Clause | None:
    """The clause of that id in this community's policy, also one of an earlier version; None for none."""
    if clause_id is None:
        return None
    clause = Clause.objects.filter(pk=clause_id, policy__community_id=community_id).first()
    if clause is None:
        raise NotFound(_("There is no such clause in this community's policy."))
    return clause
