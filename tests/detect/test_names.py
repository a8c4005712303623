"""A name says who is meant, and is no evidence of anything; a word that is also a name stays a word elsewhere."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from tests.detect.test_identity import API_THRESHOLD, attributes_above, flagged

from wardmote.detect import CascadeDetector, LinearDetector
from wardmote.detect.lists.names import listed_names

CARRIERS = (
    "{0}",
    "My uncle {0}",
    "My grandmother {0} baked a cake for us.",
    "{0} is here",
    "{0} and I went to the market",
    "{0} called, he will be late.",
    "Thank you, {0}",
    "Thank you, {0}!",
    "Good morning {0}, how are you?",
    "Happy birthday {0}!",
    "I met {0} yesterday.",
    "Mrs. {0} teaches us maths.",
    "Dr {0} will see you now",
    "Does anybody know where {0} lives?",
    "The garden belongs to {0}.",
    "Dinner with {0} tonight at eight.",
    "We named our son {0}",
    "Congratulations to {0} and family",
)
PLAIN_CARRIERS = (
    "Yesterday {0} baked bread.",
    "Please ask {0} about the bus times.",
    "Have you seen {0}?",
    "{0}, could you bring the salad?",
    "Welcome back {0}!",
    "{0}'s birthday is on Monday.",
    "Is {0} coming to choir practice?",
)
"""Places in which a name that is also a word may be that word."""


@cache
def names(kind: str) -> list[str]:
    """Those of one kind, as they are written."""
    return listed_names()[kind].split()


def texts(kind: str, carriers: tuple[str, ...]) -> Iterator[list[str]]:
    """Each carrier with every name of a kind."""
    for carrier in carriers:
        yield [carrier.format(name) for name in names(kind)]


@pytest.mark.parametrize("kind", ["names", "words_too"])
def test_no_ordinary_name_is_flagged(kind: str) -> None:
    """Alone and where names stand: thousands of them, of many origins, also those that are words too."""
    assert len(names("names")) > 7_000
    for sentences in texts(kind, CARRIERS):
        assert not flagged(sentences)
        assert not attributes_above(sentences)


def test_a_plain_name_is_one_wherever_it_stands() -> None:
    """Names that are no words need no kin and no title before them."""
    for sentences in texts("names", PLAIN_CARRIERS):
        assert not flagged(sentences)
        assert not attributes_above(sentences)


def test_a_name_that_is_a_groups_word_too_is_one_after_kin_and_titles() -> None:
    """Uncle Gay and Mrs. White are people; at the beginning of a sentence they may be what is spoken of."""
    for sentences in texts("groups_too", ("{0}", "My uncle {0}", "Mrs. {0} teaches us maths.", "Thank you, {0}")):
        assert not flagged(sentences)
        assert not attributes_above(sentences)


def test_the_same_sentence_scores_the_same_whoever_is_meant() -> None:
    """Not only at a threshold: no name moves a score of the models that add up."""
    for carrier in ("I will find {0} and kill him", "{0} is such an idiot", "Dinner with {0} tonight at eight."):
        sentences = pa.array([carrier.format(name) for name in names("names")])
        for detector in (LinearDetector.shipped(), LinearDetector.attributes()):
            for column in detector.examine_batch(sentences).columns:
                assert len(np.unique(column.to_numpy())) == 1


@pytest.mark.parametrize(
    "text", ["you are a Dick", "suck my Dick", "What a Dick you are", "You Dick", "you are such a Fanny", "you DICK"]
)
def test_a_coarse_word_with_a_capital_stays_one(text: str) -> None:
    """No capital hides a word where no name stands: it is scored as it is in small letters."""
    detector = LinearDetector.attributes()

    assert detector.scores(text) == detector.scores(text.lower())
    assert max(detector.scores(text).values()) >= API_THRESHOLD


def test_what_is_said_of_a_name_still_counts() -> None:
    """Threats name people; groups' words are none of the names."""
    threat, wish = "I will find Mehmet and kill him", "Gay people are vermin, kill them all"

    found = flagged([threat, wish])

    assert "violence.threat" in found[threat]
    assert {"identity_attack", "violence.incitement"} <= set(found[wish])


def test_a_name_is_not_shown_as_what_raised_a_score() -> None:
    """The words behind a score are those that count."""
    text = "Okonkwo, I will kill you"
    signals = {each.category: each for each in CascadeDetector.shipped().linear.examine(text)}

    spans = [text[span.start : span.end] for span in signals["violence.threat"].spans]

    assert spans
    assert not any("Okonkwo" in each for each in spans)


@pytest.mark.parametrize(
    "text", ["İBRAHİM is here", "özlem Özlem", "Ngọc is here", "JENNIFER is here", "O'Connor's dog"]
)
def test_names_are_known_in_capitals_and_with_accents(text: str) -> None:
    """As they are written, in capitals, and with what their language puts on letters."""
    assert not flagged([text])
