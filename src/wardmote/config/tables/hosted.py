"""The host's desk, and what a community keeps of its host."""

from collections.abc import Iterable, Sequence

from wardmote.config.tables.kinds import Kind, Row, Values, hashed, of_subject, part, plain, take, urn
from wardmote.hosting.models import (
    AcceptableUse,
    Acceptance,
    Answer,
    Case,
    Customer,
    Dispute,
    Evidence,
    Item,
    Notice,
    Proposal,
)
from wardmote.hosting.policy import ItemStatus, Stage
from wardmote.hosting.policy.proposals import ProposalState
from wardmote.record.queries import Recorded
from wardmote.upstream.models import Answer as GivenAnswer
from wardmote.upstream.models import HostPolicy
from wardmote.upstream.models import Notice as ReceivedNotice

_STAGES = {stage.value for stage in Stage}
_STATUSES = {status.value for status in ItemStatus}
_STATES = {"made": ProposalState.OPEN.value, **{state.value: state.value for state in ProposalState}}


def _policies(ids: Iterable[int]) -> list[Row]:
    return [
        Row(row.pk, str(row.urn), {"number": row.number, "title": row.title, "hash": hashed(row.document)})
        for row in AcceptableUse.objects.filter(pk__in=list(ids))
    ]


def _customers(ids: Iterable[int]) -> list[Row]:
    columns = ("name", "slug", "base_url", "key")
    rows = Customer.objects.filter(pk__in=list(ids))
    return [Row(row.pk, str(row.urn), {name: getattr(row, name) for name in columns}) for row in rows]


def _acceptances(ids: Iterable[int]) -> list[Row]:
    return [
        Row(row.pk, str(row.urn), {"customer": urn("customer", row.customer_id), "hash": row.hash})
        for row in Acceptance.objects.filter(pk__in=list(ids))
    ]


def _cases(ids: Iterable[int]) -> list[Row]:
    columns = ("stage", "summary", "life_threat")
    rows = Case.objects.filter(pk__in=list(ids))
    return [Row(row.pk, str(row.urn), {name: getattr(row, name) for name in columns}) for row in rows]


def _case_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        stage = entry.verb.removeprefix("host_case.")
        if entry.verb == "host_case.opened":
            told["stage"] = Stage.OPEN.value
            take(told, entry, "summary", "life_threat")
        elif stage in _STAGES and "from" in entry.values:
            told["stage"] = stage
    return told if "summary" in told else None


def _items(ids: Iterable[int]) -> list[Row]:
    rows = Item.objects.filter(pk__in=list(ids)).select_related("clause")
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
            },
        )
        for row in rows
    ]


def _item_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"status": ItemStatus.REPORTED.value}
    for entry in entries:
        status = entry.verb.removeprefix("host_item.")
        take(told, entry, "url", "clause", "case", capture="capture_hash")
        if status in _STATUSES and "from" in entry.values:
            told["status"] = status
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
                "delivery": row.delivered_at is not None,
                "words": [row.subject, row.body] == [part(row.document, "subject"), part(row.document, "body")],
            },
        )
        for row in Notice.objects.filter(pk__in=list(ids))
    ]


def _notice_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"words": True, "delivery": any(entry.verb == "host_notice.delivered" for entry in entries)}
    for entry in entries:
        take(told, entry, "kind", "case", document="hash")
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
            },
        )
        for row in Answer.objects.filter(pk__in=list(ids))
    ]


def _answer_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"words": True}
    for entry in entries:
        take(told, entry, "kind", "given", document="hash")
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
                "case": urn("host_case", row.case_id),
            },
        )
        for row in Evidence.objects.filter(pk__in=list(ids))
    ]


def _disputes(ids: Iterable[int]) -> list[Row]:
    return [
        Row(row.pk, str(row.urn), {"upheld": row.upheld, "reason": row.reason, "item": urn("host_item", row.item_id)})
        for row in Dispute.objects.filter(pk__in=list(ids))
    ]


def _dispute_told(_row: Row, entries: Sequence[Recorded]) -> Values:
    # That it was opened is on record with its item.
    told: Values = {"upheld": None, "reason": ""}
    for entry in entries:
        take(told, entry, "upheld", "reason", "item")
    return told


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
                "approvals": row.approvals.count(),
            },
        )
        for row in Proposal.objects.filter(pk__in=list(ids)).prefetch_related("approvals")
    ]


def _proposal_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"approvals": 0}
    for entry in entries:
        take(told, entry, "reasons", "kind", "case", "approvals")
        told["state"] = _STATES.get(entry.verb.removeprefix("host_proposal."), told.get("state"))
    return told if "reasons" in told else None


def _received(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "document": hashed(row.document),
                "kind": row.kind,
                "issued": row.issued,
                "words": [row.subject, row.body] == [part(row.document, "subject"), part(row.document, "body")],
            },
        )
        for row in ReceivedNotice.objects.filter(pk__in=list(ids))
    ]


def _received_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"words": True}
    for entry in entries:
        take(told, entry, "kind", "issued", document="hash")
    return told if "document" in told else None


def _given(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "document": hashed(row.document),
                "kind": row.kind,
                "words": row.words == part(row.document, "words"),
            },
        )
        for row in GivenAnswer.objects.filter(pk__in=list(ids))
    ]


def _host_policies(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {"number": row.number, "hash": hashed(row.document), "acceptance": row.accepted_at is not None},
        )
        for row in HostPolicy.objects.filter(pk__in=list(ids))
    ]


def _host_policy_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {"acceptance": any(entry.verb == "upstream_policy.accepted" for entry in entries)}
    for entry in entries:
        take(told, entry, "number", "hash")
    return told if "hash" in told else None


KINDS = (
    Kind(
        "the host's policies",
        AcceptableUse,
        _policies,
        plain("acceptable_use.published", "number", "title", "hash"),
        {"acceptable_use.published": of_subject},
    ),
    Kind(
        "customers",
        Customer,
        _customers,
        plain("customer.enrolled", "name", "slug", "base_url", "key"),
        {"customer.enrolled": of_subject},
    ),
    Kind(
        "customers' acceptances",
        Acceptance,
        _acceptances,
        plain("acceptable_use.accepted", "customer", "hash"),
        {"acceptable_use.accepted": of_subject},
    ),
    Kind("the host's cases", Case, _cases, _case_told, {"host_case.opened": of_subject}),
    Kind("the host's items", Item, _items, _item_told, {"host_item.reported": of_subject}),
    Kind("the host's notices", Notice, _notices, _notice_told, {"host_notice.issued": of_subject}),
    Kind("answers to the host", Answer, _answers, _answer_told, {"host_answer.received": of_subject}),
    Kind(
        "the host's evidence",
        Evidence,
        _evidence,
        plain("host_evidence.recorded", "parts", "reference", "precondition", "case"),
        {"host_evidence.recorded": of_subject},
    ),
    Kind("disputes", Dispute, _disputes, _dispute_told, {"host_dispute.decided": of_subject}),
    Kind("proposals", Proposal, _proposals, _proposal_told, {"host_proposal.made": of_subject}),
    Kind("notices received", ReceivedNotice, _received, _received_told, {"upstream_notice.received": of_subject}),
    Kind("answers given", GivenAnswer, _given, _answer_told, {"upstream_answer.given": of_subject}),
    Kind("policies of hosts", HostPolicy, _host_policies, _host_policy_told, {"upstream_policy.received": of_subject}),
)
