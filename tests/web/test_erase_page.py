"""The page to erase everything says before what a moderator has yet to decide, and no more than its author may know."""

from tests.scenario import HELD, PLAIN, Town
from tests.web.conftest import Browser, said

from wardmote.communities.policy import Action
from wardmote.network.models import Post

YET = "You cannot erase it yet"


def test_a_held_post_and_an_open_appeal_are_named(town: Town, browser: Browser) -> None:
    """Bob reads which of his waits, with a way to it; when all is decided, he erases, and it is on record."""
    held, bob = town.post("bob", HELD), browser("bob")
    first = bob.get("/settings/erase").content.decode()
    decision_id = town.decide("dave", Action.REMOVE)
    between = bob.get("/settings/erase").content.decode()
    appealed = town.appeal("bob", decision_id)
    second = bob.get("/settings/erase").content.decode()
    refused = bob.post("/settings/erase", {"handle": "bob"})
    town.hear("erin", appealed, reverse=False)
    last = bob.get("/settings/erase").content.decode()
    done = bob.post("/settings/erase", {"handle": "bob"})

    assert YET in first
    assert f'href="{held.path}"' in first
    assert 'name="handle"' not in first
    assert YET not in between + last
    assert YET in second
    assert f'href="/why/{decision_id}"' in second
    assert refused.status_code == 403
    assert "A case about what you wrote is not decided yet" in said(refused.content.decode())
    assert done.status_code == 302
    assert "content.erased" in town.verbs()
    assert Post.objects.get().text == ""


def test_a_report_is_not_given_away(town: Town, browser: Browser) -> None:
    """Bob learns that something is being looked at, neither which of two posts nor that somebody reported it."""
    posts = [town.post("bob", PLAIN), town.post("bob", f"{PLAIN} Twice.")]
    town.report("carol", posts[0].post_id)
    page = browser("bob").get("/settings/erase").content.decode()

    assert "Something that you wrote, which somebody is looking at" in said(page)
    assert not [post for post in posts if post.path in page]
    assert "report" not in said(page).lower()
