"""A suspension: proposed, heard, approved by two who did not open the case, carried out; and the way back.

A termination is another thing: it needs two other people, and it can only follow a suspension.
"""

from datetime import datetime

from django.db import transaction

from wardmote.hosting import operations as hosting
from wardmote.hosting import queries
from wardmote.hosting.models import Case, Proposal
from wardmote.hosting.policy import NoticeDraft, NoticeKind, ProposalKind
from wardmote.journeys.steps.deliver import hand_notice
from wardmote.journeys.steps.permission import host_staff
from wardmote.kernel import i18n
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn


def propose(
    *,
    staff_id: int,
    case_id: int,
    kind: ProposalKind,
    reasons: str,
    effect: str,
    return_conditions: str,
    data_plan: str,
    seen: str | None = None,
    now: datetime,
) -> int:
    """Put it before the approvers, and a suspension before the customer too; gives the proposal's id.

    Refused with the name of everything that is missing.
    """
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        proposal = hosting.make_proposal(
            case=case,
            kind=kind,
            reasons=reasons,
            effect=effect,
            return_conditions=return_conditions,
            data_plan=data_plan,
            staff=staff,
            now=now,
        )
        if kind is ProposalKind.SUSPENSION:
            _write(case, proposal, NoticeKind.PROPOSAL, staff=staff, now=now)
    return proposal.pk


def approve(*, staff_id: int, proposal_id: int, seen: str | None = None, now: datetime) -> int:
    """One person's yes; gives how many there are now."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(queries.case_of_proposal(proposal_id), seen=seen)
        return hosting.approve_proposal(
            case=case, proposal=hosting.proposal_of(case, proposal_id), staff=staff, now=now
        )


def carry_out(*, staff_id: int, proposal_id: int, seen: str | None = None, now: datetime) -> None:
    """Suspend, or terminate, when everything that is needed holds at this moment; the customer gets the reasons."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(queries.case_of_proposal(proposal_id), seen=seen)
        proposal = hosting.proposal_of(case, proposal_id)
        hosting.carry_out_proposal(case=case, proposal=proposal, staff=staff, now=now)
        is_suspension = proposal.kind == ProposalKind.SUSPENSION
        kind = NoticeKind.SUSPENSION if is_suspension else NoticeKind.TERMINATION
        _write(case, proposal, kind, staff=staff, now=now)


def withdraw(*, staff_id: int, proposal_id: int, reason: str, seen: str | None = None, now: datetime) -> None:
    """Take a proposal back."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(queries.case_of_proposal(proposal_id), seen=seen)
        proposal = hosting.proposal_of(case, proposal_id)
        hosting.withdraw_proposal(case=case, proposal=proposal, reason=reason, staff=staff, now=now)


def reinstate(
    *, staff_id: int, case_id: int, reason: str, evidence: str, seen: str | None = None, now: datetime
) -> None:
    """The conditions for return are met: everything is there again."""
    staff = host_staff(staff_id)
    with transaction.atomic(durable=True):
        case = hosting.locked_case(case_id, seen=seen)
        hosting.reinstate(case=case, reason=reason, evidence=evidence, staff=staff, now=now)
        with i18n.speaking(queries.language_of_customer(case)):
            draft = NoticeDraft(
                kind=NoticeKind.REINSTATEMENT,
                words=reason,
                effect=_("Members and visitors read and write as before."),
                return_conditions=_(
                    "The conditions for return were shown to be met. What is reported anew is a case of its own."
                ),
            )
        notice = hosting.issue_notice(case=case, draft=draft, staff=staff, now=now)
        hand_notice(case, notice, now=now)


def _write(case: Case, proposal: Proposal, kind: NoticeKind, *, staff: Urn, now: datetime) -> None:
    with i18n.speaking(queries.language_of_customer(case)):
        your_data = _("Your data")
    draft = NoticeDraft(
        kind=kind,
        words=proposal.reasons,
        effect=proposal.effect,
        return_conditions=f"{proposal.return_conditions}\n\n{your_data}\n{proposal.data_plan}",
    )
    notice = hosting.issue_notice(case=case, draft=draft, staff=staff, proposal=proposal, now=now)
    hand_notice(case, notice, now=now)
