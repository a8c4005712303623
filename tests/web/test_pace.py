"""How fast a member may write: generous for people, an end for machines."""

from datetime import timedelta

import pytest
from pytest_django import Settings
from tests.scenario import PLAIN, Town
from tests.web.conftest import Browser, said

from wardmote.communities.models import Paced
from wardmote.communities.policy import PACES, Deed
from wardmote.journeys.steps.pace import unhurried


@pytest.fixture
def hurried(town: Town, settings: Settings) -> Town:
    """The town, with paces as they ship."""
    settings.WARDMOTE_PACE = 1
    return town


def test_more_posts_a_minute_than_people_write_are_refused(hurried: Town, browser: Browser) -> None:
    """The eleventh is 429, says when it goes on, and keeps what was typed; a minute later it is taken."""
    bob = browser("bob")
    taken = [bob.post("/post", {"text": f"{PLAIN} {number}"}).status_code for number in range(10)]
    refused = bob.post("/post", {"text": "The eleventh of Bob's"})
    html = refused.content.decode()
    hurried.pass_time(seconds=61)
    again = bob.post("/post", {"text": "The eleventh of Bob's"})

    assert taken == [302] * 10
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "That was too fast. You can go on at" in said(html)
    assert "The eleventh of Bob&#x27;s" in html
    assert again.status_code == 302
    assert hurried.verbs() == ["post.published"] * 11


def test_another_member_is_not_held_up(hurried: Town, browser: Browser) -> None:
    """A pace is a member's own; a reply counts as a post."""
    bob, carol = browser("bob"), browser("carol")
    path = bob.post("/post", {"text": PLAIN}).headers["Location"]
    answers = [bob.post(f"{path}/reply", {"text": f"And {number}"}).status_code for number in range(10)]

    assert answers == [302] * 9 + [429]
    assert carol.post("/post", {"text": PLAIN}).status_code == 302


def test_the_day_has_an_end_too(hurried: Town, browser: Browser) -> None:
    """Who writes steadily all day is stopped at the day's number, and told to come back when the day is over."""
    Paced.objects.create(
        membership_id=hurried.members["bob"],
        deed=Deed.POST.value,
        begin=hurried.now - timedelta(hours=2),
        used=1,
        day_begin=hurried.now - timedelta(hours=2),
        day_used=PACES[Deed.POST].a_day,
    )
    bob = browser("bob")

    assert bob.post("/post", {"text": PLAIN}).status_code == 429
    hurried.pass_time(hours=23)
    assert bob.post("/post", {"text": PLAIN}).status_code == 302


def test_reports_edits_follows_and_profiles_have_a_pace(hurried: Town, browser: Browser) -> None:
    """Each its own; none is stored past it."""
    with unhurried():
        posts = [hurried.post("bob", f"{PLAIN} {number}").path for number in range(12)]
    carol, bob = browser("carol"), browser("bob")
    report = {"reason": "threat", "comment": ""}
    reports = [carol.post(f"{path}/report", report).status_code for path in posts]
    edits = [bob.post(f"{posts[0]}/edit", {"text": f"{PLAIN}!{number}"}).status_code for number in range(11)]
    names = [bob.post("/settings", {"display_name": f"Bob {n}", "bio": ""}).status_code for n in range(6)]
    follows = [carol.post("/@bob/follow").status_code for _ in range(31)]

    assert reports == [302] * 10 + [429] * 2
    assert edits == [302] * 10 + [429]
    assert names == [302] * 5 + [429]
    assert follows[-1] == 429
    assert set(follows[:30]) <= {302, 409}
    assert hurried.verbs().count("report.filed") == 10


def test_an_installation_sets_the_pace(hurried: Town, browser: Browser, settings: Settings) -> None:
    """A factor over all of them; 0 counts nothing."""
    bob = browser("bob")
    settings.WARDMOTE_PACE = 2
    twice = [bob.post("/post", {"text": f"{PLAIN} {number}"}).status_code for number in range(21)]
    settings.WARDMOTE_PACE = 0

    assert twice == [302] * 20 + [429]
    assert bob.post("/post", {"text": PLAIN}).status_code == 302
