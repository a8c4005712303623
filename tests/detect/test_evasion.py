"""The evasion suite: what a trick costs a detector whose weakness is known."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.detect.test_disguises import read

from wardmote.detect import Coverage, NotRead
from wardmote.detect.training.data.tricks import QUOTES, tricks
from wardmote.detect.training.measure.evasion import held_out_texts, measure, sentences

DAYS = ("Monday", "Tuesday", "Sunday", "my birthday")
ORDINARY = [
    f"The {thing} was {how} on {day}."
    for thing in ("bread", "train", "film")
    for how in ("late", "fine", "odd")
    for day in DAYS
]
THREATS = ["I will kill you tomorrow", "We are going to kill them all tonight", "Somebody kill that man"]


def literal(texts: Sequence[str]) -> NDArray[np.float64]:
    """A toy that knows one word, in small letters, with a little noise so that ordinary posts differ."""
    return np.array([0.9 if re.search(r"\bkill\b", text) else len(text) % 7 / 1000 for text in texts])


def never(text: str) -> Coverage:
    return Coverage(NotRead.WORDS)


def test_a_detector_that_knows_one_spelling_loses_to_every_other_and_to_no_padding() -> None:
    """The toy finds all plain texts; capitals cost it everything, posts around the text nothing."""
    figures = measure(literal, ORDINARY, never, seed=3, texts=THREATS)

    assert figures["recall"]["value"] == 1.0
    for name in (
        "capitals",
        "homoglyphs, all",
        "letters apart, all",
        "zero-width",
        "code words",
        "other letter shapes",
    ):
        assert figures["tricks"][name]["lost"] == {"value": 1.0, "low": 1.0, "high": 1.0}, name
    for name in ("five posts around", "one post before", "right-to-left marks"):
        assert figures["tricks"][name]["lost"]["value"] == 0.0, name
    assert {row["lost"]["value"] for row in figures["should_fall"].values()} == {0.0}


def test_a_detector_that_flags_nothing_finds_and_loses_nothing() -> None:
    """Recall and loss are measured at the threshold that ordinary posts give, not at one of the texts' own."""
    figures = measure(lambda texts: np.full(len(texts), 0.5), ORDINARY, never, seed=3, texts=THREATS)

    assert figures["threshold"] > 0.5
    assert figures["recall"]["value"] == 0.0
    assert all(row["lost"]["value"] == 0.0 for row in figures["tricks"].values())


def test_the_same_seed_gives_the_same_figures() -> None:
    """Another seed disguises otherwise."""
    one, two, other = (measure(literal, ORDINARY, never, seed=seed, texts=THREATS) for seed in (3, 3, 4))

    assert one == two
    assert one != other


def test_what_is_lost_is_what_is_gone_from_recall() -> None:
    """For each trick, over the same texts, recall and loss add up to the recall of the plain texts."""
    figures = measure(literal, ORDINARY, never, seed=3, texts=[*THREATS, "I will end you"])

    for row in (figures["tricks"] | figures["should_fall"]).values():
        assert row["recall"]["value"] + row["lost"]["value"] == pytest.approx(figures["recall"]["value"])
        assert row["lost"]["low"] <= row["lost"]["value"] <= row["lost"]["high"]


def test_every_trick_disguises_some_text() -> None:
    """No trick gives every text back as it was; each is a string that can be written as UTF-8."""
    for name, trick in (tricks(ORDINARY) | QUOTES).items():
        rng = np.random.default_rng(1)
        disguised = [trick(text, rng) for text in THREATS]
        assert disguised != THREATS, name
        assert "".join(disguised).encode(), name


@pytest.mark.parametrize(
    "name",
    ["homoglyphs, all", "homoglyphs, some", "other letter shapes", "zero-width", "combining marks", "capitals",
     "letters apart, all", "right-to-left marks", "right-to-left override", "alternating case"],
)  # fmt: skip
def test_the_kernel_reads_through(name: str) -> None:
    """After these tricks the words that the kernel reads are those of the plain text."""
    rng = np.random.default_rng(5)
    trick = tricks(ORDINARY)[name]

    texts = ["I will kill you tomorrow", "Somebody ought to shoot him"] * 5
    assert [read(trick(text, rng))[0] for text in texts] == [read(text)[0] for text in texts]


def test_the_texts_are_held_out_threats_and_the_sentences_no_english() -> None:
    """A hundred threats or more, and five sentences each in forty languages."""
    assert len(set(held_out_texts())) > 100
    assert len(sentences()) == 40
    assert {len(texts) for texts in sentences().values()} == {5}
    figures = measure(literal, ORDINARY, never, seed=1, texts=THREATS)
    assert figures["languages"]["not_covered"] == 1.0
