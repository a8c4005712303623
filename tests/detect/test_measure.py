"""The measures: against values worked out by hand and against their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmote.detect.training.data.ranking import auc, average_precision, proportion, threshold_at, with_interval

PAIRS = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40)


@pytest.mark.parametrize(
    ("truth", "scores", "area", "precision"),
    [
        ([True, False], [0.9, 0.1], 1.0, 1.0),
        ([True, False], [0.1, 0.9], 0.0, 0.5),
        ([True, False, True, False], [0.9, 0.8, 0.7, 0.1], 0.75, (1 + 2 / 3) / 2),
        ([True, False, False], [0.5, 0.5, 0.5], 0.5, 1 / 3),
    ],
)
def test_known_values(truth: list[bool], scores: list[float], area: float, precision: float) -> None:
    """AUC and average precision of small cases are those worked out by hand, ties included."""
    assert math.isclose(area, auc(np.array(truth), np.array(scores)))
    assert math.isclose(precision, average_precision(np.array(truth), np.array(scores)))


@given(pairs=PAIRS)
def test_auc_is_the_chance_of_the_right_order(pairs: list[tuple[bool, int]]) -> None:
    """AUC is the share of (positive, negative) pairs in the right order, ties counting half."""
    positives = [score for label, score in pairs if label]
    negatives = [score for label, score in pairs if not label]
    found = auc(np.array([label for label, _ in pairs]), np.array([float(score) for _, score in pairs]))
    if not positives or not negatives:
        assert math.isnan(found)
        return
    wins = sum((high > low) + 0.5 * (high == low) for high in positives for low in negatives)

    assert math.isclose(wins / (len(positives) * len(negatives)), found)


def test_without_a_positive_there_is_no_precision() -> None:
    """Where nothing is to be found, average precision is not a number."""
    assert math.isnan(average_precision(np.array([False]), np.array([0.5])))


def test_an_interval_holds_its_value_and_repeats() -> None:
    """The interval lies around the value, narrows with more rows, and the seed decides it."""
    rng = np.random.default_rng(0)
    truth = np.arange(400) < 100
    scores = rng.normal(size=400) + truth
    few = with_interval(auc, truth[::10], scores[::10], seed=5)
    many = with_interval(auc, truth, scores, seed=5)

    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
    assert many == with_interval(auc, truth, scores, seed=5)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.1, 0.9001), (0.5, 0.5001)])
def test_a_threshold_flags_no_more_than_its_share(share: float, expected: float) -> None:
    """The threshold for a share flags at most that share of the ordinary texts."""
    scores = np.arange(1, 11) / 10
    threshold = threshold_at(scores, share)

    assert expected == threshold
    assert (scores >= threshold).mean() <= share or threshold == 1.0


def test_a_share_of_none_is_still_uncertain() -> None:
    """Wilson's interval of nothing found in ten goes up to 28%, of one half it is even, of no rows it is everything."""
    none, half, nothing = proportion(0.0, 10), proportion(0.5, 40), proportion(0.0, 0)

    assert (none.low, round(none.high, 2)) == (0.0, 0.28)
    assert half.high - 0.5 == pytest.approx(0.5 - half.low)
    assert math.isnan(nothing.value)
    assert (nothing.low, nothing.high) == (0.0, 1.0)
