"""A visitor's report counts once the mailed link was followed and confirmed, and is answered by mail."""

from datetime import timedelta

import pytest
from django.core import mail
from tests.scenario import PLAIN, Town, run_jobs
from tests.web.conftest import HARBOUR, Browser, said
from tests.web.visitors import NASTY, OLGA, WHY, confirm, leave, link

from wardmote.communities.policy import Action
from wardmote.journeys.members.visitor_reports import forget_answered
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, UnconfirmedReport, VisitorReport
from wardmote.moderation.operations import clear_unconfirmed
from wardmote.moderation.policy.texts import hash_text
from wardmote.notices.models import Notice
from wardmote.outside.report_links import report_of
from wardmote.people.models import Contact, LoginMail
from wardmote.record import queries as record


def test_nothing_counts_until_the_address_is_confirmed(town: Town, browser: Browser) -> None:
    """One mail leaves with a link; no case, no entry of the record, and nobody at the desk hears of it."""
    post = town.post("bob", NASTY)
    before = town.verbs()
    _olga, answer = leave(browser, f"{post.path}/report")
    run_jobs(town.now)

    assert answer.headers["Location"] == "/report/sent"
    assert [letter.to for letter in mail.outbox] == [[OLGA]]
    assert not Case.objects.exists()
    assert town.verbs() == before
    assert not LoginMail.objects.exists()


def test_confirmed_it_counts_and_is_on_record(town: Town, browser: Browser) -> None:
    """The button files it: a case about what was seen, a contact, a receipt by mail, and entries that name neither."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    confirmed = confirm(town, browser())
    report = VisitorReport.objects.get()
    run_jobs(town.now)
    receipt = mail.outbox[-1]

    assert confirmed.status_code == 302
    assert (report.item.text, report.comment, report.reason) == (NASTY, WHY, "threat")
    assert report.contact is not None
    assert (report.contact.address, report.contact.name) == (OLGA, "Olga Moss")
    assert not UnconfirmedReport.objects.exists()
    assert receipt.to == [OLGA]
    assert str(report.pk) in str(receipt.body)
    assert hash_text(NASTY) in str(receipt.body)
    (entry,) = [e for e in record.history([report.urn]) if e.verb == "report.filed"]
    assert entry.actor == report.contact.urn
    assert entry.values["comment"] == WHY
    assert {"contact.confirmed", "case.opened", "report.filed", "notice.sent"} <= set(town.verbs())


def test_a_mail_scanner_that_opens_the_link_confirms_nothing(town: Town, browser: Browser) -> None:
    """GET and HEAD, however often and with whatever behind the question mark, show a page with a button."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    for client in (browser(), browser()):
        page = client.get(path)
        client.head(path)
        client.get(f"{path}?do=confirm")

    assert page.status_code == 200
    assert 'value="confirm"' in page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0")
    assert not Case.objects.exists()


def test_a_link_that_is_used_again_files_nothing_more(town: Town, browser: Browser) -> None:
    """Replayed, it shows what has become of the report."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    confirm(town, browser(), path)
    before = town.verbs()
    again = confirm(town, browser(), path)
    page = browser().get(path)

    assert again.status_code == 302
    assert VisitorReport.objects.count() == 1
    assert town.verbs() == before
    assert "A moderator has not decided yet." in said(page.content.decode())


@pytest.mark.parametrize("do", ["confirm", "discard", "forget"])
def test_a_link_of_another_community_opens_nothing(town: Town, browser: Browser, do: str) -> None:
    """On the Harbour's address the Plaza's link is none; nor is one that nobody gave."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    forged = "/report/" + ("A" * 32)

    assert browser(host=HARBOUR).get(path).status_code == 404
    assert browser(host=HARBOUR).post(path, {"do": do}).status_code == 404 or do == "discard"
    assert browser().post(forged, {"do": do}).status_code == 404
    assert UnconfirmedReport.objects.count() == 1


def test_a_link_of_an_appeal_opens_no_report(town: Town, browser: Browser) -> None:
    """A token is good for the purpose for which it was given."""
    from wardmote.outside.appeal_links import token_of

    assert report_of(token_of(5)) is None


def test_a_link_runs_out_and_what_waits_is_thrown_away(town: Town, browser: Browser) -> None:
    """After three days the link opens nothing, and the worker's round keeps nothing of what was filled in."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    town.pass_time(days=3)

    assert browser().get(path).status_code == 404
    assert confirm(town, browser(), path).status_code == 404
    assert clear_unconfirmed(now=town.now) == 1
    assert not UnconfirmedReport.objects.exists()
    assert not Case.objects.exists()


def test_whoever_did_not_report_anything_throws_it_away(town: Town, browser: Browser) -> None:
    """The page behind the link shows what would be sent, and has a second button."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    page = browser().get(path)
    browser().post(path, {"do": "discard"})

    assert WHY in said(page.content.decode())
    assert f'href="{post.path}"' in page.content.decode()
    assert not UnconfirmedReport.objects.exists()


def test_moderators_read_what_was_said_and_not_who_said_it(town: Town, browser: Browser) -> None:
    """Queue and case say that it was a visitor with a confirmed address; name and address stand on no page."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    confirm(town, browser())
    run_jobs(town.now)
    case = Case.objects.get()
    dave = browser("dave")
    pages = [dave.get(path).content.decode() for path in ("/console/", f"/console/cases/{case.pk}", "/console/letters")]

    assert "1 visitor report" in said(pages[0])
    assert "by a visitor (address confirmed)" in said(pages[1])
    assert WHY in said(pages[1])
    assert not [page for page in pages if "olga" in page.lower() or "Moss" in page]


def test_the_author_is_never_told_who(town: Town, browser: Browser) -> None:
    """Bob's statement of reasons says that somebody reported it, and nothing of Olga."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    confirm(town, browser())
    town.decide("dave", Action.REMOVE)
    run_jobs(town.now)
    (to_bob,) = [letter for letter in mail.outbox if letter.to == ["bob@example.org"]]
    data = browser("bob").get("/settings/export").content.decode()

    assert "olga" not in f"{to_bob.body} {data}".lower()
    assert WHY not in f"{to_bob.body} {data}"


def test_the_visitor_is_told_what_came_of_it_and_how_to_go_on(town: Town, browser: Browser) -> None:
    """The answer comes by mail with the ways to redress, and stands on the page of the report; delivered, on record."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    confirm(town, browser(), path)
    town.decide("dave", Action.REMOVE)
    run_jobs(town.now)
    answer = str([letter for letter in mail.outbox if letter.to == [OLGA]][-1].body)
    page = said(browser().get(path).content.decode())
    notice = Notice.objects.filter(kind="report_answer").get()

    assert "acted on it" in answer
    assert "out-of-court dispute settlement" in answer
    assert path in answer
    assert "No threats" in page or "1.1" in page
    assert NASTY not in answer + page
    assert [e.verb for e in record.history([notice.urn])] == ["notice.sent", "notice.delivered"]


def test_nobody_is_written_to_who_had_themselves_erased(town: Town, browser: Browser) -> None:
    """Address, name and words go at once; the decision is made, no mail leaves, the page still tells, proofs hold."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    confirm(town, browser(), path)
    run_jobs(town.now)
    leave(browser, f"{town.post('bob', PLAIN).path}/report")
    run_jobs(town.pass_time(minutes=3))
    browser().post(path, {"do": "forget"})
    sent = len(mail.outbox)
    town.decide("dave", Action.REMOVE)
    run_jobs(town.now)
    contact, report = Contact.objects.get(), VisitorReport.objects.get()

    assert (contact.address, contact.name, report.comment) == ("", "", "")
    assert not UnconfirmedReport.objects.exists()
    assert [letter.to for letter in mail.outbox[sent:] if letter.to == [OLGA]] == []
    assert "acted on it" in said(browser().get(path).content.decode())
    assert OLGA not in str(list(Notice.objects.filter(contact=contact).values()))
    (entry,) = [e for e in record.history([contact.urn]) if e.verb == "contact.confirmed"]
    assert set(entry.erased) == {"address", "name"}


def test_a_name_is_not_kept_for_longer_than_it_is_for(town: Town, browser: Browser) -> None:
    """Half a year after the decision the worker's round erases the contact; before that, and undecided, it does not."""
    leave(browser, f"{town.post('bob', NASTY).path}/report")
    confirm(town, browser())
    undecided = forget_answered(now=town.now + timedelta(days=400))
    town.decide("dave", Action.REMOVE)
    early = forget_answered(now=town.now + timedelta(days=180))
    late = forget_answered(now=town.now + timedelta(days=184))

    assert (undecided, early, late) == (0, 0, 1)
    assert Contact.objects.get().address == ""


def test_an_erased_address_that_comes_back_is_somebody_new(town: Town, browser: Browser) -> None:
    """Nothing ties the new contact to the old one."""
    for text in (NASTY, PLAIN):
        leave(browser, f"{town.post('bob', text).path}/report")
        path = link(town)
        confirm(town, browser(), path)
        town.pass_time(minutes=5)
        if text == NASTY:
            browser().post(path, {"do": "forget"})

    assert sorted(Contact.objects.values_list("address", flat=True)) == ["", OLGA]


def test_the_receipt_proves_what_was_reported(town: Town, browser: Browser) -> None:
    """Once the entry has its place, the page of the report gives the receipt, which opens the facts and no name."""
    from wardmote.record.engine import sequence

    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    confirm(town, browser(), path)
    early = browser().get(f"{path}/receipt").status_code
    sequence(town.pass_time(seconds=2))
    receipt = browser().get(f"{path}/receipt")

    assert early == 404
    assert receipt.status_code == 200
    assert hash_text(NASTY) in receipt.content.decode()
    assert "Olga" not in receipt.content.decode()


def test_the_tables_are_what_the_record_says(town: Town, browser: Browser) -> None:
    """Held against the record, the reports, contacts and letters of visitors show nothing that was not committed to."""
    from wardmote.config.tables import compare

    leave(browser, f"{town.post('bob', NASTY).path}/report")
    confirm(town, browser())
    leave(browser, f"{town.post('bob', PLAIN).path}/report", reason="child_abuse", name="", address="")
    run_jobs(town.now)
    sound = compare()
    VisitorReport.objects.filter(contact=None).update(comment="Another comment.")
    Contact.objects.update(address="mallory@example.net")
    forged = compare()

    assert not sound.differences
    assert {"visitors' reports", "contacts"} <= {found.kind for found in forged.differences}


def test_the_urn_kinds_of_visitors_are_these() -> None:
    """Stored in the record: never another."""
    assert str(Contact(id=5).urn) == "urn:wardmote:contact:5"
    assert VisitorReport(id=6).urn == Urn("visitor_report", 6)
