"""The list of cases by clock, and one case whole."""

from collections import defaultdict
from datetime import UTC, datetime

from django.db.models import Count, Q

from wardmote.hosting.models import Answer, Case, Check, Clock, Dispute, Evidence, Item, Notice, Proposal, Receipt
from wardmote.hosting.policy.facts import CaseFacts
from wardmote.hosting.policy.items import Seen, verdict
from wardmote.hosting.policy.kinds import AnswerKind, ClockName, Finding, ItemStatus, NoticeKind, ProposalKind, Stage
from wardmote.hosting.policy.ladder import BY_HAND, lacking, next_stages
from wardmote.hosting.policy.preconditions import APPROVERS, Precondition, examine
from wardmote.hosting.policy.proposals import ProposalState
from wardmote.hosting.queries import views
from wardmote.hosting.queries.contract import customer
from wardmote.hosting.queries.facts import facts_of
from wardmote.hosting.queries.seen import seen_of
from wardmote.hosting.queries.timeline import timeline_of
from wardmote.kernel.i18n import gettext as _

_NEVER = datetime.max.replace(tzinfo=UTC)


def cases(
    *, now: datetime, stage: Stage | None = None, customer_id: int | None = None, limit: int = 200
) -> list[views.CaseRow]:
    """The cases whose clocks run out first, first; those that are over come last, the newest first."""
    rows = Case.objects.select_related("customer").annotate(
        n=Count("items", distinct=True),
        n_up=Count("items", filter=Q(items__status__in=[s.value for s in ItemStatus if s.up]), distinct=True),
    )
    if stage is not None:
        rows = rows.filter(stage=stage.value)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    final = [s.value for s in Stage if s.final]
    found = [*rows.exclude(stage__in=final).order_by("-pk"), *rows.filter(stage__in=final).order_by("-pk")[:limit]]
    clocks = _running([case.pk for case in found], now=now)
    listed = [_row(case, clocks.get(case.pk)) for case in found]
    listed.sort(key=lambda row: (row.stage.final, _due(row)))
    return listed[:limit]


def awaiting_signature(*, person_id: int) -> frozenset[int]:
    """The cases with a proposal that this person may sign and that lacks a signature."""
    waiting = set()
    for proposal in Proposal.objects.filter(state=ProposalState.OPEN.value).select_related("case"):
        view = _proposal(proposal.case, facts_of(proposal.case))
        if view is not None and view.approvals < APPROVERS and view.may_approve(person_id):
            waiting.add(proposal.case_id)
    return frozenset(waiting)


def _row(case: Case, clock: views.ClockView | None) -> views.CaseRow:
    return views.CaseRow(
        case_id=case.pk,
        customer_id=case.customer_id,
        customer=case.customer.name,
        stage=Stage(case.stage),
        since=case.entered_at,
        opened_at=case.opened_at,
        summary=case.summary,
        life_threat=case.life_threat,
        items=case.n,  # type: ignore[attr-defined] # annotated above
        up=case.n_up,  # type: ignore[attr-defined] # annotated above
        clock=clock,
    )


def _due(row: views.CaseRow) -> datetime:
    return row.clock.due_at if row.clock is not None and row.clock.due_at is not None else _NEVER


def _running(case_ids: list[int], *, now: datetime) -> dict[int, views.ClockView]:
    """The clock of each case that runs out next."""
    settled = [s.value for s in ItemStatus if s.settled]
    rows = Clock.objects.filter(case__in=case_ids, ended_at=None, running_since__isnull=False)
    by_case: defaultdict[int, list[views.ClockView]] = defaultdict(list)
    for clock in rows.exclude(item__status__in=settled):
        by_case[clock.case_id].append(clock_view(clock, now=now))
    return {case_id: min(_told(clocks), key=lambda c: c.due_at or _NEVER) for case_id, clocks in by_case.items()}


def _told(clocks: list[views.ClockView]) -> list[views.ClockView]:
    """Not the posts' times that are over where a clock of the case itself runs: what comes next is told by that one."""
    return [c for c in clocks if c.item_id is None or not c.lapsed] or clocks


def clock_view(clock: Clock, *, now: datetime) -> views.ClockView:
    """A clock as it is at `now`."""
    reading = clock.reading()
    return views.ClockView(
        name=ClockName(clock.name),
        item_id=clock.item_id,
        started_at=clock.started_at,
        due_at=reading.due_at,
        remaining=reading.remaining(now),
        paused=reading.paused,
        lapsed=reading.lapsed(now),
    )


def case(*, case_id: int, now: datetime) -> views.CaseView | None:
    """One case with everything that its next step needs; None where there is none."""
    row = Case.objects.select_related("customer", "contract__policy").filter(pk=case_id).first()
    if row is None:
        return None
    facts = facts_of(row)
    clocks = {c.pk: c for c in Clock.objects.filter(case=row, ended_at=None).order_by("pk")}
    answers = [_answer(a) for a in Answer.objects.filter(notice__case=row)]
    return views.CaseView(
        case_id=row.pk,
        seen=seen_of(row),
        urn=row.urn,
        customer=customer(row.customer_id),
        policy_number=row.contract.policy.number,
        stage=facts.stage,
        since=row.entered_at,
        opened_at=row.opened_at,
        opened_by=row.opened_by_id,
        summary=row.summary,
        life_threat=row.life_threat,
        extended=row.extended_at is not None,
        items=_items(row, list(clocks.values()), answers, now=now),
        notices=_notices(row),
        answers=tuple(a for a in answers if a.item_id is None),
        clocks=tuple(clock_view(c, now=now) for c in clocks.values() if c.item_id is None),
        preconditions=tuple(
            views.PreconditionView(m.precondition, m.met, m.why, m.evidence) for m in examine(facts, now)
        ),
        evidence=tuple(
            views.EvidenceView(e.pk, Precondition(e.precondition), tuple(e.parts.items()), e.reference, e.recorded_at)
            for e in Evidence.objects.filter(case=row)
        ),
        proposal=_proposal(row, facts),
        moves=_moves(facts, now=now),
        timeline=timeline_of(row),
    )


def _answer(row: Answer) -> views.AnswerView:
    return views.AnswerView(row.pk, AnswerKind(row.kind), row.words, row.given_at, row.received_at, row.item_id)


def _items(
    case: Case, clocks: list[Clock], answers: list[views.AnswerView], *, now: datetime
) -> tuple[views.ItemView, ...]:
    checks: defaultdict[int, list[Check]] = defaultdict(list)
    for check in Check.objects.filter(item__case=case).order_by("at", "pk"):
        checks[check.item_id].append(check)
    disputes = {d.item_id: d for d in Dispute.objects.filter(item__case=case)}
    cures = {c.item_id: c for c in clocks if c.name == ClockName.CURE}
    return tuple(
        views.ItemView(
            item_id=item.pk,
            url=item.url,
            clause_key=item.clause.key,
            clause_title=item.clause.title,
            capture=item.capture,
            capture_hash=item.capture_hash,
            captured_at=item.captured_at,
            status=ItemStatus(item.status),
            checks=tuple(views.CheckView(c.at, Finding(c.finding), _(c.why), c.http_status) for c in checks[item.pk]),
            verdict=verdict([Seen(c.at, Finding(c.finding)) for c in checks[item.pk]]),
            answers=tuple(a for a in answers if a.item_id == item.pk),
            clock=clock_view(cures[item.pk], now=now) if item.pk in cures else None,
            dispute=_dispute(disputes.get(item.pk)),
        )
        for item in Item.objects.filter(case=case).select_related("clause")
    )


def _dispute(row: Dispute | None) -> views.DisputeView | None:
    if row is None:
        return None
    return views.DisputeView(
        row.pk, row.words, row.opened_at, row.decided_at, row.upheld, row.reason, row.first_reader_id
    )


def _notices(case: Case) -> tuple[views.NoticeView, ...]:
    rows = list(Notice.objects.filter(case=case))
    about: defaultdict[str, list[views.ReceiptRow]] = defaultdict(list)
    names = [str(row.urn) for row in rows]
    for receipt in Receipt.objects.filter(customer_id=case.customer_id, about__in=names).order_by("pk"):
        about[receipt.about].append(receipt_row(receipt))
    return tuple(
        views.NoticeView(
            notice_id=row.pk,
            kind=NoticeKind(row.kind),
            subject=row.subject,
            body=row.body,
            issued_at=row.issued_at,
            delivered_at=row.delivered_at,
            deadline=row.deadline,
            hash=row.hash,
            proof=row.proof,
            receipts=tuple(about[str(row.urn)]),
        )
        for row in rows
    )


def receipt_row(row: Receipt) -> views.ReceiptRow:
    """A receipt as a line of a list."""
    return views.ReceiptRow(row.pk, row.about, row.kept, row.origin, row.index, row.size, row.at)


def _proposal(case: Case, facts: CaseFacts) -> views.ProposalView | None:
    """The newest; there is one before the approvers at most, and none is made while it is."""
    chosen = Proposal.objects.filter(case=case).order_by("-pk").first()
    if chosen is None:
        return None
    approvers = set(chosen.approvals.values_list("approver_id", flat=True))
    barred = approvers | {case.opened_by_id}
    if chosen.kind == ProposalKind.TERMINATION:
        barred |= set(facts.suspended_by)
    return views.ProposalView(
        proposal_id=chosen.pk,
        kind=ProposalKind(chosen.kind),
        state=ProposalState(chosen.state),
        reasons=chosen.reasons,
        effect=chosen.effect,
        return_conditions=chosen.return_conditions,
        data_plan=chosen.data_plan,
        proposed_at=chosen.proposed_at,
        approvals=len(approvers),
        barred=frozenset(barred),
    )


def _moves(facts: CaseFacts, *, now: datetime) -> tuple[views.MoveView, ...]:
    moves = []
    for to in next_stages(facts.stage):
        missing = lacking(facts, to, now)
        moves.append(views.MoveView(to, not missing, missing, to in BY_HAND))
    return tuple(moves)
