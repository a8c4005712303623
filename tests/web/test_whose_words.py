"""What was typed is shown to the person who typed it, and to nobody else who uses the same browser."""

import pytest
from django.test import Client
from tests.scenario import CLAUSES, Town, sign_in
from tests.web.conftest import PLAZA, Browser

from wardmote.journeys.operator import found_community

WORDS = "Bobs private words"
FORM = "application/x-www-form-urlencoded"


def test_a_draft_is_not_shown_to_another_person(town: Town, browser: Browser) -> None:
    """Bob's post waits for the policy; he signs out, and Carol, who signs in after him, has an empty form."""
    client = browser("bob")
    town.pass_time(seconds=1)
    found_community.publish_policy(
        community_id=town.plaza, member_id=town.members["alice"], title="New", clauses=CLAUSES, now=town.now
    )
    assert client.post("/post", {"text": WORDS}).status_code == 403
    client.post("/accounts/logout/")
    sign_in(client, town.people["carol"])

    assert WORDS not in client.get("/post").content.decode()
    assert WORDS not in client.get("/post?draft=1").content.decode()
    assert not any(each.value for name, each in client.cookies.items() if name.startswith("draft"))


def test_a_draft_of_an_ended_session_is_its_persons_alone(town: Town, browser: Browser) -> None:
    """Bob's session ended while he wrote: he has his words again at once; Carol, in the same browser, never."""
    client = browser("bob")
    client.get("/post")
    client.cookies.pop("sessionid")
    assert client.post("/post", {"text": WORDS}).status_code == 302
    kept = {name: each for name, each in client.cookies.items() if name.startswith("draft")}
    sign_in(client, town.people["carol"])
    theirs = [client.get(path).content.decode() for path in ("/post", "/post?draft=1")]
    sign_in(client, town.people["bob"])
    client.cookies.update(kept)

    assert WORDS not in "".join(theirs)
    assert "Show what was typed before signing in" not in "".join(theirs)
    assert WORDS in client.get("/post").content.decode()


def test_a_draft_of_nobody_known_waits_for_a_press(town: Town, browser: Browser) -> None:
    """Sent signed out from a browser that says nothing of whose it was: a notice without a word of it, and a link."""
    client = browser("bob")
    client.get("/post")
    client.logout()
    assert client.post("/post", {"text": WORDS}).status_code == 302
    sign_in(client, town.people["carol"])
    page = client.get("/post").content.decode()

    assert WORDS not in page
    assert '<a href="?draft=1">Show what was typed before signing in</a>' in page
    assert WORDS in client.get("/post?draft=1").content.decode()
    assert WORDS not in client.get("/post?draft=1").content.decode()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, {"Origin": "https://evil.example"}]
)
@pytest.mark.parametrize(
    ("path", "body"), [("/nothing-here", b"bio=Call+0800+now"), ("/settings", b"bio=Call+0800+now%FF&x=%FF")]
)
def test_no_error_shows_the_words_of_another_site(
    town: Town, browser: Browser, path: str, body: bytes, headers: dict[str, str]
) -> None:
    """A page of somebody else's sends a form to an address that is not there, or one that cannot be read."""
    client = Client(HTTP_HOST=PLAZA, enforce_csrf_checks=True)
    answer = client.post(path, data=body, content_type=FORM, headers=headers)

    assert answer.status_code in (400, 404)
    assert "Call 0800 now" not in answer.content.decode()
