"""The attributes' model on texts written by hand, which no training looked at."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from wardmote.detect import LinearDetector, Screener, perspective_scale
from wardmote.detect.models.linear import ATTRIBUTES_PATH
from wardmote.detect.training.cards.attribute_card import render_attributes
from wardmote.detect.training.cards.card import read_figures

from .test_card import CARD

RUDE = {
    "toxicity": ("You are a disgusting moron, shut the fuck up", "what a worthless piece of shit this idiot is"),
    "severe_toxicity": ("fuck you, you fucking worthless cunt, go die", "eat shit you motherfucking bastard bitch"),
    "insult": ("You are a stupid idiot and a liar", "What a pathetic loser this clown is"),
    "profanity": ("this fucking bus is late again, shit", "holy shit that was a fucking good match"),
    "sexual": ("she sucked his dick and he fucked her pussy", "I want to see your naked tits and ass"),
}
PLAIN = (
    "The train to Scunthorpe leaves at ten from platform two.",
    "Our class visits the assassin's cottage in Penistone after the exam.",
    "My gay neighbours and my Muslim colleagues came to the wedding.",
    "She is a Black woman who teaches mathematics in Sussex.",
    "Could you send me the sources for the second paragraph, please?",
    "The cockpit of the aircraft was cleaned and the title page was reprinted.",
)


def wrong_pairs(detector: LinearDetector) -> int:
    """Count the pairs of a rude and a plain text that the head named ranks the wrong way round."""
    wrong = 0
    for head, texts in RUDE.items():
        place = detector.categories.index(head)
        plain = [detector.examine(text)[place].score for text in PLAIN]
        wrong += sum(detector.examine(text)[place].score <= score for text in texts for score in plain)
    return wrong


def test_rude_texts_score_above_plain_ones() -> None:
    """At most one of sixty pairs is ranked wrongly: the card tells of the plain text that a mild insult loses to."""
    assert wrong_pairs(LinearDetector.attributes()) <= 1


def test_shuffled_weights_rank_nothing() -> None:
    """The ranking comes from the weights: shuffled, they get many of the sixty pairs wrong."""
    model = LinearDetector.attributes().weights
    order = np.random.default_rng(1).permutation(len(model.weights))
    shuffled = LinearDetector(dataclasses.replace(model, weights=model.weights[order]))

    assert wrong_pairs(shuffled) >= 10


def test_posts_are_screened_without_the_attributes() -> None:
    """The default screener keeps its four heads; the attributes' screener adds seven and changes none."""
    text = "You are a stupid idiot and I will find you"
    default, whole = Screener.default().screen(text), Screener.attributes().screen(text)

    heads = LinearDetector.attributes().categories

    assert {*RUDE, "attribute.identity_attack", "attribute.threat"} == set(heads)
    assert set(heads).isdisjoint(default.scores)
    assert default.scores | {head: whole.scores[head] for head in heads} == whole.scores


@pytest.mark.parametrize("category", [*RUDE, "attribute.identity_attack", "attribute.threat"])
def test_a_map_keeps_the_order(category: str) -> None:
    """On Perspective's scale a higher score is never lower, and stays between 0 and 1."""
    read = [perspective_scale(category, step / 200) for step in range(201)]

    assert all(low <= high for low, high in pairwise(read))
    assert 0.0 <= read[0] < read[-1] <= 1.0


def test_a_category_without_a_map_keeps_its_score() -> None:
    """Nothing is made up for a category that Perspective does not know."""
    assert perspective_scale("violence.incitement", 0.37) == 0.37


def test_the_card_is_written_from_the_stored_figures() -> None:
    """The page in the documents is what `wardmote detect card` writes now."""
    card = CARD.with_name("wardmote-attributes.md")

    assert render_attributes(read_figures(ATTRIBUTES_PATH)) == card.read_text("utf-8")
