"""A member is removed by the owner, and comes back: a suspension without an end, which is appealed like any measure."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from wardmote.communities.models import Clause
from wardmote.communities.policy import Action, Severity
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.i18n import LASTING, too_long
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Decision
from wardmote.moderation.operations.cases import open_case
from wardmote.moderation.operations.claims import claim_case
from wardmote.moderation.operations.decisions import decide_case
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.policy import REASON_LIMIT, Source
from wardmote.moderation.policy.drafts import CaseDraft
from wardmote.moderation.queries.seen import sheet_of_case
from wardmote.moderation.queries.state import present_text
from wardmote.record import operations as record


@transaction.atomic
def remove_member(
    *, community_id: int, member_id: int, author_id: int, handle: str, clause_id: int, reason: str, now: datetime
) -> Decision:
    """Decide, in a case about the member's profile, that they are shut out until it is lifted.

    `member_id` decides; Conflict where the member is removed already, or somebody holds a case about their profile.
    """
    if _lasting(community_id, author_id).exists():
        raise Conflict(_("This member is removed already."))
    clause = Clause.objects.filter(policy__community_id=community_id, pk=clause_id).first()
    if clause is None:
        raise Invalid(_("Choose the clause that was broken."), field="clause")
    subject = Urn("profile", author_id)
    hold_subject(community_id=community_id, subject=subject)
    draft = CaseDraft(
        community_id=community_id,
        subject=subject,
        author_id=author_id,
        text=present_text(community_id=community_id, subject=str(subject)) or f"@{handle}",
        context={"path": f"/@{handle}"},
        category=clause.category,
        severity=Severity(clause.severity),
        source=Source.OWNER,
        score=0.0,
        screening_id=None,
    )
    case = open_case(draft, actor=Urn("member", member_id), now=now)
    claim_case(community_id=community_id, member_id=member_id, case_id=case.pk, now=now)
    return decide_case(
        community_id=community_id,
        member_id=member_id,
        case_id=case.pk,
        action=Action.SUSPEND,
        clause_id=clause_id,
        reason=reason,
        days=None,
        lasting=True,
        seen=sheet_of_case(community_id=community_id, case_id=case.pk),
        now=now,
    )


@transaction.atomic
def lift_removal(*, community_id: int, author_id: int, reason: str, actor: Urn, now: datetime) -> list[Decision]:
    """Undo what shuts a member out; `carry_out` then does what follows. NotFound where nothing does."""
    if is_blank(reason):
        raise Invalid(_("Say in a sentence why; the member reads it."), field="reason")
    if len(reason) > REASON_LIMIT:
        raise Invalid(too_long(len(reason), REASON_LIMIT), field="reason")
    decisions = list(_lasting(community_id, author_id).select_for_update().order_by("pk"))
    if not decisions:
        raise NotFound(_("This member is not removed."))
    for decision in decisions:
        decision.reversed_at = now
        decision.save(update_fields=["reversed_at"])
        record.append(
            now=now,
            actor=actor,
            verb="case.removal_lifted",
            subject=decision.case.urn,
            community=Urn("community", community_id),
            facts={"decision": str(decision.urn), "reason": reason.strip()},
        )
    return decisions


def _lasting(community_id: int, author_id: int) -> QuerySet[Decision]:
    return Decision.objects.filter(
        community_id=community_id,
        case__item__author_id=author_id,
        action=Action.SUSPEND.value,
        until__gte=LASTING,
        reversed_at=None,
    )
