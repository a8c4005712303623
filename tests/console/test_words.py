import pytest

from wardmote.communities.policy import Action
from wardmote.edges.console.labels import ACTIONS, likelihood


def test_every_action_has_a_name_and_a_key() -> None:
    """The sheet offers each action once; the keys 1 to 9 reach all of them."""
    offered = [action for action, _name, _does in ACTIONS]

    assert sorted(offered) == sorted(Action)
    assert len(offered) <= 9


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (0.0, "very unlikely"),
        (0.15, "unlikely"),
        (0.399, "unlikely"),
        (0.4, "possible"),
        (0.7, "likely"),
        (1.0, "very likely"),
    ],
)
def test_a_probability_is_said_in_words(score: float, words: str) -> None:
    """Each step begins at its bound."""
    assert likelihood(score) == words
