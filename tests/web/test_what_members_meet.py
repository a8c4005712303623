"""Small things that members meet on every page."""

import re
from datetime import timedelta

from tests.scenario import HELD, PLAIN, Town
from tests.web.conftest import Browser, said

from wardmote.communities.policy import Action
from wardmote.journeys.members import follow, publish

COMPOSER = 'id="compose"'


def test_a_held_post_stays_in_its_authors_own_home(town: Town, browser: Browser) -> None:
    """Bob reloads his home: it is there, marked; Carol, who follows him, has it once it is released."""
    follow.follow(community_id=town.plaza, member_id=town.members["carol"], handle="bob", now=town.now)
    town.post("bob", HELD)
    home = said(browser("bob").get("/").content.decode())

    assert "I will find you." in home
    assert "This post waits for a moderator." in home
    assert "I will find you." not in browser("carol").get("/").content.decode()
    town.decide("dave", Action.NONE)
    assert browser("carol").get("/").content.decode().count("I will find you.") == 1
    assert browser("bob").get("/").content.decode().count("I will find you.") == 1


def test_a_suspended_member_gets_no_composer(town: Town, browser: Browser) -> None:
    """Until when and where to appeal stand in its place, in both feeds, at a post and on the page for writing."""
    town.report("carol", town.post("bob", "I will break your bench.").post_id)
    post = town.post("carol", PLAIN)
    bob = browser("bob")
    assert COMPOSER in bob.get("/").content.decode()
    town.decide("dave", Action.SUSPEND, days=3)

    for address in ("/", "/local", "/post", post.path):
        html = bob.get(address).content.decode()
        assert "<textarea" not in html, address
        assert "See why, and appeal" in html, address
        assert "25 November 2026" in html, address
    assert COMPOSER in browser("carol").get("/").content.decode()


def test_a_reply_says_in_lists_what_it_answers(town: Town, browser: Browser) -> None:
    """By whom, with its first words and a link; of what one may not read only by whom."""
    post = town.post("alice", "Bring chairs to the hall on Saturday.")
    answer = town.post("bob", "I have four.", answers=post.post_id)
    html = browser().get("/@bob").content.decode()

    assert f'In answer to <a href="{post.path}">@alice</a>' in html
    assert "Bring chairs to the hall on Saturday." in html
    assert "In answer to" not in browser().get(answer.path).content.decode()
    town.report("carol", post.post_id)
    town.decide("dave", Action.REMOVE)
    html = browser().get("/@bob").content.decode()
    assert "@alice" in html
    assert "Bring chairs" not in html


def test_a_permalink_says_what_it_leads_to(town: Town, browser: Browser) -> None:
    """A screen reader hears whose post, and when."""
    post = town.post("bob", PLAIN)
    link = re.search(rf'<a class="permalink" href="{post.path}">(.*?)</a>', browser().get("/local").content.decode())

    assert link is not None
    assert said(link[1]).startswith("Post by bob ,")


def test_a_visitor_has_one_way_to_what_people_write(town: Town, browser: Browser) -> None:
    """Home and Everyone would be the same page; a member has both."""
    rail = re.compile(r'class="place" href="/local"')

    assert not rail.search(browser().get("/").content.decode())
    assert rail.search(browser("bob").get("/").content.decode())
    assert browser().get("/local").status_code == 200


def test_what_is_told_of_the_past_is_where_it_belongs(town: Town, browser: Browser) -> None:
    """Told later, but written before: below what was written after."""
    town.post("bob", "The second.")
    publish.publish_past(
        community_id=town.plaza,
        member_id=town.members["bob"],
        text="The first.",
        now=town.now - timedelta(days=3),
    )
    html = browser().get("/local").content.decode()

    assert html.index("The second.") < html.index("The first.")
