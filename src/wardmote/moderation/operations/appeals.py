"""Appeals: one a measure, heard by somebody who did not decide it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.communities.policy import Action
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Decision, OutsidePost
from wardmote.moderation.operations.away import decided_at_home
from wardmote.moderation.operations.decisions import decided_by
from wardmote.moderation.operations.subjects import hold_subject
from wardmote.moderation.policy import REASON_LIMIT, AppealState
from wardmote.moderation.policy.decisions import may_appeal
from wardmote.moderation.policy.parties import check_impartial
from wardmote.moderation.policy.seen import check_seen
from wardmote.moderation.queries.parties import addressed, first_deciders
from wardmote.moderation.queries.seen import appeal_seen
from wardmote.record import operations as record


@transaction.atomic
def file_appeal(*, community_id: int, member_id: int, decision_id: int, text: str, now: datetime) -> int:
    """The author's word against a measure on what they wrote; once a measure, within six months."""
    decision = (
        Decision.objects.select_related("case", "item")
        .filter(community_id=community_id, pk=decision_id, case__item__author_id=member_id)
        .first()
    )
    if decision is None:
        raise NotFound(_("There is no such decision about you."))
    appellant = Urn("member", member_id)
    return _file(decision, appellant_id=member_id, actor=appellant, about=appellant, text=text, now=now)


@transaction.atomic
def file_outside_appeal(*, community_id: int, decision_id: int, text: str, now: datetime) -> int:
    """The same by the author of a post elsewhere, who has no account here: the record names them by their post."""
    decision = Decision.objects.select_related("case").filter(community_id=community_id, pk=decision_id).first()
    post = (
        OutsidePost.objects.filter(community_id=community_id, url=decision.case.subject).first() if decision else None
    )
    if decision is None or post is None:
        raise NotFound(_("There is no such decision here."))
    return _file(decision, appellant_id=None, actor=post.urn, about=post.urn, text=text, now=now)


def _file(decision: Decision, *, appellant_id: int | None, actor: Urn, about: Urn, text: str, now: datetime) -> int:
    if not may_appeal(action=Action(decision.action), decided_at=decision.decided_at, now=now):
        raise Refused(_("The time to appeal against this decision is over."))
    if decision.reversed_at is not None:
        raise Conflict(_("This decision is undone already."))
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                community_id=decision.community_id,
                decision=decision,
                first_decider_id=decision.decided_by_id,
                first_decider_staff_id=decision.decided_by_staff_id,
                appellant_id=appellant_id,
                text=text,
                state=AppealState.OPEN.value,
                filed_at=now,
            )
    except IntegrityError:
        raise Conflict(_("You have appealed against this already.")) from None
    record.append(
        now=now,
        actor=actor,
        verb="appeal.filed",
        subject=appeal.urn,
        community=Urn("community", decision.community_id),
        facts={"decision": str(decision.urn), "case": str(decision.case.urn)},
        content={"text": text},
        about=about,
    )
    return appeal.pk


@transaction.atomic
def decide_appeal(
    *,
    community_id: int,
    member_id: int,
    appeal_id: int,
    reverse: bool,
    reason: str,
    seen: str,
    judges: Urn | None = None,
    now: datetime,
) -> Appeal:
    """Uphold or reverse. A reversal marks the decision; `carry_out` then undoes what followed from it.

    `judges` names the community whose moderators hear it, where it is not its own.
    `seen` is what the sheet was written about; Changed where something else is there by now.
    """
    appeal = locked_appeal(community_id=community_id, appeal_id=appeal_id)
    check_impartial(
        member_id=member_id,
        author_id=appeal.appellant_id,
        reporter_ids=appeal.decision.case.reports.values_list("reporter_id", flat=True),
        decided_by=member_id if member_id in first_deciders(appeal) else None,
        addressed=addressed([appeal.decision.case], community_id=community_id, member_ids=[member_id])[
            appeal.decision.case_id
        ],
    )
    check_seen(appeal_seen(appeal), seen)
    return settle_appeal(
        appeal,
        by=Urn("member", member_id),
        reverse=reverse,
        reason=reason,
        judges=str(judges) if judges else "",
        now=now,
    )


def locked_appeal(*, community_id: int, appeal_id: int) -> Appeal:
    """An open appeal, kept still with what it is about; inside the caller's transaction."""
    subjects = Appeal.objects.filter(community_id=community_id, pk=appeal_id)
    subject = subjects.values_list("decision__case__subject", flat=True).first()
    if subject is None:
        raise NotFound(_("There is no such appeal here."))
    hold_subject(community_id=community_id, subject=subject)
    appeal = Appeal.objects.select_for_update().get(community_id=community_id, pk=appeal_id)
    if appeal.state != AppealState.OPEN:
        raise Conflict(_("This appeal is decided already."))
    return appeal


def settle_appeal(appeal: Appeal, *, by: Urn, reverse: bool, reason: str, judges: str, now: datetime) -> Appeal:
    """Store the outcome of an appeal whose hearer was checked. `by` and `judges` as for `settle_case`."""
    if is_blank(reason):
        raise Invalid(_("Say in a sentence why; the author reads it."), field="reason")
    if len(reason) > REASON_LIMIT:
        raise Invalid(
            too_long(len(reason), REASON_LIMIT),
            field="reason",
        )
    appeal.state = (AppealState.REVERSED if reverse else AppealState.UPHELD).value
    appeal.outcome_reason, appeal.decided_at = reason.strip(), now
    for column, identifier in decided_by(by).items():
        setattr(appeal, column, identifier)
    appeal.save()
    if reverse:
        appeal.decision.reversed_at = now
        appeal.decision.save(update_fields=["reversed_at"])
    if not judges:
        decided_at_home(
            community_id=appeal.community_id,
            case_id=appeal.decision.case_id,
            appeal_id=appeal.pk,
            actor=by,
            now=now,
        )
    record.append(
        now=now,
        actor=by,
        verb="appeal.decided",
        subject=appeal.urn,
        community=Urn("community", appeal.community_id),
        facts={
            "decision": str(appeal.decision.urn),
            "case": str(appeal.decision.case.urn),
            "outcome": appeal.state,
            "content_hash": appeal.decision.item.content_hash,
            "reason": appeal.outcome_reason,
            **({"judges": judges} if judges else {}),
        },
    )
    return appeal
