"""Members and owners take along what is theirs, from the pages, whatever state they or the community are in."""

import json

import pytest
from django.test import Client
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import Desk
from tests.scenario import PLAIN, QUEUED
from tests.web.conftest import Browser

from wardmote.communities.policy import Action
from wardmote.record.models import Entry

__all__ = ["desk", "log", "site"]

TEXT = "I will be at your door on Friday, and you will be sorry."


def _link(client: Client, page: str, address: str) -> bool:
    return f'href="{address}"' in client.get(page).content.decode()


def test_a_member_downloads_everything_of_theirs(desk: Desk, browser: Browser) -> None:
    """A file with their posts, found from the settings; it is no page, no cache keeps it, nothing is recorded."""
    desk.publish("bob", PLAIN)
    bob = browser("bob")
    entries = Entry.objects.count()
    answer = bob.get("/settings/export")
    taken = json.loads(answer.content)

    assert _link(bob, "/settings", "/settings/export")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plaza-mine.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert [post["text"] for post in taken["posts"]] == [PLAIN]
    assert Entry.objects.count() == entries


def test_the_owner_downloads_the_community(desk: Desk, browser: Browser) -> None:
    """The rules, the public posts and the host's letters; no other member gets it."""
    desk.publish("bob", PLAIN)
    alice = browser("alice")
    taken = json.loads(alice.get("/owner/export").content)

    assert _link(alice, "/owner/", "/owner/export")
    assert [post["text"] for post in taken["posts"]] == [PLAIN]
    assert taken["policies"][0]["number"] == 1
    assert browser("bob").get("/owner/export").status_code == 403
    assert browser("frank", host="harbour.localhost").get("/owner/export").status_code == 200


def test_a_suspended_member_takes_their_own_along(desk: Desk, browser: Browser) -> None:
    """Who may write nothing any more still gets everything they wrote."""
    desk.publish("bob", QUEUED)
    desk.town.decide("dave", Action.SUSPEND, days=7)
    taken = json.loads(browser("bob").get("/settings/export").content)

    assert [post["text"] for post in taken["posts"]] == [QUEUED]
    assert [measure["action"] for measure in taken["measures"]] == ["suspend"]


@pytest.mark.parametrize(("name", "address"), [("bob", "/settings/export"), ("alice", "/owner/export")])
def test_a_suspended_communitys_people_take_their_own_along(
    desk: Desk, browser: Browser, name: str, address: str
) -> None:
    """Behind the lock the files come as before; a stranger is sent to sign in."""
    desk.bring_to_suspended(TEXT)
    answer = browser(name).get(address)

    assert answer.status_code == 200
    assert TEXT in [post["text"] for post in json.loads(answer.content)["posts"]]
    assert browser().get(address).headers["Location"].startswith("/accounts/login/")
    assert browser().get("/local").status_code == 451
