"""A form that is sent twice, because an answer was lost or a button was pressed twice, does its deed once."""

import re
from datetime import timedelta

from django.test import Client
from tests.scenario import PLAIN, Town
from tests.web.conftest import Browser

from wardmote.communities.models import Once
from wardmote.communities.policy import Action
from wardmote.moderation.models import Appeal, Report
from wardmote.network.models import Post, PostVersion

HTMX = {"HX-Request": "true"}


def key(client: Client, address: str) -> str:
    """What the form at this address carries."""
    found = re.search(r'name="once" value="([^"]+)"', client.get(address).content.decode())
    assert found, address
    return found[1]


def test_every_form_that_is_shown_carries_its_own_key(town: Town, browser: Browser) -> None:
    """Two forms, two keys; the feeds, a post's page, the reports and the appeals have one."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision = town.decide("dave", Action.LABEL)
    bob = browser("bob")
    keys = [key(bob, a) for a in ("/", "/local", "/post", post.path, f"{post.path}/reply", f"{post.path}/edit")]
    keys += [key(bob, f"/why/{decision}"), key(browser("carol"), f"{post.path}/report")]

    assert len(set(keys)) == len(keys)


def test_a_post_sent_twice_is_stored_once(town: Town, browser: Browser) -> None:
    """The second answer leads to the first post; the record has one entry."""
    bob = browser("bob")
    form = {"text": PLAIN, "once": key(bob, "/post")}
    first, second = bob.post("/post", form), bob.post("/post", form)

    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert Post.objects.count() == 1
    assert town.verbs() == ["post.published"]


def test_another_text_under_the_same_key_is_refused(town: Town, browser: Browser) -> None:
    """409, with a sentence and what was typed."""
    bob = browser("bob")
    once = key(bob, "/post")
    bob.post("/post", {"text": PLAIN, "once": once})
    response = bob.post("/post", {"text": "Something else.", "once": once})

    assert response.status_code == 409
    assert "Something else." in response.content.decode()
    assert Post.objects.count() == 1


def test_the_same_key_is_another_members_own(town: Town, browser: Browser) -> None:
    """Whatever key Carol sends, she gets no result of Bob's."""
    bob = browser("bob")
    form = {"text": PLAIN, "once": key(bob, "/post")}
    bob.post("/post", form)
    answer = browser("carol").post("/post", form)

    assert answer.headers["Location"].startswith("/@carol/")
    assert Post.objects.count() == 2


def test_in_place_a_post_is_shown_once(town: Town, browser: Browser) -> None:
    """Pressed twice, the second answer puts nothing above the feed a second time."""
    bob = browser("bob")
    form = {"text": PLAIN, "once": key(bob, "/")}
    first = bob.post("/post", form, headers=HTMX).content.decode()
    second = bob.post("/post", form, headers=HTMX).content.decode()

    assert 'hx-swap-oob="afterbegin:#feed"' in first
    assert 'hx-swap-oob="none:#feed"' in second
    assert re.search(r'name="once" value="([^"]+)"', second)


def test_a_reply_an_edit_a_report_and_an_appeal_sent_twice_are_one(town: Town, browser: Browser) -> None:
    """Each is answered the second time as the first time, and not with a conflict."""
    post = town.post("bob", PLAIN)
    bob, carol = browser("bob"), browser("carol")
    sent = [
        (carol, f"{post.path}/reply", {"text": "So they are."}),
        (bob, f"{post.path}/edit", {"text": "The limes flower."}),
        (carol, f"{post.path}/report", {"reason": "threat", "comment": ""}),
    ]
    for client, address, typed in sent:
        form = {**typed, "once": key(client, address)}
        answers = [client.post(address, form) for _ in range(2)]
        assert [a.status_code for a in answers] == [302, 302], address
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
    decision = town.decide("dave", Action.LABEL)
    form = {"text": "I meant no harm.", "once": key(bob, f"/why/{decision}")}
    assert [bob.post(f"/why/{decision}/appeal", form).status_code for _ in range(2)] == [302, 302]

    assert Post.objects.filter(parent_id=post.post_id).count() == 1
    assert PostVersion.objects.count() == Report.objects.count() == Appeal.objects.count() == 1


def test_a_pace_that_is_used_up_does_not_hide_what_was_stored(town: Town, browser: Browser, settings: object) -> None:
    """Bob's tenth post of a minute, sent again, is answered with that post and not with "too fast"."""
    settings.WARDMOTE_PACE = 1  # type: ignore[attr-defined]
    bob = browser("bob")
    for number in range(9):
        assert bob.post("/post", {"text": f"{PLAIN} {number}"}).status_code == 302
    form = {"text": PLAIN, "once": key(bob, "/post")}

    assert bob.post("/post", form).status_code == 302
    assert bob.post("/post", form).status_code == 302
    assert bob.post("/post", {"text": "An eleventh."}).status_code == 429


def test_keys_are_forgotten_after_a_day(town: Town, browser: Browser) -> None:
    """What is older goes when something new comes; the old key does its deed again."""
    bob = browser("bob")
    form = {"text": PLAIN, "once": key(bob, "/post")}
    bob.post("/post", form)
    town.now += timedelta(hours=25)
    bob.post("/post", {"text": PLAIN, "once": key(bob, "/post")})
    assert Once.objects.count() == 1
    bob.post("/post", form)

    assert Post.objects.count() == 3


def test_what_is_erased_leaves_no_trace_of_what_was_sent(town: Town, browser: Browser) -> None:
    """The hash of a text goes with the text."""
    bob = browser("bob")
    bob.post("/post", {"text": PLAIN, "once": key(bob, "/post")})
    bob.post("/settings/erase", {"handle": "bob"})

    assert Once.objects.count() == 0
