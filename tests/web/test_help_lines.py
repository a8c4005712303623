"""Somebody who writes that they think of ending their life is led to help, and never held to account for it."""

import pytest
from tests.scenario import PLAIN, Town
from tests.web.conftest import Browser, said

from wardmote.communities.policy import Action
from wardmote.config.tables import compare
from wardmote.detect.lists.despair import speaks_of_ending_it
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case
from wardmote.notices.models import Notice
from wardmote.people.models import Person
from wardmote.record import queries as record

DESPAIR = "I think about ending it tonight"
KIND = "You do not have to carry it alone."


def test_its_author_meets_help_at_their_own_post_and_nobody_else_does(town: Town, browser: Browser) -> None:
    """At once, in the feeds and at the post, for some days; everybody reads the post as it is; no letter is mailed."""
    post = town.post("bob", DESPAIR)

    for address in ("/", "/local", post.path):
        assert KIND in said(browser("bob").get(address).content.decode()), address
    for who in ("", "carol", "dave"):
        page = said(browser(who).get(post.path).content.decode())
        assert DESPAIR in page
        assert KIND not in page
    assert not Notice.objects.filter(recipient_id=town.people["bob"]).exists()
    town.pass_time(days=4)
    assert KIND not in said(browser("bob").get(post.path).content.decode())


def test_the_card_is_there_in_the_answer_to_the_form(town: Town, browser: Browser) -> None:
    """Nobody has to reload the page for it."""
    answer = browser("bob").post("/post", {"text": DESPAIR}, headers={"HX-Request": "true"})

    assert KIND in said(answer.content.decode())


def test_a_moderator_looks_at_it_before_all_else(town: Town) -> None:
    """Ahead of a threat that waits already; nothing is held or covered, and no target is looked for."""
    town.post("mallory" if "mallory" in town.members else "carol", "I will find you. [violence.threat 0.95]")
    town.post("bob", DESPAIR)
    first = Case.objects.order_by("-priority").first()

    assert first is not None
    assert (first.category, first.lane, first.held) == ("self_harm", "threat", False)
    assert not first.covers.exists()


@pytest.mark.parametrize("action", [Action.WARN, Action.SUSPEND])
def test_it_is_never_a_strike(town: Town, action: Action) -> None:
    """No warning and no suspension follows from it."""
    town.post("bob", DESPAIR)
    with pytest.raises(Refused):
        town.decide("dave", action, key="3.2", days=3 if action is Action.SUSPEND else None)


def test_the_owner_says_where_they_are_led(town: Town, browser: Browser) -> None:
    """Alice's lines stand in the place of the usual ones; the record and the tables agree."""
    browser("alice").post("/owner/help", {"lines": "Night line of the Plaza: 0800 5555"})
    post = town.post("bob", DESPAIR)
    page = said(browser("bob").get(post.path).content.decode())

    assert "0800 5555" in page
    assert "Samaritans" not in page
    assert [e.values["help_lines"] for e in record.history([Urn("community", town.plaza)]) if "help" in e.verb]
    assert [str(d) for d in compare().differences] == []


def test_the_usual_lines_are_those_of_the_readers_language(town: Town, browser: Browser) -> None:
    """English without a choice; a German reader gets what answers there."""
    post = town.post("bob", DESPAIR)
    assert "116 123" in said(browser("bob").get(post.path).content.decode())
    Person.objects.filter(pk=town.people["bob"]).update(language="de")

    assert browser("bob").get(post.path).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        DESPAIR,
        "Some days I just don’t want to live any more.",
        "i want to kill myself",
        "Everybody would be better off without me.",
        "Ich will nicht mehr leben.",
        "Manchmal denke ich, ich sollte mich umbringen.",
        "Ich wäre lieber tot.",
    ],
)
def test_quiet_words_are_understood(text: str) -> None:
    """In English and German, without a word that a model would know from shouting."""
    assert speaks_of_ending_it(text)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "This deadline is killing me.",
        "I think about ending it with the choir.",
        "I could kill myself laughing.",
        "I want to live by the harbour.",
        "He took his own life in the last chapter.",
        "Ich will nicht mehr leben wie im Büro, sagt die Kollegin und lacht. Lachen hilft.",
        "Das Ende des Films ist gut.",
        "We plan to end it at ten, the hall closes then.",
    ],
)
def test_others_are_left_in_peace(text: str) -> None:
    """What is said of a film, a meeting or a joke leads nobody to a help line."""
    assert not speaks_of_ending_it(text)
