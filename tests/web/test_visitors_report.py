"""A visitor without an account reports what they see: the form, and what becomes of the post meanwhile."""

import re

import pytest
from django.core import mail
from tests.scenario import PLAIN, Town, run_jobs
from tests.sheets import fill_in
from tests.web.conftest import Browser, said
from tests.web.visitors import FILLED, NASTY, WHY, bob, confirm, leave, link

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action, CommunityState
from wardmote.journeys.members import delete_post, edit_post, edit_profile, erase
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, UnconfirmedReport, VisitorReport
from wardmote.record import queries as record


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
    seen = re.search(r'name="seen" value="([^"]+)"', first.content.decode())
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
