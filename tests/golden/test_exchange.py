"""What two installations hand each other, and what a log hands out, has the same bytes for good."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.golden.frozen import hold

from wardmote.communities import policy as communities
from wardmote.communities.policy import Action, Severity
from wardmote.hosting.policy.acceptable_use import ClauseDraft, as_document, policy_hash
from wardmote.hosting.policy.documents import (
    AcceptanceDocument,
    AnswerDocument,
    KeyDocument,
    NoticeDocument,
    PolicyDocument,
    ReceiptDocument,
)
from wardmote.hosting.policy.kinds import AnswerKind, NoticeKind
from wardmote.hosting.policy.notices import Cited, CitedItem
from wardmote.hosting.policy.terms import Terms
from wardmote.journeys.steps import exchange
from wardmote.kernel.urn import Urn
from wardmote.ledger import Checkpoint, Opening, Receipt, Signer, sign_checkpoint, sign_succession
from wardmote.outside import signatures

MOMENT = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
ORIGIN = "host.example/record"
KEY = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
NEXT = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
HASH = "0123456789abcdef" * 4


@dataclass(frozen=True)
class Handed:
    """Something that is handed out: what it is, and its text."""

    name: str
    text: str


def policy() -> dict[str, object]:
    clause = ClauseDraft("2.1", "No threats", "Nobody may be threatened.", "violence.threat", Severity.HIGH)
    return {**as_document("Acceptable use", [clause], Terms())}


def documents() -> Iterator[Handed]:
    """One of each kind, everything in it being filled."""
    item = CitedItem(
        str(Urn("host_item", 5)), "https://plaza.example/@bob/9", "2.1", "violence.threat", "Words.", HASH, MOMENT
    )
    notice = NoticeDocument(
        notice=Urn("host_notice", 3),
        case=Urn("host_case", 4),
        community="plaza",
        kind=NoticeKind.NOTICE,
        issued_at=MOMENT,
        policy_number=1,
        policy_hash=HASH,
        hours=24,
        subject="A notice",
        body="Grüße.",
        effect="An effect.",
        clauses=(Cited("2.1", "No threats", "Nobody may be threatened."),),
        items=(item,),
    )
    answer = AnswerDocument(
        Urn("upstream_answer", 6), Urn("host_notice", 3), Urn("host_item", 5), "plaza", AnswerKind.REMOVED, "", MOMENT
    )
    yield Handed("notice", notice.encode().decode())
    yield Handed("answer", answer.encode().decode())
    yield Handed("policy", PolicyDocument(1, "plaza", {"title": "Acceptable use"}).encode().decode())
    yield Handed("acceptance", AcceptanceDocument("plaza", 1, HASH, MOMENT).encode().decode())
    yield Handed("receipt", ReceiptDocument(Urn("host_notice", 3), "plaza", "{}").encode().decode())
    yield Handed("key", KeyDocument("plaza", "statement").encode().decode())


def signed() -> Iterator[Handed]:
    """What is signed, with a fixed key: a log's texts, and a request to another installation."""
    yield Handed("public key", str(KEY.verifier))
    yield Handed("checkpoint", sign_checkpoint(Checkpoint(ORIGIN, 11, bytes(32)), KEY))
    yield Handed("next key", sign_succession(KEY, NEXT, "2026-11-22T12:00:00.123Z"))
    message = signatures.Message("POST", "plaza.example", "/exchange/community/notice", HASH, b"{}")
    for header, value in signatures.sign(message, KEY, MOMENT).items():
        yield Handed(f"header {header}", value)
    receipt = Receipt(7, b"{}", (bytes(32),), "note\n", {"clause": Opening(bytes(32), "2.1")})
    yield Handed("receipt file", receipt.to_json())


def lines(handed: Iterator[Handed]) -> list[str]:
    """A line each, whatever is in it."""
    return [f"{each.name}: {each.text!r}" for each in handed]


def test_documents_between_installations_keep_their_bytes() -> None:
    """The other side runs another version, and has the bytes' hash on record."""
    hold("documents", lines(documents()))


def test_every_kind_of_document_is_on_the_list() -> None:
    """What the exchange takes is what the list freezes."""
    taken = {*exchange._TO_COMMUNITY, *exchange._TO_HOST}  # noqa: SLF001 - there is no other list of them

    assert {each.name for each in documents()} == taken


def test_what_is_signed_keeps_its_bytes() -> None:
    """A signature verifies over the very bytes, wherever they are kept."""
    hold("signed", lines(signed()))


def test_what_people_accepted_keeps_its_hash() -> None:
    """An acceptance names its policy by hash: the same words give the same hash for good."""
    clause = communities.ClauseDraft(
        "1.1", "No threats", "Words.", "violence.threat", Severity.HIGH, Action.REMOVE, 0.5, 0.8
    )
    hold(
        "policy-hashes",
        [
            f"community: {communities.policy_hash('Rules', [clause])}",
            f"host: {policy_hash(policy())}",  # type: ignore[arg-type]
            *(f"host's terms: {name}" for name in Terms().as_json()),
        ],
    )
