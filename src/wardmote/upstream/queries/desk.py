"""What a community's owner sees of the host, as plain values."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wardmote.upstream.models import Answer, Item, Notice, Receipt
from wardmote.upstream.policy import ASKS, AnswerKind, is_awaited
from wardmote.upstream.queries.exchange import policy_row


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One line of the owner's desk; `unanswered` is how many of its posts have no answer yet.

    `asks`: its deadline is ours; `awaited`: and something is still asked for.
    """

    notice_id: int
    kind: str
    subject: str
    received_at: datetime
    deadline: datetime
    items: int
    unanswered: int
    asks: bool
    awaited: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What we answered; `sent_at` once the host has it, `by_decision` where our own moderation spoke."""

    answer_id: int
    kind: AnswerKind
    words: str
    given_at: datetime
    sent_at: datetime | None
    by_decision: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """A post the host asks about; `case_id` is our own moderation's case."""

    item_id: int
    url: str
    clause_key: str
    capture: str
    capture_hash: str
    seen_at: datetime
    case_id: int | None
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt that was given to the host, or with `kept` one of the host's log."""

    receipt_id: int
    about: str
    kept: bool
    origin: str
    index: int
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A letter of the host with its posts, our answers, and what proves them."""

    notice_id: int
    kind: str
    subject: str
    body: str
    hash: str
    received_at: datetime
    deadline: datetime
    asks: bool
    awaited: bool
    items: tuple[ItemView, ...]
    answers: tuple[AnswerView, ...]
    receipts: tuple[ReceiptRow, ...]


@dataclass(frozen=True, slots=True)
class HostClauseView:
    """One clause of the host's policy."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HostPolicyView:
    """The latest version of the host's policy; `hash` is what the owner accepts."""

    number: int
    title: str
    hash: str
    clauses: tuple[HostClauseView, ...]
    received_at: datetime
    accepted_at: datetime | None


def notices(*, community_id: int, limit: int = 100) -> list[NoticeRow]:
    """The host's letters, newest first."""
    rows = list(Notice.objects.filter(community_id=community_id).prefetch_related("items").order_by("-pk")[:limit])
    told: dict[int, str] = {}
    replied: set[int] = set()
    for answer in Answer.objects.filter(community_id=community_id).order_by("pk"):
        if answer.item_id is None:
            replied.add(answer.notice_id)
        else:
            told[answer.item_id] = answer.kind
    return [
        NoticeRow(
            notice_id=row.pk,
            kind=row.kind,
            subject=row.subject,
            received_at=row.received_at,
            deadline=row.deadline,
            items=len(row.items.all()),
            unanswered=sum(item.pk not in told for item in row.items.all()),
            asks=row.kind in ASKS,
            awaited=is_awaited(
                row.kind, [told.get(item.pk, "") for item in row.items.all()], replied=row.pk in replied
            ),
        )
        for row in rows
    ]


def open_count(*, community_id: int) -> int:
    """How many posts that the host asks about have no answer yet."""
    return Item.objects.filter(community_id=community_id, answers=None).count()


def notice(*, community_id: int, notice_id: int) -> NoticeView | None:
    """One letter to this community; None for any other."""
    row = Notice.objects.filter(community_id=community_id, pk=notice_id).first()
    if row is None:
        return None
    items = list(row.items.all())
    by_item: defaultdict[int, list[AnswerView]] = defaultdict(list)
    whole: list[Answer] = list(Answer.objects.filter(community_id=community_id, notice=row, item=None))
    about = [row.issued, *(str(answer.urn) for answer in whole)]
    for answer in Answer.objects.filter(community_id=community_id, item__in=items):
        if answer.item_id is not None:
            by_item[answer.item_id].append(_answer(answer))
        about.append(str(answer.urn))
    return NoticeView(
        notice_id=row.pk,
        kind=row.kind,
        subject=row.subject,
        body=row.body,
        hash=row.hash,
        received_at=row.received_at,
        deadline=row.deadline,
        asks=row.kind in ASKS,
        awaited=is_awaited(
            row.kind,
            [by_item[item.pk][-1].kind.value if by_item[item.pk] else "" for item in items],
            replied=bool(whole),
        ),
        items=tuple(_item(item, by_item[item.pk]) for item in items),
        answers=tuple(_answer(answer) for answer in whole),
        receipts=tuple(
            _receipt(receipt)
            for receipt in Receipt.objects.filter(community_id=community_id, about__in=about).order_by("pk")
        ),
    )


def _answer(row: Answer) -> AnswerView:
    return AnswerView(row.pk, AnswerKind(row.kind), row.words, row.given_at, row.sent_at, row.decision_id is not None)


def _item(row: Item, answers: Iterable[AnswerView]) -> ItemView:
    return ItemView(
        item_id=row.pk,
        url=row.url,
        clause_key=row.clause_key,
        capture=row.capture,
        capture_hash=row.capture_hash,
        seen_at=row.seen_at,
        case_id=row.case_id,
        answers=tuple(answers),
    )


def _receipt(row: Receipt) -> ReceiptRow:
    return ReceiptRow(row.pk, row.about, row.kept, row.origin, row.index, row.size, row.at)


def receipts(*, community_id: int) -> list[ReceiptRow]:
    """Every receipt given to the host and kept of it, oldest first."""
    return [_receipt(row) for row in Receipt.objects.filter(community_id=community_id).order_by("pk")]


def receipt_file(*, community_id: int, receipt_id: int) -> tuple[str, str] | None:
    """A receipt as a file: its name and its text, which `wardmote record check` verifies without the log."""
    row = Receipt.objects.filter(community_id=community_id, pk=receipt_id).first()
    return (f"receipt-{row.index}-of-{row.size}.json", row.text) if row else None


def host_policy(*, community_id: int) -> HostPolicyView | None:
    """The latest version of the host's policy, accepted or not."""
    row = policy_row(community_id)
    if row is None:
        return None
    document = json.loads(row.document)
    return HostPolicyView(
        number=row.number,
        title=document["title"],
        hash=row.hash,
        clauses=tuple(HostClauseView(c["key"], c["title"], c["text"]) for c in document["clauses"]),
        received_at=row.received_at,
        accepted_at=row.accepted_at,
    )


def documents(*, community_id: int) -> list[str]:
    """Every letter of the host and every answer to it, in the bytes in which they went, oldest first."""
    letters = Notice.objects.filter(community_id=community_id).values_list("pk", "document")
    answers = Answer.objects.filter(community_id=community_id).values_list("pk", "document")
    return [document for _, document in sorted([*letters, *answers])]
