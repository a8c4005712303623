import pytest
from django.test import Client
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import Desk, recorded
from tests.web.conftest import Browser, said

from wardmote.hosting.policy import ItemStatus, NoticeKind, Stage
from wardmote.journeys.members import delete_post
from wardmote.ledger import VerifierKey
from wardmote.upstream import queries

__all__ = ["desk", "log", "site"]

TEXT = "I will be at your door on Friday, and you will be sorry."


@pytest.fixture
def case_id(desk: Desk) -> int:
    """A case about one post, of which the Plaza has notice."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=3)
    return case_id


@pytest.fixture
def alice(desk: Desk, browser: Browser) -> Client:
    return browser("alice")


def _letter(desk: Desk) -> queries.NoticeView:
    (row,) = queries.notices(community_id=desk.town.plaza)
    letter = queries.notice(community_id=desk.town.plaza, notice_id=row.notice_id)
    assert letter is not None
    return letter


def test_the_owner_reads_what_the_host_says_is_wrong(desk: Desk, case_id: int, alice: Client) -> None:
    """The desk lists the letter with its time left, and the letter its post with the clause and the buttons."""
    letter = _letter(desk)
    listed = said(alice.get("/owner/").content.decode())
    page = alice.get(f"/owner/notices/{letter.notice_id}").content.decode()

    assert "1 post has no answer yet." in listed
    assert "due in" in listed
    assert letter.items[0].url in page
    assert "clause 2.1" in page
    for kind in ("removed", "disputed", "referred", "needs_time"):
        assert f'name="kind" value="{kind}"' in page


def test_an_answer_about_a_post_reaches_the_host(desk: Desk, case_id: int, alice: Client) -> None:
    """Alice denies it in her words; the host's case hears it verbatim, and the clock of that post stands still."""
    letter = _letter(desk)
    address = f"/owner/notices/{letter.notice_id}/items/{letter.items[0].item_id}"
    answer = alice.post(address, {"kind": "disputed", "words": "It is a line of a play."})
    desk.pass_time(seconds=3)
    (item,) = desk.view(case_id).items

    assert answer.headers["Location"].startswith(f"/owner/notices/{letter.notice_id}#")
    assert [a.words for a in item.answers] == ["It is a line of a play."]
    assert item.status is ItemStatus.DISPUTED
    assert item.clock is not None
    assert item.clock.paused


def test_a_denial_without_a_word_is_refused_at_its_field(desk: Desk, case_id: int, alice: Client) -> None:
    """Nothing is sent, and the page says what is missing."""
    letter = _letter(desk)
    address = f"/owner/notices/{letter.notice_id}/items/{letter.items[0].item_id}"
    answer = alice.post(address, {"kind": "disputed", "words": " "})

    assert answer.status_code == 422
    assert "Say in a sentence why; the host reads it." in said(answer.content.decode())
    assert _letter(desk).items[0].answers == ()


def test_a_letter_is_acknowledged_as_a_whole(desk: Desk, case_id: int, alice: Client) -> None:
    """Acknowledging it moves the host's case."""
    letter = _letter(desk)
    alice.post(f"/owner/notices/{letter.notice_id}/answer", {"kind": "acknowledged", "words": ""})
    desk.pass_time(seconds=3)

    assert desk.stage(case_id) is Stage.ACKNOWLEDGED


def test_every_receipt_can_be_taken_along(desk: Desk, case_id: int, alice: Client, browser: Browser) -> None:
    """Each is a file; nobody else's owner gets it."""
    receipts = queries.receipts(community_id=desk.town.plaza)
    page = alice.get("/owner/").content.decode()
    stranger = browser("frank", host="harbour.localhost")

    assert receipts
    for receipt in receipts:
        file = alice.get(f"/owner/receipts/{receipt.receipt_id}")
        assert f"/owner/receipts/{receipt.receipt_id}" in page
        assert file.headers["Content-Disposition"].startswith("attachment; ")
        found = queries.receipt_file(community_id=desk.town.plaza, receipt_id=receipt.receipt_id)
        assert found is not None
        assert file.content.decode() == found[1]
        assert stranger.get(f"/owner/receipts/{receipt.receipt_id}").status_code == 404


def test_a_letters_address_leads_to_the_owners_desk(desk: Desk, case_id: int, alice: Client) -> None:
    """The notice in the inbox and in the mail names an address that answers."""
    letter = _letter(desk)

    assert letter.items[0].url in alice.get(f"/host/notices/{letter.notice_id}").content.decode()


def test_a_host_here_is_not_replaced_by_the_owner(desk: Desk, alice: Client) -> None:
    """Whom this installation hosts cannot name another host and so be rid of its letters."""
    key = str(VerifierKey("elsewhere.example/record", bytes(range(32))))
    answer = alice.post("/owner/host", {"base_url": desk.site.url(""), "key": key})

    assert answer.status_code == 403
    assert "This installation hosts the community" in said(answer.content.decode())
    assert len(recorded("upstream_host.named")) == 1, "by the enrolment alone"


def test_the_owner_names_a_host_that_runs_elsewhere(desk: Desk, browser: Browser) -> None:
    """From then on its key is known; a wrong key or address is refused at its field."""
    frank = browser("frank", host="harbour.localhost")
    key = str(VerifierKey("elsewhere.example/record", bytes(range(32))))
    wrong = frank.post("/owner/host", {"base_url": desk.site.url(""), "key": "no key"})
    private = frank.post("/owner/host", {"base_url": "http://10.0.0.1/", "key": key})
    done = frank.post("/owner/host", {"base_url": desk.site.url(""), "key": key})
    host = queries.host_of(desk.town.harbour)

    assert wrong.status_code == private.status_code == 422
    assert "This is not the public key of a log" in said(wrong.content.decode())
    assert "Nothing can be delivered there" in said(private.content.decode())
    assert done.status_code == 302
    assert host is not None
    assert (host.base_url, host.key) == (desk.site.url("").rstrip("/"), key)
    assert len(recorded("upstream_host.named")) == 2, "the Plaza's when it was enrolled, and this"


def test_who_says_removed_is_told_what_stands(desk: Desk, case_id: int, alice: Client) -> None:
    """Alice says "removed" of a post that everybody can read: it is taken, and she is told; also once it is gone."""
    letter = _letter(desk)
    address = f"/owner/notices/{letter.notice_id}/items/{letter.items[0].item_id}"
    claim = {"kind": "removed", "words": ""}
    first = said(alice.post(address, claim, follow=True).content.decode())
    delete_post.delete_post(
        community_id=desk.town.plaza,
        member_id=desk.town.members["bob"],
        post_id=int(letter.items[0].url.rpartition("/")[2]),
        now=desk.now,
    )
    second = said(alice.post(address, claim, follow=True).content.decode())
    desk.pass_time(seconds=3)

    assert "But the post is still up: a visitor can read it now." in first
    assert "We looked: no visitor can read the post." in second
    assert [answer.kind for answer in desk.view(case_id).items[0].answers] == ["removed", "removed"]
    assert len(recorded("host_answer.received")) == 2


def test_a_letter_that_was_answered_in_time_is_not_late(desk: Desk, case_id: int, alice: Client) -> None:
    """Late is who has something to answer; a request for more time leaves it open."""
    letter = _letter(desk)
    address = f"/owner/notices/{letter.notice_id}/items/{letter.items[0].item_id}"
    alice.post(address, {"kind": "needs_time", "words": "Give us a week."})
    desk.pass_time(days=20)
    open_still = said(alice.get("/owner/").content.decode())
    alice.post(address, {"kind": "removed", "words": ""})
    desk.pass_time(days=13)
    pages = [alice.get(path).content.decode() for path in ("/owner/", f"/owner/notices/{letter.notice_id}")]

    assert "late by" in open_still
    assert ["late by" in said(page) for page in pages] == [False, False]
    assert all("answered" in said(page) for page in pages)
