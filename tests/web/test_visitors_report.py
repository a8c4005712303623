"""A visitor without an account reports what they see; it counts once the mailed link was followed and confirmed."""

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from tests.sheets import fill_in
from tests.town import PLAIN, Town, run_jobs
from tests.web.conftest import HARBOUR, PLAZA, Browser, said

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action, CommunityState
from wardmote.journeys import delete_post, edit_post, edit_profile, erase
from wardmote.journeys.visitor_reports import forget_answered, report_post
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Cover, Report, UnconfirmedReport, VisitorReport
from wardmote.moderation.operations import clear_unconfirmed
from wardmote.moderation.policy.texts import hash_text
from wardmote.notices.models import Notice
from wardmote.outside.report_links import report_of
from wardmote.people.models import Contact, LoginLetter
from wardmote.record import queries as record

NASTY = "You will be sorry that you came here."
WHY = "He said it at my door, and he lives next to me."
OLGA = "olga@example.net"
FILLED = {"reason": "threat", "comment": WHY, "name": "Olga Moss", "address": OLGA, "good_faith": "on"}
STRANGER = "203.0.113.9"


def leave(browser: Browser, path: str, **other: str) -> tuple[Client, Any]:
    """A visitor opens the form and sends it."""
    olga = browser()
    return olga, olga.post(path, fill_in(olga, path, {**FILLED, **other}))


def link(town: Town) -> str:
    """The path of the link in the newest mail that has one, once the mails have left."""
    run_jobs(town.now)
    said_in_all = "\n".join(str(letter.body) for letter in mail.outbox)
    links: list[str] = re.findall(r"https?://[^/\s]+(/report/\S+)", said_in_all)
    return links[-1]


def confirm(town: Town, client: Client, path: str = "") -> Any:
    path = path or link(town)
    return client.post(path, {"do": "confirm"})


def bob(town: Town) -> dict[str, Any]:
    return {"community_id": town.plaza, "member_id": town.members["bob"], "now": town.pass_time(seconds=1)}


def test_a_visitor_sees_the_form_and_not_a_login(town: Town, browser: Browser) -> None:
    """The link under a post leads to a form that shows it, asks for what the law asks, and leads members in."""
    post = town.post("bob", NASTY)
    page = browser().get(f"{post.path}/report")
    html = page.content.decode()

    assert page.status_code == 200
    assert NASTY in said(html)
    assert all(f'name="{name}"' in html for name in ("reason", "comment", "name", "address", "good_faith", "seen"))
    assert f"/accounts/login/?next={post.path}/report" in html.replace("%2F", "/").replace("%40", "@")
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_a_visitor_finds_the_way_from_post_and_profile(town: Town, browser: Browser) -> None:
    """Both have the link, without a session."""
    post = town.post("bob", NASTY)

    assert f'href="{post.path}/report"' in browser().get(post.path).content.decode()
    assert 'href="/@bob/report"' in browser().get("/@bob").content.decode()


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
    assert not LoginLetter.objects.exists()


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


@pytest.mark.parametrize("address", [OLGA, "carol@example.org", "CAROL@example.org"])
def test_the_answer_does_not_tell_who_has_a_login(town: Town, browser: Browser, address: str) -> None:
    """A member's address gets the same page and the same mail as any other."""
    post = town.post("bob", NASTY)
    olga, answer = leave(browser, f"{post.path}/report", address=address)
    page = olga.get(answer.headers["Location"])
    run_jobs(town.now)

    assert answer.headers["Location"] == "/report/sent"
    assert address not in page.content.decode()
    assert [letter.to for letter in mail.outbox] == [[address]]
    assert str(mail.outbox[0].subject) == "Confirm your report (plaza.localhost)"


def test_the_mail_to_an_unconfirmed_address_carries_nothing_of_anybodys(town: Town, browser: Browser) -> None:
    """Neither what the visitor typed nor what is reported nor whose it is: nobody is spammed by way of it."""
    post = town.post("bob", "Buy cheap lamps at https://lamps.example")
    leave(browser, f"{post.path}/report", comment="Visit https://spam.example", name="Win a prize")
    run_jobs(town.now)
    (letter,) = mail.outbox
    text = f"{letter.subject} {letter.body}"

    assert not [word for word in ("lamps", "spam.example", "prize", "bob", "@") if word in text]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_mail_speaks_the_language_of_the_page(town: Town, browser: Browser) -> None:
    """Olga reads German pages: link, receipt and answer are German."""
    post = town.post("bob", NASTY)
    olga = browser()
    olga.cookies["django_language"] = "de"
    path = f"{post.path}/report"
    olga.post(path, fill_in(olga, path, FILLED))

    assert UnconfirmedReport.objects.get().language == "de"


@pytest.mark.parametrize("what", ["deleted", "removed"])
def test_a_post_that_went_meanwhile_is_reported_as_it_was_seen(town: Town, browser: Browser, what: str) -> None:
    """Gone before the form was sent, or before the link was followed: the text that was seen is what counts."""
    post = town.post("bob", NASTY)
    olga = browser()
    sheet = fill_in(olga, f"{post.path}/report", FILLED)
    if what == "deleted":
        delete_post.delete_post(**bob(town), post_id=post.post_id)
    olga.post(f"{post.path}/report", sheet)
    if what == "removed":
        town.report("erin", post.post_id)
        town.decide("dave", Action.REMOVE)
    confirm(town, browser())

    assert VisitorReport.objects.get().item.text == NASTY


def test_an_edited_post_is_shown_again_before_it_is_reported(town: Town, browser: Browser) -> None:
    """409 with the new text and what was typed; sent again, what was seen first is reported, and both are judged."""
    post = town.post("bob", NASTY)
    olga = browser()
    path = f"{post.path}/report"
    sheet = fill_in(olga, path, FILLED)
    edit_post.edit_post(**bob(town), post_id=post.post_id, text=PLAIN)
    answer = olga.post(path, sheet)
    html = answer.content.decode()
    newest = re.search(r'name="newest" value="(\w+)"', html)
    assert newest
    again = olga.post(path, {**sheet, "newest": newest[1]})
    confirm(town, browser())
    report = VisitorReport.objects.get()

    assert answer.status_code == 409
    assert PLAIN in said(html)
    assert WHY in html
    assert again.status_code == 302
    assert report.item.text == NASTY
    assert report.case.item.text == PLAIN


def test_a_profile_that_says_something_else_is_shown_again(town: Town, browser: Browser) -> None:
    """Of a profile no earlier texts are kept: 409 when the form is sent, and when the link is followed."""
    edit_profile.edit_profile(**bob(town), display_name="Bob", bio=NASTY)
    olga = browser()
    sheet = fill_in(olga, "/@bob/report", FILLED)
    edit_profile.edit_profile(**bob(town), display_name="Bob", bio="Another bio.")
    first = olga.post("/@bob/report", sheet)
    seen = re.search(r'name="seen" value="(\w+)"', first.content.decode())
    assert seen
    second = olga.post("/@bob/report", {**sheet, "seen": seen[1]})
    path = link(town)
    edit_profile.edit_profile(**bob(town), display_name="Bob", bio=PLAIN)
    third = confirm(town, browser(), path)

    assert (first.status_code, second.status_code, third.status_code) == (409, 302, 409)
    assert not VisitorReport.objects.exists()


def test_what_was_erased_meanwhile_is_not_brought_back(town: Town, browser: Browser) -> None:
    """The link is followed after Bob had everything erased: a sentence, and no snapshot."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report")
    path = link(town)
    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.pass_time(seconds=1))

    assert confirm(town, browser(), path).status_code == 404
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("comment", ""),
        ("comment", " \u200b "),
        ("comment", "x" * 2001),
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\u0000b"),
        ("address", ""),
        ("address", "nobody"),
        ("address", "a@b@c.example"),
        ("address", "a@localhost"),
        ("address", "olga@example.net\r\nBcc: all@example.org"),
        ("address", "olga@example.net,all@example.org"),
        ("address", '"olga\n"@example.net'),
        ("address", "Olga <olga@example.net>"),
        ("address", "ölga@example.net"),
        ("address", f"{'a' * 65}@example.net"),
        ("good_faith", ""),
        ("reason", "nonsense"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(town: Town, browser: Browser, field: str, value: str) -> None:
    """One sentence, linked to the field it is about; what was typed stays, and no mail leaves."""
    post = town.post("bob", NASTY)
    _olga, answer = leave(browser, f"{post.path}/report", **{field: value})
    html = answer.content.decode()
    run_jobs(town.now)

    assert answer.status_code == 422
    assert re.search(rf'<a href="#id_{field}(_0)?">', html)
    assert 'aria-invalid="true"' in html
    assert field == "comment" or WHY in html
    assert not mail.outbox
    assert not UnconfirmedReport.objects.exists()


def test_a_domain_in_any_script_is_written_to_as_browsers_name_it(town: Town, browser: Browser) -> None:
    """`straße` is not `strasse`: the mail goes to the box that was meant."""
    post = town.post("bob", NASTY)
    leave(browser, f"{post.path}/report", address="olga@straße.example")
    run_jobs(town.now)

    assert mail.outbox[0].to == ["olga@xn--strae-oqa.example"]


def test_child_abuse_is_reported_without_a_name_or_an_address(town: Town, browser: Browser) -> None:
    """It goes in at once, ranks below what somebody answers for, and its reporter finds the answer by a link."""
    post = town.post("bob", NASTY)
    path = f"{post.path}/report"
    _olga, answer = leave(browser, path, reason="child_abuse", name="", address="")
    first = Case.objects.get().priority
    leave(browser, path, reason="child_abuse", name="", address="")
    same = Case.objects.get().priority
    leave(browser, path, reason="child_abuse")
    confirm(town, browser())
    page = browser().get(answer.headers["Location"])

    assert answer.headers["Location"].startswith("/report/")
    assert "A moderator has not decided yet." in said(page.content.decode())
    assert first == same < Case.objects.get().priority
    unaddressed = VisitorReport.objects.filter(contact=None)[0]
    (entry,) = record.history([unaddressed.urn])
    assert entry.actor.kind == "visitor_report"


def test_visitors_never_cover_what_they_report(town: Town, browser: Browser) -> None:
    """However many confirm that it is a threat: a cover needs members of proven accuracy."""
    post = town.post("bob", NASTY)
    for number in range(4):
        leave(browser, f"{post.path}/report", address=f"olga{number}@example.net")
        confirm(town, browser())

    assert VisitorReport.objects.count() == 4
    assert not Cover.objects.exists()


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


def test_one_mail_to_one_box_in_three_minutes(town: Town, browser: Browser) -> None:
    """Two reports within a minute: the second mail leaves three minutes after the first; `+x` is the same box."""
    leave(browser, f"{town.post('bob', NASTY).path}/report")
    leave(browser, f"{town.post('bob', PLAIN).path}/report", address="Olga+news@example.net")
    run_jobs(town.now)
    first = len(mail.outbox)
    run_jobs(town.pass_time(minutes=3))

    assert (first, len(mail.outbox)) == (1, 2)


def test_a_button_that_is_pressed_twice_sends_one_mail(town: Town, browser: Browser) -> None:
    """The same form again is answered the same; some minutes later, for the mail was lost, another is sent."""
    path = f"{town.post('bob', NASTY).path}/report"
    olga = browser()
    sheet = fill_in(olga, path, FILLED)
    answers = [olga.post(path, sheet).headers["Location"] for _ in range(2)]
    at_once = UnconfirmedReport.objects.count()
    town.pass_time(minutes=4)
    olga.post(path, sheet)
    run_jobs(town.now)

    assert answers == ["/report/sent", "/report/sent"]
    assert (at_once, len(mail.outbox)) == (1, 2)


def test_nobody_is_drowned_in_mail(town: Town, browser: Browser, settings: Settings) -> None:
    """Whoever names another's address again and again gets 429; the box has had six mails, whatever community sent."""
    settings.WARDMOTE_PACE = 1
    answers = []
    for number in range(8):
        path = f"{town.post('bob', f'Number {number}.').path}/report"
        answers.append(leave(browser, path, address=f"victim+{number}@example.net")[1])
    run_jobs(town.pass_time(hours=1))

    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2
    assert answers[-1].headers["Retry-After"]
    assert len(mail.outbox) == 6
    assert WHY in answers[-1].content.decode()


def test_one_network_address_cannot_flood(town: Town, browser: Browser, settings: Settings) -> None:
    """Ten an hour from one network, refused ones included, and three of one thing; what is claimed changes nothing."""
    settings.WARDMOTE_TRUSTED_PROXIES = (ip_network("127.0.0.0/8"),)
    posts = [town.post("bob", f"Number {number}.").path for number in range(12)]

    def send(path: str, number: int, peer: str) -> int:
        olga = Client(HTTP_HOST=PLAZA)
        sheet = fill_in(olga, f"{path}/report", {**FILLED, "address": f"olga{number}@example.net"})
        return olga.post(
            f"{path}/report", sheet, headers={"X-Forwarded-For": f"198.51.100.{number}, {peer}"}
        ).status_code

    browser()
    of_one = [send(posts[0], number, STRANGER) for number in range(4)]
    of_all = [send(path, 10 + number, STRANGER) for number, path in enumerate(posts[1:])]
    other = send(posts[0], 90, "192.0.2.7")

    assert of_one == [302, 302, 302, 429]
    assert of_all.count(302) == 6
    assert other == 302


def test_an_item_and_a_community_take_so_many_at_most(town: Town, settings: Settings) -> None:
    """What waits is bounded for one thing and for one community; members go on reporting."""
    from wardmote.journeys.visitor_reports import Statement
    from wardmote.kernel.errors import TooOften
    from wardmote.moderation.policy import ReportReason

    settings.WARDMOTE_PACE = 1
    post = town.post("bob", NASTY)
    seen = hash_text(NASTY)

    def send(number: int) -> None:
        statement = Statement(ReportReason.THREAT, WHY, "Olga", f"o{number}@example.net", "en")
        report_post(
            community_id=town.plaza, post_id=post.post_id, statement=statement, seen=seen, newest=seen, now=town.now
        )

    for number in range(200):
        send(number)
    with pytest.raises(TooOften):
        send(200)
    settings.WARDMOTE_PACE = 0
    town.report("carol", post.post_id)

    assert Report.objects.count() == 1


def test_a_locked_community_takes_no_new_report_and_finishes_what_was_begun(town: Town, browser: Browser) -> None:
    """Its posts are behind the host's page, and so are its forms; a link that was mailed before still confirms."""
    post = town.post("bob", NASTY)
    olga = browser()
    path = f"{post.path}/report"
    sheet = fill_in(olga, path, FILLED)
    leave(browser, path)
    mailed = link(town)
    communities.set_state(
        community_id=town.plaza,
        state=CommunityState.SUSPENDED,
        reason="Threats stood here.",
        decision=Urn("host_case", 1),
        now=town.now,
    )

    assert olga.get(path).status_code == 451
    assert olga.post(path, {**sheet, "address": "other@example.net"}).status_code == 451
    assert browser().get(mailed).status_code == 200
    assert confirm(town, browser(), mailed).status_code == 302
    assert VisitorReport.objects.count() == 1


def test_a_member_whose_session_ended_is_led_to_sign_in(town: Town, browser: Browser) -> None:
    """The member's form without a session is not taken for a visitor's: what was typed waits behind the login."""
    post = town.post("bob", NASTY)
    answer = browser().post(f"{post.path}/report", {"reason": "threat", "comment": WHY})

    assert answer.headers["Location"].startswith("/accounts/login/")


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
