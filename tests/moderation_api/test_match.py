from typing import Any

import pytest
from tests.known import ILLEGAL, LISTED, NEARLY, PDQ, bring_in
from tests.moderation_api.conftest import Ask
from tests.scenario import PLAIN, Town

from wardmote.journeys.owners.keys import issue_key
from wardmote.moderation import queries
from wardmote.moderation.models import Item, QuarantinedCase
from wardmote.moderation.policy import Purpose
from wardmote.people.policy import Scope


@pytest.fixture
def key(town: Town) -> str:
    """A key of the Plaza's, to screen with."""
    return issue_key(name="shop", scopes=[Scope.SCREEN], community_id=town.plaza, now=town.now)


def _ask(ask: Ask, key: str, **content: Any) -> tuple[int, Any]:
    return ask("POST", "/v1/match", content, key=key)


def _flipped(bits: int) -> str:
    return f"{int(PDQ, 16) ^ ((1 << bits) - 1):064x}"


def test_an_image_is_asked_by_its_hash(town: Town, ask: Ask, key: str) -> None:
    """Each list that it is on answers, with how many bits differ; 32 are too many, a low quality says nothing."""
    bring_in(town, pdq=[PDQ], name="images")
    found = _ask(ask, key, pdq=_flipped(31), quality=80)
    far = _ask(ask, key, pdq=_flipped(32), quality=80)
    poor = _ask(ask, key, pdq=PDQ, quality=49)

    assert found == (
        200,
        {
            "community": "plaza",
            "matches": [{"list": "images", "purpose": "illegal", "category": None, "alike": 0.8789, "distance": 31}],
        },
    )
    assert far[1]["matches"] == poor[1]["matches"] == []


def test_a_text_is_asked_of_every_list(town: Town, ask: Ask, key: str) -> None:
    """The same words and nearly the same; another text is on none."""
    bring_in(town, ILLEGAL, name="one")
    bring_in(town, ILLEGAL, LISTED, name="two", purpose=Purpose.HOLD, category="harassment")
    same, near, other = (_ask(ask, key, text=text)[1]["matches"] for text in (ILLEGAL, NEARLY, PLAIN))

    assert [(m["list"], m["purpose"], m["category"], m["alike"]) for m in same] == [
        ("one", "illegal", None, 1.0),
        ("two", "hold", "harassment", 1.0),
    ]
    assert [0.6 <= m["alike"] < 1 for m in near] == [True, True]
    assert other == []


def test_asking_keeps_nothing_but_counts(town: Town, ask: Ask, key: str) -> None:
    """No item, no locked case, no entry in the record; the list knows that it was matched, and when."""
    bring_in(town, ILLEGAL)
    verbs = town.verbs()
    _ask(ask, key, text=ILLEGAL)
    _ask(ask, key, text=PLAIN)
    (known,) = queries.lists(community_id=town.plaza)

    assert (known.matches, known.matched_at) == (1, town.now)
    assert not Item.objects.exists()
    assert not QuarantinedCase.objects.exists()
    assert town.verbs() == verbs


def test_a_key_asks_its_own_community_alone(town: Town, ask: Ask, key: str) -> None:
    """The Harbour's list is nothing to the Plaza's key; a key of the host's names the community."""
    bring_in(town, ILLEGAL, community=town.harbour)
    hosts = issue_key(name="host", scopes=[Scope.SCREEN], now=town.now)

    assert _ask(ask, key, text=ILLEGAL)[1]["matches"] == []
    assert _ask(ask, key, text=ILLEGAL, community="harbour")[0] == 403
    assert len(_ask(ask, hosts, text=ILLEGAL, community="harbour")[1]["matches"]) == 1
    assert _ask(ask, hosts, text=ILLEGAL)[0] == 400


def test_a_key_that_does_not_screen_asks_nothing(town: Town, ask: Ask) -> None:
    """Without a key 401; with one for events alone 403; a day's texts count here too."""
    events = issue_key(name="events", scopes=[Scope.EVENTS], community_id=town.plaza, now=town.now)
    short = issue_key(name="short", scopes=[Scope.SCREEN], community_id=town.plaza, texts_per_day=1, now=town.now)

    assert _ask(ask, "", text=PLAIN)[0] == 401
    assert _ask(ask, events, text=PLAIN)[0] == 403
    assert [_ask(ask, short, text=PLAIN)[0] for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "text"),
        ({"text": PLAIN, "pdq": PDQ}, "text"),
        ({"pdq": PDQ[:-1]}, "pdq"),
        ({"pdq": "x" * 64}, "pdq"),
        ({"pdq": PDQ, "quality": 101}, "quality"),
        ({"pdq": PDQ, "quality": 80.5}, "quality"),
        ({"text": PLAIN, "quality": 80}, "quality"),
        ({"text": 5}, "text"),
        ({"text": "a" * 50_001}, "text"),
        ({"image": "cat.png"}, "image"),
    ],
)
def test_a_request_that_cannot_be_answered_says_where(
    town: Town, ask: Ask, key: str, content: dict[str, Any], field: str
) -> None:
    """With the parameter at fault."""
    status, answer = _ask(ask, key, **content)

    assert (status, answer["error"]["param"]) == (400, field)
