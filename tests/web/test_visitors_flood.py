"""A visitor's report is no way to send others mail, to learn who has a login, or to drown a desk."""

from ipaddress import ip_network

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from tests.scenario import PLAIN, Town, run_jobs
from tests.sheets import fill_in
from tests.web.conftest import PLAZA, Browser
from tests.web.visitors import FILLED, NASTY, OLGA, STRANGER, WHY, confirm, leave

from wardmote.journeys.members.visitor_reports import report_post
from wardmote.moderation.models import Cover, Report, UnconfirmedReport, VisitorReport
from wardmote.moderation.policy.texts import hash_text


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
    from wardmote.journeys.members.visitor_reports import Statement
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


def test_visitors_never_cover_what_they_report(town: Town, browser: Browser) -> None:
    """However many confirm that it is a threat: a cover needs members of proven accuracy."""
    post = town.post("bob", NASTY)
    for number in range(4):
        leave(browser, f"{post.path}/report", address=f"olga{number}@example.net")
        confirm(town, browser())

    assert VisitorReport.objects.count() == 4
    assert not Cover.objects.exists()
