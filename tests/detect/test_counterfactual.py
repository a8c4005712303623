"""The fewest words to leave out, against searches that try everything."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.detect.models import quality, random_detector

from wardmote.detect import Change, LinearDetector, smallest_change
from wardmote.detect.explain.counterfactual import occlude, without, words_of

Scores = Callable[[list[str]], NDArray[np.float64]]
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=200)


def adding(weights: dict[str, int]) -> Scores:
    """A detector that adds up known weights of words, over a hundred."""
    return lambda texts: np.array([sum(weights.get(word, 0) for word in text.split()) / 100 for text in texts])


def linear(detector: LinearDetector, category: str) -> Scores:
    return lambda texts: detector.examine_batch(pa.array(texts, pa.large_string()))[category].to_numpy()


def fewest_by_trying(score_of: Scores, text: str, threshold: float) -> int | None:
    """How many words must go, by trying every set of words."""
    words = words_of(text)
    for size in range(1, len(words) + 1):
        texts = [without(text, chosen) for chosen in combinations(words, size)]
        if score_of(texts).min() < threshold:
            return size
    return None


def test_one_word_is_enough_where_one_carries_the_score() -> None:
    """The one heavy word is found, what is left reads as a sentence, and its score is given."""
    score_of = adding({"burn": 60, "house": 10})

    found = smallest_change(score_of, "we burn the house", words_of("we burn the house"), 0.5)

    assert Change(((3, 7),), "we the house", 0.1, fewest=True) == found


def test_two_words_that_only_count_together_are_found() -> None:
    """Where either of two words is enough to flag a text, both must go, and that no single word does is said."""

    def either(texts: list[str]) -> NDArray[np.float64]:
        return np.array([0.9 if {"burn", "bomb"} & set(text.split()) else 0.1 for text in texts])

    found = smallest_change(either, "burn it or bomb it", words_of("burn it or bomb it"), 0.5)

    assert Change(((0, 4), (11, 15)), "it or it", 0.1, fewest=True) == found


@settings(max_examples=60, deadline=None)
@given(
    weights=st.lists(st.integers(-20, 40), min_size=1, max_size=8),
    threshold=st.integers(1, 60),
)
def test_no_search_that_tries_everything_finds_fewer_words(weights: list[int], threshold: int) -> None:
    """With a detector that adds up, as many words go as trying every set shows, and the claim to be fewest is true."""
    words = [f"w{place}" for place in range(len(weights))]
    text = " ".join(words)
    score_of = adding(dict(zip(words, weights, strict=True)))
    if score_of([text])[0] < threshold / 100:
        with pytest.raises(ValueError, match="below the threshold"):
            smallest_change(score_of, text, words_of(text), threshold / 100)
        return

    found = smallest_change(score_of, text, words_of(text), threshold / 100)

    assert fewest_by_trying(score_of, text, threshold / 100) == (len(found.spans) if found else None)
    assert found is None or found.fewest == (len(found.spans) <= 3)


@pytest.mark.parametrize("detector", [LinearDetector.shipped(), random_detector()], ids=["shipped", "random"])
@settings(max_examples=60, deadline=None)
@given(text=ANY_TEXT | st.sampled_from([each["text"] for each in quality()]), share=st.floats(0.05, 1.0))
def test_a_change_of_a_real_detector_does_what_it_says(detector: LinearDetector, text: str, share: float) -> None:
    """What is left scores what is said, below the threshold, and putting any one word back flags it again."""
    account = detector.explain(text)
    score = account.scores[0]
    score_of = linear(detector, account.heads[0])
    words = sorted(((word.start, word.end) for word in account.words), key=lambda word: text[word[0] : word[1]])
    threshold = max(0.0001, share * score)

    found = smallest_change(score_of, text, words, threshold) if score >= threshold else None

    if found is None:
        return
    assert float(score_of([found.text])[0]) == found.score < threshold
    assert without(text, found.spans) == found.text
    assert len(found.spans) == 1 or all(
        score_of([without(text, kept)])[0] >= threshold for kept in combinations(found.spans, len(found.spans) - 1)
    )


def test_a_long_text_is_searched_with_few_scorings() -> None:
    """In a text of 6,000 words the three heavy ones are found, with fewer than 5,000 texts scored."""
    asked = []
    inner = adding({"burn": 30, "bomb": 30, "shoot": 30})

    def counted(texts: list[str]) -> NDArray[np.float64]:
        asked.append(len(texts))
        return inner(texts)

    words = ["calm"] * 6000
    words[10], words[3000], words[5990] = "burn", "bomb", "shoot"
    text = " ".join(words)
    found = smallest_change(counted, text, words_of(text), 0.25)

    assert found is not None
    assert [text[start:end] for start, end in found.spans] == ["burn", "bomb", "shoot"]
    assert not found.fewest
    assert sum(asked) < 5000


def test_nothing_to_leave_out_is_no_change() -> None:
    """A text without words, and one that stays flagged without any of them, have no smallest change."""

    def always(texts: list[str]) -> NDArray[np.float64]:
        return np.ones(len(texts))

    assert smallest_change(always, "", [], 0.5) is None
    assert smallest_change(always, "a b c d", words_of("a b c d"), 0.5) is None


def test_occlusion_says_what_each_word_carried() -> None:
    """The fall of the score without a word is its weight where the detector adds up."""
    text = "we burn the house"
    score_of = adding({"burn": 60, "house": 10, "we": -5})

    carried = occlude(score_of, text, words_of(text)).round(9).tolist()

    assert carried == [-0.05, 0.6, 0.0, 0.1]


@settings(max_examples=200, deadline=None)
@given(text=ANY_TEXT, data=st.data())
def test_leaving_out_never_joins_two_words(text: str, data: st.DataObject) -> None:
    """What is left has exactly the other words, in their order."""
    words = words_of(text)
    gone = set(data.draw(st.lists(st.sampled_from(words), unique=True))) if words else set()
    left = without(text, gone)

    assert [text[start:end] for start, end in words if (start, end) not in gone] == [
        left[start:end] for start, end in words_of(left)
    ]
