"""What travels between a host and a community: canonical JSON, whose bytes are kept and hashed. Pure.

Both sides read and write the same documents, whether they live in one database or on two machines.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from wardmote.hosting.policy.kinds import AnswerKind, NoticeKind
from wardmote.hosting.policy.notices import Cited, CitedItem
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Invalid
from wardmote.kernel.urn import Urn
from wardmote.ledger import FormatError, Json, canonical_bytes, parse_json

VERSION = 1
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class NoticeDocument:
    """A letter of the host as it is sent. `community` is the customer's short name; `until` is the end of a measure."""

    notice: Urn
    case: Urn
    community: str
    kind: NoticeKind
    issued_at: datetime
    policy_number: int
    policy_hash: str
    hours: int
    subject: str
    body: str
    effect: str
    clauses: tuple[Cited, ...]
    items: tuple[CitedItem, ...]

    @property
    def reason(self) -> str:
        """What visitors read of a measure: the clause and the effect, and nothing of what was in the posts."""
        return "\n".join([*(f"{c.key} {c.title}: {c.text}" for c in self.clauses), self.effect])

    def encode(self) -> bytes:
        return _encode(
            "notice",
            {
                "notice": str(self.notice),
                "case": str(self.case),
                "community": self.community,
                "kind": self.kind.value,
                "issued_at": to_rfc3339(self.issued_at),
                "policy": {"number": self.policy_number, "hash": self.policy_hash},
                "hours": self.hours,
                "subject": self.subject,
                "body": self.body,
                "effect": self.effect,
                "clauses": [{"key": c.key, "title": c.title, "text": c.text} for c in self.clauses],
                "items": [_write_item(item) for item in self.items],
            },
        )

    @classmethod
    def decode(cls, raw: bytes) -> "NoticeDocument":
        """Raises Invalid for anything but what `encode` writes."""
        return _decode(
            raw,
            "notice",
            lambda d: cls(
                notice=Urn.parse(d["notice"]),
                case=Urn.parse(d["case"]),
                community=str(d["community"]),
                kind=NoticeKind(d["kind"]),
                issued_at=datetime.fromisoformat(d["issued_at"]),
                policy_number=int(d["policy"]["number"]),
                policy_hash=str(d["policy"]["hash"]),
                hours=int(d["hours"]),
                subject=str(d["subject"]),
                body=str(d["body"]),
                effect=str(d["effect"]),
                clauses=tuple(Cited(str(c["key"]), str(c["title"]), str(c["text"])) for c in d["clauses"]),
                items=tuple(_read_item(item) for item in d["items"]),
            ),
        )


@dataclass(frozen=True, slots=True)
class AnswerDocument:
    """A customer's answer, verbatim. `item` is named where the answer is about one post."""

    answer: Urn
    notice: Urn
    item: Urn | None
    community: str
    kind: AnswerKind
    words: str
    given_at: datetime

    def encode(self) -> bytes:
        return _encode(
            "answer",
            {
                "answer": str(self.answer),
                "notice": str(self.notice),
                "item": None if self.item is None else str(self.item),
                "community": self.community,
                "kind": self.kind.value,
                "words": self.words,
                "given_at": to_rfc3339(self.given_at),
            },
        )

    @classmethod
    def decode(cls, raw: bytes) -> "AnswerDocument":
        """Raises Invalid for anything but what `encode` writes."""
        return _decode(
            raw,
            "answer",
            lambda d: cls(
                answer=Urn.parse(d["answer"]),
                notice=Urn.parse(d["notice"]),
                item=None if d["item"] is None else Urn.parse(d["item"]),
                community=str(d["community"]),
                kind=AnswerKind(d["kind"]),
                words=str(d["words"]),
                given_at=datetime.fromisoformat(d["given_at"]),
            ),
        )


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """A version of the acceptable-use policy for a customer to accept; `policy` is the document that is hashed."""

    number: int
    community: str
    policy: dict[str, Json]

    def encode(self) -> bytes:
        return _encode("policy", {"number": self.number, "community": self.community, "policy": self.policy})

    @classmethod
    def decode(cls, raw: bytes) -> "PolicyDocument":
        """Raises Invalid for anything but what `encode` writes."""
        return _decode(raw, "policy", lambda d: cls(int(d["number"]), str(d["community"]), {**d["policy"]}))


@dataclass(frozen=True, slots=True)
class AcceptanceDocument:
    """The owner's acceptance of a version, by its hash."""

    community: str
    number: int
    hash: str
    accepted_at: datetime

    def encode(self) -> bytes:
        return _encode(
            "acceptance",
            {
                "community": self.community,
                "number": self.number,
                "hash": self.hash,
                "accepted_at": to_rfc3339(self.accepted_at),
            },
        )

    @classmethod
    def decode(cls, raw: bytes) -> "AcceptanceDocument":
        """Raises Invalid for anything but what `encode` writes."""
        return _decode(
            raw,
            "acceptance",
            lambda d: cls(
                str(d["community"]), int(d["number"]), str(d["hash"]), datetime.fromisoformat(d["accepted_at"])
            ),
        )


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """A receipt of the sender's log about a notice or an answer, for the other side to keep."""

    about: Urn
    community: str
    receipt: str

    def encode(self) -> bytes:
        return _encode("receipt", {"about": str(self.about), "community": self.community, "receipt": self.receipt})

    @classmethod
    def decode(cls, raw: bytes) -> "ReceiptDocument":
        """Raises Invalid for anything but what `encode` writes."""
        return _decode(raw, "receipt", lambda d: cls(Urn.parse(d["about"]), str(d["community"]), str(d["receipt"])))


@dataclass(frozen=True, slots=True)
class KeyDocument:
    """That the sender's log goes on under another key: the statement that both keys have signed."""

    community: str
    statement: str

    def encode(self) -> bytes:
        return _encode("key", {"community": self.community, "statement": self.statement})

    @classmethod
    def decode(cls, raw: bytes) -> "KeyDocument":
        """Raises Invalid for anything but what `encode` writes."""
        return _decode(raw, "key", lambda d: cls(str(d["community"]), str(d["statement"])))


def digest(raw: bytes) -> str:
    """SHA-256 of a document's bytes, lower-case hex: what the record and the receipts say of it."""
    return hashlib.sha256(raw).hexdigest()


def _write_item(item: CitedItem) -> dict[str, Json]:
    return {
        "item": item.urn,
        "url": item.url,
        "clause": item.clause_key,
        "category": item.category,
        "capture": item.capture,
        "capture_hash": item.capture_hash,
        "seen_at": to_rfc3339(item.seen_at),
    }


def _read_item(fields: dict[str, Any]) -> CitedItem:
    return CitedItem(
        urn=str(Urn.parse(fields["item"])),
        url=str(fields["url"]),
        clause_key=str(fields["clause"]),
        category=str(fields["category"]),
        capture=str(fields["capture"]),
        capture_hash=str(fields["capture_hash"]),
        seen_at=datetime.fromisoformat(fields["seen_at"]),
    )


def _encode(kind: str, fields: dict[str, Json]) -> bytes:
    return canonical_bytes({"format": f"wardmote-host-{kind}", "v": VERSION, **fields})


_LONGEST: Mapping[str, int] = {
    "url": 500,
    "clause": 16,
    "category": 40,
    "subject": 200,
    "community": 50,
    "item": 80,
    "case": 80,
    "notice": 80,
    "answer": 80,
    "about": 80,
}
"""Characters that a named text has at most: what its column holds. Any other has `_LONG`."""
_LONG = 200_000
_LARGEST = {"hours": 100_000, "number": 1_000_000}
"""What a number is at most; none is below zero."""
_HASH = re.compile(r"[0-9a-f]{64}")


def _check(value: Any, name: str) -> None:
    """Refuse what no column would take: NUL, texts and numbers past their bounds, a hash that is none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(inner, key)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, name)
    elif isinstance(value, str):
        if "\0" in value or len(value) > _LONGEST.get(name, _LONG):
            raise ValueError(f"{name} holds what cannot be kept")
        if name in ("hash", "capture_hash") and not _HASH.fullmatch(value):
            raise ValueError(f"{name} is not 64 lower-case hexadecimal digits")
    elif isinstance(value, int) and not 0 <= value <= _LARGEST.get(name, 2**31 - 1):
        raise ValueError(f"{name} is out of bounds")


def _decode(raw: bytes, kind: str, read: Callable[[dict[str, Any]], _T]) -> _T:
    try:
        fields: Any = parse_json(raw)
        if fields["format"] != f"wardmote-host-{kind}" or fields["v"] != VERSION:
            raise Invalid(f"This is not a {kind} of a version that is known here.", field="format")
        _check(fields, kind)
        document = read(fields)
        same: bool = document.encode() == raw  # type: ignore[attr-defined]
    except (FormatError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(f"This {kind} cannot be read: {error}", field="document") from error
    if not same:
        raise Invalid(f"This {kind} holds more or other than a {kind} does.", field="document")
    return document
