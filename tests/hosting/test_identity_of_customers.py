"""Who a customer is: the key under which it was enrolled. The Pier speaks for itself, and never for the Quay."""

from importlib import import_module

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from tests.hosting.desk import Desk, recorded
from tests.hosting.elsewhere import ORIGIN, Elsewhere
from tests.hosting.test_customer_elsewhere import answer, case_id, quay
from tests.web.conftest import Browser, browser, said

from wardmote.hosting import queries
from wardmote.hosting.models import Acceptance, Answer, Customer, Receipt
from wardmote.hosting.policy.documents import AcceptanceDocument, KeyDocument, ReceiptDocument
from wardmote.hosting.policy.kinds import AnswerKind
from wardmote.journeys.hosts import enrol
from wardmote.kernel.errors import Invalid
from wardmote.kernel.urn import Urn
from wardmote.ledger import Signer, sign_succession
from wardmote.record.models import KnownKey

__all__ = ["browser", "case_id", "quay"]


@pytest.fixture
def piers() -> Signer:
    """A key of the Pier's own, under the name of the Quay's installation."""
    return Signer(ORIGIN, Ed25519PrivateKey.generate())


@pytest.fixture
def pier(desk: Desk, elsewhere: Elsewhere, quay: int, piers: Signer) -> None:
    """A database from before: the Pier was enrolled under the Quay's name with a key of its own."""
    KnownKey.objects.all().delete()
    Customer.objects.create(
        name="The Pier",
        slug="pier",
        base_url=elsewhere.url,
        origin=ORIGIN,
        key=str(piers.verifier),
        enrolled_at=desk.now,
    )
    import_module("wardmote.upstream.migrations.0003_under_which_key").fill(apps, None)


def test_a_second_customer_under_a_known_name_needs_its_key(
    desk: Desk, elsewhere: Elsewhere, quay: int, piers: Signer, browser: Browser
) -> None:
    """Heidi cannot enrol the Pier so: the page says why at the field. With the one key of that installation she can."""
    heidi = browser("heidi", host="127.0.0.1")
    form = {"name": "The Pier", "slug": "pier", "base_url": elsewhere.url}
    refused = heidi.post("/host/customers/elsewhere", form | {"key": str(piers.verifier)})
    taken = heidi.post("/host/customers/elsewhere", form | {"key": elsewhere.key})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "is known here with another key" in said(refused.content.decode())
    assert len(recorded("customer.enrolled")) == 3


def test_a_host_of_ours_is_no_customer_with_another_key(desk: Desk, elsewhere: Elsewhere, piers: Signer) -> None:
    """A name is known whichever way it came to be: the Harbour's host cannot be enrolled with the Pier's key."""
    frank = {"community_id": desk.town.harbour, "member_id": desk.town.members["frank"]}
    enrol.name_host(**frank, base_url=elsewhere.url, key=elsewhere.key, now=desk.now)

    with pytest.raises(Invalid, match="another key"):
        enrol.enrol_remote(
            staff_id=desk.staff("heidi"),
            name="The Pier",
            slug="pier",
            base_url=elsewhere.url,
            key=str(piers.verifier),
            now=desk.now,
        )


def test_the_pier_accepts_answers_and_proves_nothing_for_the_quay(
    desk: Desk, elsewhere: Elsewhere, case_id: int, pier: None, piers: Signer
) -> None:
    """Under its own key, and the Quay's name: not found; the Quay itself is heard."""
    desk.pass_time(seconds=3)
    policy = queries.acceptable_use()
    assert policy is not None
    accepted = Acceptance.objects.count()
    notice = Urn("host_notice", desk.view(case_id).notices[0].notice_id)
    (ours,) = Receipt.objects.filter(about=str(notice), kept=False)
    documents = {
        "acceptance": AcceptanceDocument("quay", policy.number, policy.hash, desk.now).encode(),
        "answer": answer(desk, case_id, AnswerKind.REMOVED).encode(),
        "receipt": ReceiptDocument(notice, "quay", ours.text).encode(),
        "key": KeyDocument("quay", "-").encode(),
    }
    for kind, document in documents.items():
        assert elsewhere.send(f"host/{kind}", document, signer=piers)[0] == 404, kind

    assert (Acceptance.objects.count(), Answer.objects.count()) == (accepted, 0)
    assert elsewhere.send("host/answer", documents["answer"])[0] == 200


def test_a_customers_log_goes_on_under_the_key_that_the_old_one_named(
    desk: Desk, elsewhere: Elsewhere, case_id: int, piers: Signer
) -> None:
    """The same statement as a host's, at the host's door; the customer is then who has the new key."""
    desk.pass_time(seconds=3)
    statement = sign_succession(elsewhere.signer, piers, "2026-11-22T12:00:00.000Z")
    announced = elsewhere.send("host/key", KeyDocument("quay", statement).encode())
    answered = elsewhere.send("host/answer", answer(desk, case_id, AnswerKind.REMOVED).encode(), signer=piers)
    old = elsewhere.send("host/answer", answer(desk, case_id, AnswerKind.DISPUTED, "No.", 2).encode())

    assert (announced[0], answered[0], old[0]) == (200, 200, 401)
    assert Customer.objects.get(slug="quay").key == str(piers.verifier)
    assert len(recorded("customer.rekeyed")) == 1
