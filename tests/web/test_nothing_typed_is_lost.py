"""What a member typed is there again, or on the page that says why it was not taken; secrets never are."""

import logging
import re
from html import unescape

import pytest
from django.test import Client
from tests.scenario import CLAUSES, PLAIN, Town
from tests.web.conftest import PLAZA, Browser

from wardmote.communities.policy import Action
from wardmote.communities.queries import current_policy
from wardmote.journeys.operator import found_community

WORDS = "I saw him write the same to Carol.\nTwice."
HTMX = {"HX-Request": "true"}
OURS = {"Sec-Fetch-Site": "same-origin"}


def _new_policy(town: Town) -> str:
    town.pass_time(seconds=1)
    found_community.publish_policy(
        community_id=town.plaza, member_id=town.members["alice"], title="New", clauses=CLAUSES, now=town.now
    )
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    return policy.hash


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_composer_says_that_the_policy_is_new_and_leads_there_and_back(
    town: Town, browser: Browser, headers: dict[str, str]
) -> None:
    """Bob reads why his post was not taken, accepts, and has his text before him; nothing was published.

    Sent then, it is let go of.
    """
    bob = browser("bob")
    policy_hash = _new_policy(town)
    answer = bob.post("/post", {"text": PLAIN}, headers=headers)
    page = answer.content.decode()
    link = re.search(r'href="(/policy/accept\?next=%2Fpost)"', page)

    assert answer.status_code == 403
    assert "The community has a new policy. Please read and accept it before you write." in page
    assert PLAIN in page
    assert link is not None
    assert answer.headers.get("Wardmote-Form", "") == ("refused" if headers else "")
    back = bob.post(link[1], {"policy_hash": policy_hash})
    assert back.headers["Location"] == "/post"
    assert PLAIN in bob.get("/post").content.decode()
    assert "post.published" not in town.verbs()
    bob.post("/post", {"text": PLAIN})
    assert PLAIN not in bob.get("/post").content.decode()


def test_a_form_sent_once_accepted_elsewhere_is_not_offered_again(town: Town, browser: Browser) -> None:
    """Bob accepts in another tab and sends the form that was refused: its draft is gone."""
    bob = browser("bob")
    policy_hash = _new_policy(town)
    bob.post("/post", {"text": PLAIN})
    bob.post("/policy/accept", {"policy_hash": policy_hash})
    sent = bob.post("/post", {"text": PLAIN})

    assert sent.status_code == 302
    assert PLAIN not in bob.get("/post").content.decode()


@pytest.mark.parametrize(
    ("address", "typed"),
    [("report", {"reason": "threat", "comment": WORDS}), ("/settings", {"display_name": "Bobby", "bio": WORDS})],
)
def test_without_cookies_the_words_are_on_the_page_and_go_from_there(
    town: Town, browser: Browser, address: str, typed: dict[str, str]
) -> None:
    """All cookies are gone: 403 with every word; the page's own button leads on, by signing in, to the form."""
    post = town.post("alice", PLAIN)
    where = f"{post.path}/report" if address == "report" else address
    bob = Client(HTTP_HOST=PLAZA, enforce_csrf_checks=True)
    answer = bob.post(where, typed, headers=OURS)
    page = answer.content.decode()
    token = re.search(r'action="([^"]*)"><input type="hidden" name="csrfmiddlewaretoken" value="([^"]*)"', page)

    assert answer.status_code == 403
    assert WORDS in unescape(page)
    assert all(f'name="{name}"' in page for name in typed)
    assert token is not None
    assert token[1] == where
    on = bob.post(token[1], {**typed, "csrfmiddlewaretoken": token[2]}, headers=OURS)
    assert on.status_code == 302
    assert on.headers["Location"].startswith("/accounts/login/?next=")
    assert any(name.startswith("draft") for name in bob.cookies)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
)
def test_another_sites_form_is_neither_shown_nor_kept(browser: Browser, headers: dict[str, str]) -> None:
    """What a page of somebody else's sends is refused, without its words and without a button."""
    bob = Client(HTTP_HOST=PLAZA, enforce_csrf_checks=True)
    answer = bob.post("/settings", {"display_name": "Owned", "bio": WORDS}, headers=headers)
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "Owned" not in page
    assert "Send it again" not in page
    assert not any(name.startswith("draft") for name in bob.cookies)


def test_where_nothing_says_whose_form_it_was_the_words_are_shown_without_a_button(browser: Browser) -> None:
    """An old browser: the words can be copied, and nothing can be sent from there."""
    bob = Client(HTTP_HOST=PLAZA, enforce_csrf_checks=True)
    page = bob.post("/settings", {"bio": WORDS}).content.decode()

    assert WORDS in unescape(page)
    assert "Send it again" not in page


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/accounts/login/", {"login": "bob@example.org", "password": "correct horse"}),
        ("/accounts/password/change/", {"oldpassword": "correct horse", "password1": "correct horse"}),
        ("/settings", {"password": "correct horse", "code": "correct horse", "bio": "Some words."}),
    ],
)
def test_a_secret_is_never_shown_or_kept(browser: Browser, address: str, typed: dict[str, str]) -> None:
    """Neither on the page of a missing token nor in a draft."""
    bob = Client(HTTP_HOST=PLAZA, enforce_csrf_checks=True)
    refused = bob.post(address, typed, headers=OURS).content.decode()
    signed_out = browser().post(address, typed)

    assert "correct horse" not in refused
    assert "correct horse" not in signed_out.content.decode()
    if address == "/settings":
        back = browser("bob")
        back.cookies.update({name: each for name, each in signed_out.cookies.items() if name.startswith("draft")})
        page = back.get("/settings?draft=1").content.decode()
        assert "Some words." in page
        assert "correct horse" not in page


def test_a_suspended_member_is_offered_nothing_that_is_refused(town: Town, browser: Browser) -> None:
    """Bob reads and deletes; no link to edit, report, reply or follow, and his name cannot be saved."""
    mine = town.post("bob", PLAIN)
    theirs = town.post("alice", "Who has a ladder?")
    bad = town.post("bob", "You are all fools.")
    before = "".join(browser("bob").get(each).content.decode() for each in (mine.path, theirs.path, "/@alice"))
    town.report("carol", bad.post_id)
    town.decide("dave", Action.SUSPEND, days=7)
    bob = browser("bob")
    pages = "".join(
        bob.get(each).content.decode() for each in (mine.path, theirs.path, "/@alice", "/@bob", "/settings")
    )

    for offer in (f"{mine.path}/edit", f"{theirs.path}/report", f"{theirs.path}/reply", "/@alice/follow"):
        assert f'"{offer}"' in before, offer
        assert f'"{offer}"' not in pages, offer
    assert "/@alice/report" not in pages
    assert f'"{mine.path}/delete"' in pages
    assert 'name="bio"' not in pages


def test_a_form_that_is_too_large_is_one_line_in_the_log(
    town: Town, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """1.4 MB: a page that says so, and no traceback."""
    bob = browser("bob")
    with caplog.at_level(logging.INFO):
        answer = bob.post("/post", {"text": "x" * 1_400_000})
    said = [record for record in caplog.records if record.name.startswith("django")]

    assert answer.status_code == 413
    assert "The form is too large." in answer.content.decode()
    assert len(said) == 1
    assert said[0].exc_info is None
