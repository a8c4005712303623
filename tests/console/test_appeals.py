import pytest
from django.urls import reverse
from tests.console.conftest import Browser
from tests.scenario import PLAIN, Town

from wardmote.communities.policy import Action
from wardmote.moderation.models import Appeal
from wardmote.moderation.queries import sheet_of_appeal
from wardmote.network import queries as network
from wardmote.network.policy import Visibility


@pytest.fixture
def post_id(town: Town) -> int:
    """Bob's post, which Carol reported, Dave removed, and Bob appeals for."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    town.appeal("bob", town.decide("dave", Action.REMOVE), "They are only trees.")
    return post.post_id


def _appeal(step: str = "appeal") -> str:
    return reverse(f"console:{step}", args=[Appeal.objects.get().pk])


def _sheet(town: Town, typed: dict[str, str]) -> dict[str, str]:
    """What a browser sends that has the page of the appeal before it."""
    return {"seen": sheet_of_appeal(community_id=town.plaza, appeal_id=Appeal.objects.get().pk), **typed}


def _visibility(town: Town, post_id: int) -> Visibility:
    post = network.post(community_id=town.plaza, post_id=post_id, viewer_id=town.members["bob"])
    assert post is not None
    return post.visibility


def test_whoever_decided_first_is_told_why_they_cannot_hear_it(town: Town, browser: Browser, post_id: int) -> None:
    """Dave reads the appeal and a sentence, but gets no form; forging it is refused and changes nothing."""
    dave = browser("dave")
    page = dave.get(_appeal()).content.decode()
    forged = dave.post(_appeal("appeal-decide"), _sheet(town, {"outcome": "uphold", "reason": "I was right."}))

    assert "They are only trees." in page
    assert "You decided this; a different moderator must hear the appeal." in page
    assert _appeal("appeal-decide") not in page
    assert forged.status_code == 403
    assert Appeal.objects.get().state == "open"


def test_another_moderator_reverses_and_the_post_is_back(town: Town, browser: Browser, post_id: int) -> None:
    """Erin reads decision, answer and item, and reverses: everything the decision did is undone, on the record."""
    erin = browser("erin")
    page = erin.get(_appeal()).content.decode()
    town.pass_time(seconds=1)
    answer = erin.post(
        _appeal("appeal-decide"), _sheet(town, {"outcome": "reverse", "reason": "Trees are no threat."}), follow=True
    )

    assert all(words in page for words in ("It is a threat.", "They are only trees.", PLAIN))
    assert "Reversed: what was done is undone" in answer.content.decode()
    assert Visibility.PUBLIC is _visibility(town, post_id)
    assert town.verbs()[-4:] == ["appeal.filed", "appeal.decided", "post.judged", "notice.sent"]


def test_an_upheld_decision_stands(town: Town, browser: Browser, post_id: int) -> None:
    """Erin upholds: the post stays removed, and the page keeps her reason."""
    erin = browser("erin")
    town.pass_time(seconds=1)
    erin.post(_appeal("appeal-decide"), _sheet(town, {"outcome": "uphold", "reason": "It was aimed at a neighbour."}))
    page = erin.get(_appeal()).content.decode()

    assert Visibility.REMOVED is _visibility(town, post_id)
    assert "Upheld: the decision stands." in page
    assert "It was aimed at a neighbour." in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"outcome": "reverse", "reason": " "}, "Say in a sentence why"),
        ({"outcome": "", "reason": "My careful words."}, "Choose whether the decision stands."),
        ({"outcome": "perhaps", "reason": "My careful words."}, "Select a valid choice"),
    ],
)
def test_a_hearing_that_lacks_something_comes_back_as_typed(
    town: Town, browser: Browser, post_id: int, typed: dict[str, str], sentence: str
) -> None:
    """What is missing is said beside it, and nothing that was typed is lost."""
    response = browser("erin").post(_appeal("appeal-decide"), _sheet(town, typed))
    page = response.content.decode()

    assert response.status_code == 422
    assert sentence in page
    assert typed["reason"].strip() in page
    assert Appeal.objects.get().state == "open"


def test_an_appeal_is_heard_once(town: Town, browser: Browser, post_id: int) -> None:
    """Alice decides while Erin still writes: Erin gets a sentence and her words, and the outcome stays Alice's."""
    town.pass_time(seconds=1)
    browser("alice").post(_appeal("appeal-decide"), _sheet(town, {"outcome": "uphold", "reason": "It stands."}))
    late = browser("erin").post(
        _appeal("appeal-decide"), _sheet(town, {"outcome": "reverse", "reason": "It does not."})
    )

    assert late.status_code == 409
    assert "This appeal is decided already." in late.content.decode()
    assert "It does not." in late.content.decode()
    assert Appeal.objects.get().state == "upheld"


def test_the_list_says_which_appeals_are_ones_own_to_hear(town: Town, browser: Browser, post_id: int) -> None:
    """The same appeal is Erin's to hear and not Dave's; an empty list says what would stand there."""
    listing = reverse("console:appeals")
    harbour = browser("grace", host="harbour.localhost")

    assert "Yours to hear" in browser("erin").get(listing).content.decode()
    assert "For another moderator" in browser("dave").get(listing).content.decode()
    assert "No appeal waits" in harbour.get(listing).content.decode()
    assert harbour.get(_appeal()).status_code == 404
