"""The host's side of the exchange: what a customer elsewhere may send us, and how our letters reach it."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.hosting.desk import Desk
from tests.hosting.elsewhere import ORIGIN, Elsewhere

from wardmote.hosting import queries
from wardmote.hosting.models import Answer, Receipt
from wardmote.hosting.policy import ItemDraft, ItemStatus, NoticeKind, Stage
from wardmote.hosting.policy.documents import AcceptanceDocument, AnswerDocument, NoticeDocument, ReceiptDocument
from wardmote.hosting.policy.kinds import AnswerKind
from wardmote.journeys.hosts import cases, enrol
from wardmote.kernel.errors import Invalid
from wardmote.kernel.urn import Urn
from wardmote.ledger import Signer
from wardmote.outside import signatures
from wardmote.outside.signing import record_verifier
from wardmote.record import queries as record

TEXT = "Nobody at the quay will be safe on Friday."


@pytest.fixture
def quay(desk: Desk, elsewhere: Elsewhere) -> int:
    """The Quay, a community of the other installation, is a customer of ours that has accepted the policy."""
    desk.pass_time(seconds=1)
    customer_id = enrol.enrol_remote(
        staff_id=desk.staff("heidi"),
        name="The Quay",
        slug="quay",
        base_url=elsewhere.url,
        key=elsewhere.key,
        now=desk.now,
    )
    policy = queries.acceptable_use()
    assert policy is not None
    document = AcceptanceDocument("quay", policy.number, policy.hash, desk.now)
    assert elsewhere.send("host/acceptance", document.encode())[0] == 200
    return customer_id


@pytest.fixture
def case_id(desk: Desk, quay: int) -> int:
    """A case about two of the Quay's posts, whose notice is on its way."""
    for path in ("/1", "/2"):
        desk.site.pages[path] = (200, f"<p>{TEXT}</p>")
    case_id = cases.open_host_case(
        staff_id=desk.staff("heidi"),
        customer_id=quay,
        summary="Threats at the Quay",
        life_threat=False,
        items=[ItemDraft(desk.site.url(path), "2.1", TEXT, desk.now) for path in ("/1", "/2")],
        now=desk.now,
    )
    desk.send(case_id, NoticeKind.NOTICE)
    return case_id


def answer(desk: Desk, case_id: int, kind: AnswerKind, words: str = "", number: int = 1) -> AnswerDocument:
    view = desk.view(case_id)
    return AnswerDocument(
        answer=Urn("upstream_answer", number),
        notice=Urn("host_notice", view.notices[0].notice_id),
        item=Urn("host_item", view.items[0].item_id) if kind.about_an_item else None,
        community="quay",
        kind=kind,
        words=words,
        given_at=desk.now,
    )


def test_a_letter_is_delivered_signed_and_its_clock_starts_then(desk: Desk, elsewhere: Elsewhere, case_id: int) -> None:
    """The bytes that arrive are those we kept, under our signature; before that no clock runs."""
    before = desk.view(case_id)
    desk.pass_time(seconds=3)
    after = desk.view(case_id)
    path, body, headers = next(d for d in elsewhere.delivered if d[0].endswith("/notice"))
    message = signatures.Message("POST", headers["Host"], path, headers["Idempotency-Key"], body)
    document = NoticeDocument.decode(body)

    signatures.verify(message, headers, record_verifier(), desk.now - timedelta(seconds=3))
    assert before.stage is Stage.OPEN
    assert before.notices[0].delivered_at is None
    assert after.stage is Stage.NOTIFIED
    assert after.notices[0].proof.startswith("200 ")
    assert (document.body, str(document.notice)) == (after.notices[0].body, headers["Idempotency-Key"])
    assert [item.capture for item in document.items] == [TEXT, TEXT]


def test_a_letter_is_sent_again_until_it_is_taken(desk: Desk, elsewhere: Elsewhere, case_id: int) -> None:
    """A server that fails, fails to start the clock; at the next try the same letter arrives."""
    elsewhere.says = (500, "down")
    desk.pass_time(seconds=1)
    failed = desk.view(case_id).stage
    elsewhere.says = (200, "{}")
    desk.pass_time(minutes=1)
    letters = {body for path, body, _ in elsewhere.delivered if path.endswith("/notice")}

    assert failed is Stage.OPEN
    assert desk.view(case_id).stage is Stage.NOTIFIED
    assert len(letters) == 1


def test_a_letter_that_the_case_has_overtaken_changes_nothing(desk: Desk, elsewhere: Elsewhere, case_id: int) -> None:
    """A notice still under way when its case is rejected is delivered, and no clock starts."""
    elsewhere.says = (500, "down")
    desk.pass_time(seconds=1)
    cases.move(staff_id=desk.staff("ivan"), case_id=case_id, to=Stage.REJECTED, reason="Wrong.", now=desk.now)
    elsewhere.says = (200, "{}")
    desk.pass_time(minutes=1)
    view = desk.view(case_id)

    assert view.stage is Stage.REJECTED
    assert view.notices[0].delivered_at is not None
    assert view.clocks == ()
    assert "host_case.overtaken" in [row.verb for row in view.timeline]


def test_an_answer_takes_effect_once(desk: Desk, elsewhere: Elsewhere, case_id: int) -> None:
    """Sent twice, the second is recognised; the first has acknowledged the notice."""
    desk.pass_time(seconds=3)
    document = answer(desk, case_id, AnswerKind.DISPUTED, "It is a film's title.").encode()
    first = elsewhere.send("host/answer", document)
    again = elsewhere.send("host/answer", document)
    view = desk.view(case_id)

    assert first == again
    assert first[0] == 200
    assert Answer.objects.count() == 1
    assert view.items[0].status is ItemStatus.DISPUTED
    assert view.items[0].answers[0].words == "It is a film's title."
    assert view.stage is Stage.ACKNOWLEDGED


def test_other_words_under_the_same_name_are_refused(desk: Desk, elsewhere: Elsewhere, case_id: int) -> None:
    """What was answered cannot be answered otherwise later."""
    desk.pass_time(seconds=3)
    elsewhere.send("host/answer", answer(desk, case_id, AnswerKind.DISPUTED, "It is a film's title.").encode())
    status, said = elsewhere.send("host/answer", answer(desk, case_id, AnswerKind.REMOVED).encode())

    assert (status, said["refused"]) == (409, "An answer of this name came in before, with other words.")
    assert desk.view(case_id).items[0].status is ItemStatus.DISPUTED


@pytest.mark.parametrize("fault", ["unsigned", "forged", "old", "tampered", "stranger", "elsewhere"])
def test_what_is_not_signed_as_it_must_be_is_not_taken(
    desk: Desk, elsewhere: Elsewhere, case_id: int, fault: str
) -> None:
    """No signature, a forged one, an old one, other bytes, an unknown key, another path: 401, and nothing is stored."""
    desk.pass_time(seconds=3)
    document = answer(desk, case_id, AnswerKind.REMOVED).encode()
    forger = Signer(ORIGIN, Ed25519PrivateKey.generate())
    stranger = Signer("stranger.test/record", Ed25519PrivateKey.generate())
    before = record.count()
    if fault == "unsigned":
        answered = elsewhere.send_raw("host/answer", document, {})
    elif fault == "elsewhere":
        message = signatures.Message("POST", "127.0.0.1", "/exchange/host/receipt", "key", document)
        headers = signatures.sign(message, elsewhere.signer, desk.now)
        answered = elsewhere.send_raw("host/answer", document, headers)
    else:
        answered = elsewhere.send(
            "host/answer",
            document,
            signer={"forged": forger, "stranger": stranger}.get(fault),
            ago=timedelta(minutes=6) if fault == "old" else timedelta(0),
            instead=document.replace(b"removed", b"referred") if fault == "tampered" else None,
        )

    assert answered[0] == 401
    assert record.count() == before


def test_a_customer_answers_only_for_itself(desk: Desk, elsewhere: Elsewhere, quay: int) -> None:
    """A notice to the Plaza is not found by the Quay, nor is an item of somebody else's case."""
    theirs = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(theirs, NoticeKind.NOTICE)
    status, said = elsewhere.send("host/answer", answer(desk, theirs, AnswerKind.REMOVED).encode())

    assert (status, said["refused"]) == (404, "There is no such notice to you.")
    assert desk.view(theirs).items[0].status is ItemStatus.NOTIFIED


def test_a_customer_cannot_speak_as_another(desk: Desk, elsewhere: Elsewhere, quay: int) -> None:
    """The Plaza is hosted here: nobody elsewhere accepts in its name."""
    policy = queries.acceptable_use()
    assert policy is not None
    document = AcceptanceDocument("plaza", policy.number, policy.hash, desk.now)

    assert elsewhere.send("host/acceptance", document.encode())[0] == 404


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: {**d, "more": 1},
        lambda d: {k: v for k, v in d.items() if k != "words"},
        lambda d: {**d, "v": 2},
        lambda d: {**d, "kind": "ignored"},
        lambda d: {**d, "item": "urn:wardmote:host_item:0"},
        lambda d: {**d, "item": None},
        lambda d: [d],
    ],
)
def test_a_document_that_says_more_or_less_is_not_read(
    desk: Desk, elsewhere: Elsewhere, case_id: int, spoil: "object"
) -> None:
    """Unknown fields, missing ones, other versions: 422, whoever signed it."""
    desk.pass_time(seconds=3)
    fields = json.loads(answer(desk, case_id, AnswerKind.REMOVED).encode())
    raw = json.dumps(spoil(fields), separators=(",", ":"), sort_keys=True).encode()  # type: ignore[operator]

    assert elsewhere.send("host/answer", raw)[0] == 422
    assert Answer.objects.count() == 0


def test_a_receipt_that_proves_something_else_is_not_kept(desk: Desk, elsewhere: Elsewhere, case_id: int) -> None:
    """A receipt of our own log, of nothing at all, or about nothing we know: none of it is theirs to give."""
    desk.pass_time(seconds=3)
    notice = Urn("host_notice", desk.view(case_id).notices[0].notice_id)
    (ours,) = Receipt.objects.filter(about=str(notice), kept=False)
    for about, text in ((notice, ours.text), (notice, "{}"), (Urn("host_notice", 7), ours.text)):
        document = ReceiptDocument(about, "quay", text)
        assert elsewhere.send("host/receipt", document.encode())[0] == 422

    assert not Receipt.objects.filter(about=str(notice), kept=True).exists()


def test_what_is_no_letter_box_answers_so(elsewhere: Elsewhere, quay: int) -> None:
    """An unknown kind of document is refused, and nothing is shown to who only looks."""
    from django.test import Client

    assert elsewhere.send("host/gossip", b"{}")[0] == 422
    assert Client(headers={"host": "127.0.0.1"}).get("/exchange/host/answer").status_code == 405


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://10.0.0.1", None),
        ("file:///etc", None),
        ("http://site.localhost", "nonsense"),
        ("http://site.localhost", "ours"),
    ],
)
def test_a_customer_that_could_not_be_reached_or_known_is_not_enrolled(
    desk: Desk, elsewhere: Elsewhere, url: str, key: str | None
) -> None:
    """A private address, a key that is none, a log of our own name: refused before anything is sent."""
    chosen = {None: elsewhere.key, "ours": str(record_verifier())}.get(key, key)

    with pytest.raises(Invalid):
        enrol.enrol_remote(
            staff_id=desk.staff("heidi"), name="X", slug="x", base_url=url, key=str(chosen), now=desk.now
        )
