"""The host's desk: its cases, letters and what it decided."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch

from wardmote.config.tables.kinds import Kind, Row, Values, at, dated, hashed, of_subject, part, plain, take, urn
from wardmote.hosting.models import (
    Answer,
    Approval,
    Case,
    Check,
    Dispute,
    Evidence,
    Item,
    Notice,
    Proposal,
)
from wardmote.hosting.policy import ItemStatus, Stage
from wardmote.hosting.policy.proposals import ProposalState
from wardmote.record.queries import Recorded

_STAGES = {stage.value for stage in Stage}
_STATUSES = {status.value for status in ItemStatus}
_STATES = {"made": ProposalState.OPEN.value, **{state.value: state.value for state in ProposalState}}


def _cases(ids: Iterable[int]) -> list[Row]:
    columns = ("stage", "summary", "life_threat")
    rows = Case.objects.filter(pk__in=list(ids)).select_related("contract__policy")
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                **{name: getattr(row, name) for name in columns},
                "customer": urn("customer", row.customer_id),
                "contract": [urn("customer", row.contract.customer_id), row.contract.policy.number],
                "actor": urn("person", row.opened_by_id),
                "opened_at": at(row.opened_at),
                "entered_at": at(row.entered_at),
                "extended_at": at(row.extended_at),
                "return_proven_at": at(row.return_proven_at),
            },
        )
        for row in rows
    ]


def _case_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"extended_at": None, "return_proven_at": None}
    for entry in entries:
        stage = entry.verb.removeprefix("host_case.")
        if entry.verb == "host_case.opened":
            told |= {"stage": Stage.OPEN.value, "entered_at": at(entry.time)}
            told["contract"] = [entry.values.get("customer"), entry.values.get("policy")]
            take(told, entry, "summary", "life_threat", "customer")
        elif stage in _STAGES and "from" in entry.values:
            told |= {"stage": stage, "entered_at": at(entry.time)}
        elif stage in ("extended", "return_proven"):
            told[f"{stage}_at"] = at(entry.time)
    return told if "summary" in told else None


_CHECKS = Prefetch("checks", Check.objects.order_by("pk"))


def _items(ids: Iterable[int]) -> list[Row]:
    rows = Item.objects.filter(pk__in=list(ids)).select_related("clause").prefetch_related(_CHECKS)
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "url": row.url,
                "clause": row.clause.key,
                "capture": hashed(row.capture),
                "case": urn("host_case", row.case_id),
                "status": row.status,
                "status_at": at(row.status_at),
                "captured_at": at(row.captured_at),
                "actor": urn("person", row.captured_by_id),
                "checks": [[c.finding, c.why, c.http_status, c.body_hash] for c in row.checks.all()],
            },
        )
        for row in rows
    ]


def _item_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"status": ItemStatus.REPORTED.value, "checks": []}
    for entry in entries:
        status = entry.verb.removeprefix("host_item.")
        take(told, entry, "url", "clause", "case", "captured_at", capture="capture_hash")
        if entry.verb == "host_item.reported":
            told["status_at"] = at(entry.time)
        elif entry.verb == "host_item.checked":
            told["checks"].append([entry.values.get(name) for name in ("finding", "why", "status", "body_hash")])
        elif status in _STATUSES and "from" in entry.values:
            told |= {"status": status, "status_at": at(entry.time)}
    return told if "url" in told else None


def _notices(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "document": hashed(row.document),
                "kind": row.kind,
                "case": urn("host_case", row.case_id),
                "hours": row.hours,
                "actor": urn("person", row.issued_by_id),
                "issued_at": at(row.issued_at),
                "delivered_at": at(row.delivered_at),
                "deadline": at(row.deadline),
                "proof": row.proof,
                "words": [row.subject, row.body] == [part(row.document, "subject"), part(row.document, "body")],
            },
        )
        for row in Notice.objects.filter(pk__in=list(ids))
    ]


def _notice_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"words": True, "delivered_at": None, "deadline": None, "proof": ""}
    for entry in entries:
        take(told, entry, "kind", "case", "hours", "deadline", "proof", document="hash")
        if entry.verb == "host_notice.delivered":
            told["delivered_at"] = at(entry.time)
    return told if "document" in told else None


def _answers(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "document": hashed(row.document),
                "kind": row.kind,
                "given": row.given,
                "words": row.words == part(row.document, "words"),
                "notice": urn("host_notice", row.notice_id),
                "item": urn("host_item", row.item_id),
                "given_at": at(row.given_at) == part(row.document, "given_at"),
                "received_at": at(row.received_at),
            },
        )
        for row in Answer.objects.filter(pk__in=list(ids))
    ]


def _answer_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"words": True, "given_at": True}
    for entry in entries:
        take(told, entry, "kind", "given", "notice", "item", document="hash")
    return told if "document" in told else None


def _evidence(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "parts": row.parts,
                "reference": row.reference,
                "precondition": row.precondition,
                "actor": urn("person", row.recorded_by_id),
                "recorded_at": at(row.recorded_at),
                "case": urn("host_case", row.case_id),
            },
        )
        for row in Evidence.objects.filter(pk__in=list(ids))
    ]


def _disputes(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "upheld": row.upheld,
                "reason": row.reason,
                "item": urn("host_item", row.item_id),
                "decider": urn("person", row.decided_by_id),
                "decided_at": at(row.decided_at),
            },
        )
        for row in Dispute.objects.filter(pk__in=list(ids))
    ]


def _dispute_told(_row: Row, entries: Sequence[Recorded]) -> Values:
    # That it was opened is on record with its item.
    told: Values = {"upheld": None, "reason": "", "decider": None, "decided_at": None}
    for entry in entries:
        take(told, entry, "upheld", "reason", "item")
        if entry.verb == "host_dispute.decided":
            told |= {"decider": str(entry.actor), "decided_at": at(entry.time)}
    return told


_APPROVALS = Prefetch("approvals", Approval.objects.order_by("pk"))


def _proposals(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "kind": row.kind,
                "reasons": row.reasons,
                "case": urn("host_case", row.case_id),
                "state": row.state,
                "approvals": [urn("person", approval.approver_id) for approval in row.approvals.all()],
                "actor": urn("person", row.proposed_by_id),
                "proposed_at": at(row.proposed_at),
            },
        )
        for row in Proposal.objects.filter(pk__in=list(ids)).prefetch_related(_APPROVALS)
    ]


def _proposal_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"approvals": []}
    for entry in entries:
        take(told, entry, "reasons", "kind", "case")
        if entry.verb == "host_proposal.approved":
            told["approvals"].append(str(entry.actor))
        told["state"] = _STATES.get(entry.verb.removeprefix("host_proposal."), told.get("state"))
    return told if "reasons" in told else None


KINDS = (
    Kind(
        "the host's cases",
        Case,
        _cases,
        dated(_case_told, "host_case.opened", "opened_at"),
        {"host_case.opened": of_subject},
    ),
    Kind(
        "the host's items",
        Item,
        _items,
        dated(_item_told, "host_item.reported", "reported_at"),
        {"host_item.reported": of_subject},
    ),
    Kind(
        "the host's notices",
        Notice,
        _notices,
        dated(_notice_told, "host_notice.issued", "issued_at"),
        {"host_notice.issued": of_subject},
    ),
    Kind(
        "answers to the host",
        Answer,
        _answers,
        dated(_answer_told, "host_answer.received", "received_at"),
        {"host_answer.received": of_subject},
    ),
    Kind(
        "the host's evidence",
        Evidence,
        _evidence,
        dated(
            plain("host_evidence.recorded", "parts", "reference", "precondition", "case"),
            "host_evidence.recorded",
            "recorded_at",
        ),
        {"host_evidence.recorded": of_subject},
    ),
    Kind("disputes", Dispute, _disputes, _dispute_told, {"host_dispute.decided": of_subject}),
    Kind(
        "proposals",
        Proposal,
        _proposals,
        dated(_proposal_told, "host_proposal.made", "proposed_at"),
        {"host_proposal.made": of_subject},
    ),
)
