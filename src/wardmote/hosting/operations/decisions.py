"""Evidence is recorded, a suspension proposed, approved by two, carried out or withdrawn; and the way back."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.hosting.models import Approval, Case, Evidence, Proposal
from wardmote.hosting.operations.stages import check_reason, move_case, record_case
from wardmote.hosting.policy.kinds import ProposalKind, Stage
from wardmote.hosting.policy.ladder import check_step
from wardmote.hosting.policy.notices import LIMIT
from wardmote.hosting.policy.preconditions import Precondition, check_record
from wardmote.hosting.policy.proposals import OUTCOME, ProposalState, check_approver
from wardmote.hosting.queries.facts import facts_of
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json
from wardmote.record import operations as record


@transaction.atomic
def record_evidence(
    *,
    case: Case,
    precondition: Precondition,
    parts: Mapping[str, str],
    reference: str,
    staff: Urn,
    now: datetime,
) -> int:
    """Keep what staff found out towards a precondition; a later record takes the place of an earlier one."""
    check_record(precondition, parts, reference)
    said: dict[str, Json] = {name: _cleaned(text, name) for name, text in parts.items()}
    evidence = Evidence.objects.create(
        case=case,
        precondition=precondition.value,
        parts=said,
        reference=reference.strip()[:500],
        recorded_at=now,
        recorded_by_id=staff.id,
    )
    record.append(
        now=now,
        actor=staff,
        verb="host_evidence.recorded",
        subject=evidence.urn,
        community=case.customer.community_urn,
        facts={
            "case": str(case.urn),
            "precondition": precondition.value,
            "parts": said,
            "reference": evidence.reference,
        },
    )
    return evidence.pk


@transaction.atomic
def make_proposal(
    *,
    case: Case,
    kind: ProposalKind,
    reasons: str,
    effect: str,
    return_conditions: str,
    data_plan: str,
    staff: Urn,
    now: datetime,
) -> Proposal:
    """Put a suspension or a termination before the approvers. The case must be locked.

    A suspension is refused with the name of every precondition that does not hold.
    """
    if facts_of(case).proposal is not None:
        raise Conflict(_("A proposal is before the approvers already."))
    proposal = Proposal.objects.create(
        case=case,
        kind=kind.value,
        state=ProposalState.OPEN.value,
        reasons=_cleaned(reasons, "reasons"),
        effect=_cleaned(effect, "effect"),
        return_conditions=_cleaned(return_conditions, "return_conditions"),
        data_plan=_cleaned(data_plan, "data_plan"),
        proposed_at=now,
        proposed_by_id=staff.id,
    )
    if kind is ProposalKind.TERMINATION and case.stage != Stage.SUSPENDED:
        raise Refused(_("Only a customer that is suspended can be terminated."))
    _record(case, proposal, "host_proposal.made", staff, {"kind": kind.value, "reasons": proposal.reasons}, now=now)
    return proposal


@transaction.atomic
def approve_proposal(*, case: Case, proposal: Proposal, staff: Urn, now: datetime) -> int:
    """One person's yes; gives how many there are. The case must be locked."""
    _require_open(proposal)
    facts = facts_of(case)
    approvers = facts.proposal.approvers if facts.proposal else ()
    check_approver(
        staff.id,
        kind=ProposalKind(proposal.kind),
        opened_by=case.opened_by_id,
        approvers=approvers,
        suspended_by=facts.suspended_by,
    )
    if proposal.kind == ProposalKind.SUSPENSION and case.stage != Stage.SUSPENSION_PROPOSED:
        raise Refused(_("The proposal is not delivered to the customer yet."))
    try:
        with transaction.atomic():
            Approval.objects.create(
                proposal=proposal, opener_id=case.opened_by_id, approver_id=staff.id, approved_at=now
            )
    except IntegrityError:
        raise Conflict(_("You approved this already.")) from None
    _record(case, proposal, "host_proposal.approved", staff, {"approvals": len(approvers) + 1}, now=now)
    return len(approvers) + 1


@transaction.atomic
def carry_out_proposal(*, case: Case, proposal: Proposal, staff: Urn, now: datetime) -> None:
    """Suspend, or terminate: every precondition is looked at once more, at this moment. The case must be locked."""
    _require_open(proposal)
    to = OUTCOME[ProposalKind(proposal.kind)]
    facts = facts_of(case)
    check_step(facts, to, now)
    moved: dict[str, Json] = {"kind": proposal.kind}
    if facts.proposal is not None:
        moved["approvers"] = [str(Urn("person", person)) for person in facts.proposal.approvers]
    move_case(case=case, to=to, actor=staff, reason=proposal.reasons, now=now)
    _end(proposal, ProposalState.CARRIED_OUT, now=now)
    _record(case, proposal, "host_proposal.carried_out", staff, moved, now=now)


@transaction.atomic
def withdraw_proposal(*, case: Case, proposal: Proposal, reason: str, staff: Urn, now: datetime) -> None:
    """Take a proposal back; a case that waited for it is restricted again. The case must be locked."""
    _require_open(proposal)
    words = check_reason(reason)
    _end(proposal, ProposalState.WITHDRAWN, now=now)
    _record(case, proposal, "host_proposal.withdrawn", staff, {"reason": words}, now=now)
    if case.stage == Stage.SUSPENSION_PROPOSED:
        move_case(case=case, to=Stage.RESTRICTED, actor=staff, reason=words, now=now)


@transaction.atomic
def reinstate(*, case: Case, reason: str, evidence: str, staff: Urn, now: datetime) -> None:
    """The conditions for return are shown to be met: the case goes on to its probation. The case must be locked."""
    words = check_reason(reason)
    if is_blank(evidence):
        raise Invalid(_("Name what shows that the conditions are met."), field="evidence")
    case.return_proven_at = now
    case.save(update_fields=["return_proven_at"])
    facts: dict[str, Json] = {"reason": words, "evidence": evidence.strip()[:500]}
    record_case(case, verb="host_case.return_proven", actor=staff, facts=facts, now=now)
    move_case(case=case, to=Stage.REINSTATED, actor=staff, reason=words, now=now)


def proposal_of(case: Case, proposal_id: int) -> Proposal:
    """A proposal of that case."""
    proposal = Proposal.objects.filter(case=case, pk=proposal_id).first()
    if proposal is None:
        raise NotFound(_("There is no such proposal."))
    return proposal


def _cleaned(text: str, field: str) -> str:
    words = text.strip()
    if is_blank(words):
        raise Invalid(_("This part is empty."), field=field)
    if len(words) > LIMIT:
        raise Invalid(
            too_long(len(words), LIMIT),
            field=field,
        )
    return words


def _require_open(proposal: Proposal) -> None:
    if proposal.state != ProposalState.OPEN:
        raise Conflict(_("This proposal is no longer before the approvers."))


def _end(proposal: Proposal, state: ProposalState, *, now: datetime) -> None:
    proposal.state, proposal.ended_at = state.value, now
    proposal.save(update_fields=["state", "ended_at"])


def _record(case: Case, proposal: Proposal, verb: str, staff: Urn, facts: dict[str, Json], *, now: datetime) -> None:
    record.append(
        now=now,
        actor=staff,
        verb=verb,
        subject=proposal.urn,
        community=case.customer.community_urn,
        facts={"case": str(case.urn), **facts},
    )
