import re

import pytest
from django.core import mail
from django.test import Client
from tests.scenario import HELD, PASSWORD, THREAT, Dictated, Town, run_jobs
from tests.web.conftest import HARBOUR, Browser, said

from wardmote.communities.queries import current_policy, standing
from wardmote.config.demo import rules
from wardmote.detect import Signal
from wardmote.journeys.operator import found_community
from wardmote.network.queries import profile_by_handle
from wardmote.people.queries import person_by_email


def _form(client: Client, address: str, **changes: str) -> dict[str, str]:
    """The sign-up or joining form as its page shows it, filled in."""
    shown = re.search(r'name="policy_hash" value="([0-9a-f]{64})"', client.get(address).content.decode())
    assert shown
    filled = {"email": "mallory@example.org", "password1": PASSWORD, "handle": "mallory", "accept": "on"}
    return {**filled, "policy_hash": shown[1], **changes}


def _publish_new_policy(town: Town) -> None:
    found_community.publish_policy(
        community_id=town.plaza,
        member_id=town.members["alice"],
        title="Newer rules",
        clauses=rules.CLAUSES,
        now=town.pass_time(minutes=1),
    )


def test_signing_up_makes_a_member_once_the_code_is_given(town: Town, browser: Browser) -> None:
    """The form asks for all at once; a code comes by mail; with it one is in, and the record has the acceptance."""
    client = browser()
    response = client.post("/accounts/signup/", _form(client, "/accounts/signup/"))
    made_early = person_by_email(email="mallory@example.org")
    before = client.get("/settings").status_code
    run_jobs(town.now)
    code = re.search(r"^    (\S+)$", str(mail.outbox[0].body), re.MULTILINE)
    assert code
    client.post(response.headers["Location"], {"code": code[1]})
    settings = client.get("/settings")
    person_id = person_by_email(email="mallory@example.org")
    assert person_id is not None
    member = standing(community_id=town.plaza, person_id=person_id)

    assert made_early is None
    assert before == 302
    assert "You are @mallory here." in said(settings.content.decode())
    assert member
    assert member.accepted_policy
    assert mail.outbox[0].subject == "Your code for The Plaza"
    assert "urn:" not in str(mail.outbox[0].body)


def test_a_taken_handle_is_said_at_the_field(town: Town, browser: Browser) -> None:
    """And no login is made, so that the same address can be used again at once."""
    client = browser()
    response = client.post("/accounts/signup/", _form(client, "/accounts/signup/", handle="Bob"))

    assert "This handle is taken; please choose another." in said(response.content.decode())
    assert 'value="mallory@example.org"' in response.content.decode()
    assert person_by_email(email="mallory@example.org") is None


def test_a_handle_is_screened_before_a_login_is_made(
    town: Town, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What screening would hold cannot be a handle, and is said at the field."""

    def wary(self: Dictated, text: str) -> tuple[Signal, ...]:
        return (Signal(self.name, self.version, THREAT, 0.95 if "kill them" in text else 0.01),)

    monkeypatch.setattr(Dictated, "examine", wary)
    client = browser()
    response = client.post("/accounts/signup/", _form(client, "/accounts/signup/", handle="kill_them"))

    assert "This handle cannot be used here; please choose another." in said(response.content.decode())
    assert person_by_email(email="mallory@example.org") is None


def test_what_is_no_handle_is_said_at_the_field(town: Town, browser: Browser) -> None:
    """Blanks and other letters are no handle."""
    client = browser()
    response = client.post("/accounts/signup/", _form(client, "/accounts/signup/", handle="ma llory"))

    assert "A handle has 1 to 30 letters" in said(response.content.decode())
    assert person_by_email(email="mallory@example.org") is None


def test_the_policy_must_be_accepted(town: Town, browser: Browser) -> None:
    """Without the tick there is no login."""
    client = browser()
    client.post("/accounts/signup/", {k: v for k, v in _form(client, "/accounts/signup/").items() if k != "accept"})

    assert person_by_email(email="mallory@example.org") is None


def test_a_policy_that_changed_meanwhile_is_shown_again(town: Town, browser: Browser) -> None:
    """What was accepted is no longer in force: the form comes back with the new hash and without the tick."""
    client = browser()
    filled = _form(client, "/accounts/signup/")
    _publish_new_policy(town)
    html = client.post("/accounts/signup/", filled).content.decode()
    policy = current_policy(community_id=town.plaza)

    assert policy
    assert "The policy has changed since this page was shown" in said(html)
    assert policy.hash in html
    assert "checked" not in html
    assert person_by_email(email="mallory@example.org") is None


def test_an_address_that_has_a_login_is_not_given_away(town: Town, browser: Browser) -> None:
    """The answer is the same page; only the address itself is told."""
    new, known = browser(), browser()
    first = new.post("/accounts/signup/", _form(new, "/accounts/signup/"))
    second = known.post(
        "/accounts/signup/", _form(known, "/accounts/signup/", email="bob@example.org", handle="robert")
    )

    assert first.headers["Location"] == second.headers["Location"]
    assert said(new.get(first.headers["Location"]).content.decode()).replace("mallory", "bob") == said(
        known.get(second.headers["Location"]).content.decode()
    )
    run_jobs(town.now)
    assert sorted(message.to for message in mail.outbox) == [["bob@example.org"], ["mallory@example.org"]]
    assert profile_by_handle(community_id=town.plaza, handle="robert") is None


def test_a_login_from_elsewhere_is_asked_to_join(town: Town, browser: Browser) -> None:
    """Frank of the Harbour signs in at the Plaza, is led to join, chooses a handle, and goes where he was going."""
    client = browser()
    login = client.post("/accounts/login/", {"login": "frank@example.org", "password": PASSWORD})
    joined = client.post("/join", {**_form(client, "/join"), "handle": "franky", "next": "/people"})

    assert login.headers["Location"] == "/join"
    assert joined.headers["Location"] == "/people"
    assert "You are @franky here." in said(client.get("/settings").content.decode())
    assert client.get("/join").headers["Location"] == "/"


def test_joining_does_not_lead_off_the_site(town: Town, browser: Browser) -> None:
    """Where to go afterwards is one of our own pages, whatever the form says."""
    client = browser("frank")
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"):
        html = client.get("/join", {"next": elsewhere}).content.decode()

        assert 'name="next" value="/"' in html


def test_joining_says_what_is_wrong(town: Town, browser: Browser) -> None:
    """A taken handle is 422 at the field, and the handle is still there."""
    client = browser("frank")
    response = client.post("/join", {**_form(client, "/join"), "handle": "carol"})

    assert response.status_code == 422
    assert 'value="carol"' in response.content.decode()


def test_a_new_policy_is_to_be_accepted_before_writing(town: Town, browser: Browser) -> None:
    """Every page says so; writing keeps what was typed and says why not; accepting opens it again."""
    bob = browser("bob")
    shown = current_policy(community_id=town.plaza)
    _publish_new_policy(town)
    refused = bob.post("/post", {"text": "I was about to say this."})

    assert "This community has a new policy." in said(bob.get("/local").content.decode())
    assert refused.status_code == 403
    assert "I was about to say this." in refused.content.decode()
    assert shown
    assert bob.post("/policy/accept", {"policy_hash": shown.hash}).status_code == 409
    newest = current_policy(community_id=town.plaza)
    assert newest
    accepted = bob.post("/policy/accept", {"policy_hash": newest.hash, "next": "/post"})
    assert accepted.headers["Location"] == "/post"
    assert bob.post("/post", {"text": "I was about to say this."}).status_code == 302


def test_every_version_of_the_policy_can_be_read(town: Town, browser: Browser) -> None:
    """An old one says that it is not in force; one that never was is 404."""
    _publish_new_policy(town)
    stranger = browser()

    assert "Newer rules" in said(stranger.get("/policy").content.decode())
    assert "no longer in force" in said(stranger.get("/policy/1").content.decode())
    assert "no longer in force" not in said(stranger.get("/policy/2").content.decode())
    assert stranger.get("/policy/3").status_code == 404
    assert stranger.get("/policy", HTTP_HOST=HARBOUR).content.decode().count("Newer rules") == 0


def test_a_profile_that_is_held_says_so(town: Town, browser: Browser) -> None:
    """Bob's words wait; Carol reads none of them."""
    bob = browser("bob")
    bob.post("/settings", {"display_name": "Bob", "bio": HELD})

    assert "waits for a moderator" in said(bob.get("/settings").content.decode())
    assert "I will find you" in bob.get("/@bob").content.decode()
    assert "I will find you" not in browser("carol").get("/@bob").content.decode()


def test_too_long_a_bio_keeps_what_was_typed(town: Town, browser: Browser) -> None:
    """With the sentence at the bio, not at the name."""
    response = browser("bob").post("/settings", {"display_name": "Robert", "bio": "b" * 501})

    assert response.status_code == 422
    assert 'id="id_bio_error"' in response.content.decode()
    assert 'value="Robert"' in response.content.decode()


def test_following_and_stopping(town: Town, browser: Browser) -> None:
    """Alice's posts come into Bob's home and leave it again."""
    bob = browser("bob")
    town.post("alice", "The square is swept.")

    assert "The square is swept." not in bob.get("/").content.decode()
    bob.post("/@alice/follow")
    assert "The square is swept." in bob.get("/").content.decode()
    bob.post("/@alice/unfollow")
    assert "The square is swept." not in bob.get("/").content.decode()
    assert bob.post("/@nobody/follow").status_code == 404


def test_erasing_needs_ones_own_handle(town: Town, browser: Browser) -> None:
    """A slip erases nothing; the handle erases everything one wrote."""
    post, bob = town.post("bob", "I was here."), browser("bob")

    assert bob.post("/settings/erase", {"handle": "carol"}).status_code == 422
    assert "I was here." in bob.get(post.path).content.decode()
    assert bob.post("/settings/erase", {"handle": "@Bob"}).status_code == 302
    assert browser("carol").get(post.path).status_code == 404
