"""A case as the pure rules look at it, read from the tables."""

import json

from wardmote.hosting.models import Answer, Approval, Case, Check, Clock, Dispute, Evidence, Item, Notice, Proposal
from wardmote.hosting.policy.facts import CaseFacts, EvidenceFacts, ItemFacts, NoticeFacts, ProposalFacts
from wardmote.hosting.policy.kinds import AnswerKind, Finding, ItemStatus, NoticeKind, ProposalKind, Stage
from wardmote.hosting.policy.notices import names_breach
from wardmote.hosting.policy.preconditions import Precondition
from wardmote.hosting.policy.proposals import ProposalState
from wardmote.hosting.policy.terms import Terms


def terms_of(document: str) -> Terms:
    """The ladder's numbers out of a stored policy document."""
    return Terms(**json.loads(document)["terms"])


def facts_of(case: Case) -> CaseFacts:
    """Everything that a step or a precondition may ask about the case, as it is in this transaction."""
    answers = list(Answer.objects.filter(notice__case=case).order_by("pk"))
    return CaseFacts(
        stage=Stage(case.stage),
        terms=terms_of(case.contract.policy.document),
        opened_by=case.opened_by_id,
        entered_at=case.entered_at,
        items=_items(case, answers),
        notices=_notices(case),
        clocks=tuple(clock.as_timed() for clock in Clock.objects.filter(case=case).order_by("pk")),
        accepted=(case.contract.policy.urn, case.contract.urn),
        answered_at=max((a.received_at for a in answers), default=None),
        answered=tuple(a.urn for a in answers),
        plan_at=max((a.received_at for a in answers if a.kind == AnswerKind.PLAN), default=None),
        restrictions=tuple(n.urn for n in _notices(case) if n.kind is NoticeKind.RESTRICTION),
        evidence=_evidence(case),
        proposal=_proposal(case),
        suspended_by=_suspended_by(case),
        return_proven=case.return_proven_at is not None and case.return_proven_at >= case.entered_at,
    )


def _items(case: Case, answers: list[Answer]) -> tuple[ItemFacts, ...]:
    said = {a.item_id: a.kind for a in answers if a.item_id is not None}
    disputed = set(Dispute.objects.filter(item__case=case, decided_at=None).values_list("item_id", flat=True))
    latest = {check.item_id: check for check in Check.objects.filter(item__case=case).order_by("pk")}
    return tuple(
        ItemFacts(
            urn=item.urn,
            status=ItemStatus(item.status),
            removal_claimed=said.get(item.pk) == AnswerKind.REMOVED,
            in_dispute=item.pk in disputed,
            up_at=seen.at if (seen := latest.get(item.pk)) and seen.finding == Finding.UP else None,
        )
        for item in Item.objects.filter(case=case)
    )


def _notices(case: Case) -> tuple[NoticeFacts, ...]:
    rows = Notice.objects.filter(case=case, delivered_at__isnull=False).order_by("delivered_at", "pk")
    return tuple(
        NoticeFacts(n.urn, NoticeKind(n.kind), n.delivered_at, names_breach(NoticeKind(n.kind)))
        for n in rows
        if n.delivered_at is not None
    )


def _evidence(case: Case) -> dict[int, EvidenceFacts]:
    rows = Evidence.objects.filter(case=case).order_by("pk")
    return {Precondition(e.precondition).number: EvidenceFacts(e.urn, e.recorded_at) for e in rows}


def _proposal(case: Case) -> ProposalFacts | None:
    row = Proposal.objects.filter(case=case, state=ProposalState.OPEN.value).first()
    if row is None:
        return None
    approvers = Approval.objects.filter(proposal=row).order_by("pk").values_list("approver_id", flat=True)
    return ProposalFacts(row.urn, ProposalKind(row.kind), row.complete, tuple(approvers))


def _suspended_by(case: Case) -> tuple[int, ...]:
    row = (
        Proposal.objects.filter(case=case, kind=ProposalKind.SUSPENSION.value, state=ProposalState.CARRIED_OUT.value)
        .order_by("-pk")
        .first()
    )
    if row is None:
        return ()
    return tuple(Approval.objects.filter(proposal=row).order_by("pk").values_list("approver_id", flat=True))
