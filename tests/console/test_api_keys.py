import json
import re

import pytest
from django.test import Client
from tests.console.conftest import Browser
from tests.scenario import PLAIN, Town

from wardmote.journeys.owners.keys import issue_key
from wardmote.people.models import ApiKey
from wardmote.people.policy import KEYS_OF_A_COMMUNITY, Scope
from wardmote.record import queries as record

WANTED = {"name": "forum", "scopes": ["screen", "events"], "requests_per_minute": "60", "texts_per_day": "500"}


def _made(page: bytes) -> str:
    found = re.search(r"wm_[\w-]{43}", page.decode())
    assert found is not None
    return found[0]


def _screen(key: str) -> int:
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {key}"})
    return client.post("/v1/screen", json.dumps({"text": PLAIN}), "application/json").status_code


def test_an_owner_makes_a_key_that_is_shown_once(town: Town, browser: Browser) -> None:
    """Alice's key opens what she chose, for the Plaza alone; no later page and no table has it; the record knows."""
    alice = browser("alice")
    answer = alice.post("/owner/keys", WANTED)
    key = _made(answer.content)
    row = ApiKey.objects.get()

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert (row.realm, row.scopes, row.texts_per_day) == (
        f"urn:wardmote:community:{town.plaza}",
        ["events", "screen"],
        500,
    )
    assert _screen(key) == 200
    assert key not in alice.get("/owner/keys").content.decode()
    assert key not in str(ApiKey.objects.values())
    assert town.verbs()[-1] == "key.issued"
    (entry,) = record.history([row.urn])
    assert str(entry.actor) == f"urn:wardmote:member:{town.members['alice']}"


def test_a_key_that_an_owner_revokes_opens_nothing(town: Town, browser: Browser) -> None:
    """From the next request on; the page keeps it as revoked, and a second time there is nothing to revoke."""
    alice = browser("alice")
    key = _made(alice.post("/owner/keys", WANTED).content)
    before = _screen(key)
    answer = alice.post(f"/owner/keys/{ApiKey.objects.get().pk}/revoke", follow=True)
    again = alice.post(f"/owner/keys/{ApiKey.objects.get().pk}/revoke")

    assert (before, _screen(key), again.status_code) == (200, 401, 404)
    assert "opens nothing any more" in answer.content.decode()
    assert town.verbs()[-2:] == ["key.issued", "key.revoked"]


def test_the_page_says_when_a_key_was_last_used(town: Town, browser: Browser) -> None:
    """To the minute; before, that it never was."""
    alice = browser("alice")
    key = _made(alice.post("/owner/keys", WANTED).content)
    before = alice.get("/owner/keys").content.decode()
    _screen(key)
    after = alice.get("/owner/keys").content.decode()

    assert "never used" in before
    assert "last used" in after


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("requests_per_minute", "601", "less than or equal to 600"),
        ("texts_per_day", "0", "greater than or equal to 1"),
        ("scopes", [], "Choose what the key opens."),
        ("name", " ", "This field is required."),
        ("name", "two\u2028lines", "one line"),
    ],
)
def test_a_key_that_asks_for_too_much_is_refused(
    town: Town, browser: Browser, field: str, value: object, said: str
) -> None:
    """The host's limits hold for owners; the error stands at the field, and nothing is made."""
    answer = browser("alice").post("/owner/keys", WANTED | {field: value})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_two_communities_may_call_a_key_the_same(town: Town, browser: Browser) -> None:
    """One learns nothing of the other's names; within one community a name is in use once."""
    frank = browser("frank", host="harbour.localhost")
    frank.post("/owner/keys", WANTED)
    alice = browser("alice")
    first = alice.post("/owner/keys", WANTED)
    second = alice.post("/owner/keys", WANTED)

    assert (first.status_code, second.status_code) == (200, 409)
    assert ApiKey.objects.count() == 2


def test_an_owner_sees_and_revokes_the_own_keys_alone(town: Town, browser: Browser) -> None:
    """A key of the Harbour is not there for Alice, nor is the host's own."""
    issue_key(name="of the harbour", community_id=town.harbour, now=town.now)
    issue_key(name="of the host", now=town.now)
    alice = browser("alice")
    page = alice.get("/owner/keys").content.decode()
    tried = [alice.post(f"/owner/keys/{key.pk}/revoke").status_code for key in ApiKey.objects.all()]

    assert "of the" not in page
    assert tried == [404, 404]
    assert not ApiKey.objects.exclude(revoked_at=None).exists()


def test_an_owner_has_a_limited_number_of_keys(town: Town, browser: Browser) -> None:
    """The page says so and what to do."""
    for number in range(KEYS_OF_A_COMMUNITY):
        issue_key(name=f"key {number}", scopes=[Scope.SCREEN], community_id=town.plaza, now=town.now)
    answer = browser("alice").post("/owner/keys", WANTED)

    assert answer.status_code == 409
    assert "revoke one first" in answer.content.decode()


@pytest.mark.parametrize("name", ["dave", "bob", "heidi"])
def test_nobody_but_the_owner_makes_keys(town: Town, browser: Browser, name: str) -> None:
    """A moderator, a member, the host's staff: refused, and nothing is made."""
    client = browser(name)

    assert (client.get("/owner/keys").status_code, client.post("/owner/keys", WANTED).status_code) == (403, 403)
    assert not ApiKey.objects.exists()
