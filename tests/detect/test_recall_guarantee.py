"""A guarantee holds as often as it says, and none is made from too little."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from wardmote.detect.statistics.recall_guarantee import (
    Guarantee,
    NoGuarantee,
    at_most,
    equal_chances,
    guarantee,
    positives_needed,
    reliability,
    share,
)

SHARES = st.sampled_from([0.02, 0.05, 0.1, 0.2, 0.5])
CONFIDENCES = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


def test_29_positives_are_the_fewest_for_nine_in_ten_at_95_in_a_hundred() -> None:
    """With 28 one more is asked for; with 29 the lowest score of any of them is guaranteed."""
    ordinary, breaking = [0.1] * 90 + [0.9] * 10, [0.3 + 0.01 * step for step in range(29)]
    labels = [False] * 100 + [True] * 29

    assert NoGuarantee(28, 1, 0.1, 0.95) == guarantee(ordinary + breaking[1:], labels[:-1])
    found = guarantee(ordinary + breaking, labels)
    assert isinstance(found, Guarantee)
    assert (found.threshold, found.missed, found.positives) == (0.3, 0, 29)
    assert (found.price.count, found.price.total) == (10, 100)


def test_nothing_is_guaranteed_from_nothing() -> None:
    """Without any post, and without any that breaks the rule, all 29 are still needed."""
    assert NoGuarantee(0, 29, 0.1, 0.95) == guarantee([], []) == guarantee([0.5] * 4000, [False] * 4000)


@given(miss=SHARES, confidence=CONFIDENCES)
def test_the_fewest_positives_are_the_fewest(miss: float, confidence: float) -> None:
    """The chance that all of them were easy is small enough; with one fewer it is not."""
    needed = positives_needed(miss=miss, confidence=confidence)

    assert (1 - miss) ** needed <= (1 - confidence) * (1 + 1e-9)
    assert needed == 1 or (1 - miss) ** (needed - 1) > 1 - confidence


@settings(max_examples=12, deadline=None)
@given(
    miss=st.sampled_from([0.05, 0.1, 0.3]),
    confidence=st.sampled_from([0.8, 0.95]),
    extra=st.integers(0, 150),
    steps=st.sampled_from([4, 50, 10_000]),
    seed=st.integers(0, 1000),
)
def test_the_guarantee_is_kept_as_often_as_it_says(
    miss: float, confidence: float, extra: int, steps: int, seed: int
) -> None:
    """Drawn again 1,500 times, ties or not, more is missed than guaranteed no more often than the confidence allows."""
    rng = np.random.default_rng(seed)
    many, rounds = positives_needed(miss=miss, confidence=confidence) + extra, 1500
    # Scores on a grid of `steps`, each as likely as the next: the share below a threshold is known exactly.
    broken = 0
    for _ in range(rounds):
        drawn = rng.integers(0, steps, many)
        found = guarantee(drawn / steps, np.ones(many, bool), miss=miss, confidence=confidence)
        assert isinstance(found, Guarantee)
        broken += round(found.threshold * steps) / steps > miss + 1e-12

    assert stats.binomtest(broken, rounds, 1 - confidence, alternative="greater").pvalue > 1e-5


@given(scores=st.lists(st.floats(0, 1), min_size=40, max_size=200), data=st.data())
def test_a_stricter_guarantee_never_has_a_higher_threshold(scores: list[float], data: st.DataObject) -> None:
    """Who wants to miss less, or be surer, must flag at least as much."""
    labels = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    lax, strict = (
        guarantee(scores, labels, miss=0.3, confidence=0.8),
        guarantee(scores, labels, miss=0.2, confidence=0.9),
    )
    assume(isinstance(lax, Guarantee) and isinstance(strict, Guarantee))

    assert isinstance(lax, Guarantee)
    assert isinstance(strict, Guarantee)
    assert strict.threshold <= lax.threshold
    assert strict.price.count >= lax.price.count
    assert strict.missed <= 0.2 * strict.positives


@given(total=st.integers(1, 400), data=st.data())
def test_shares_and_tails_are_those_of_the_binomial(total: int, data: st.DataObject) -> None:
    """The interval and the tail agree with another library's."""
    count = data.draw(st.integers(0, total))
    chance = data.draw(st.floats(0.001, 0.999))
    theirs = stats.binomtest(count, total).proportion_ci(0.95, "exact")
    ours = share(count, total)

    assert math.isclose(ours.low, theirs.low, abs_tol=1e-9)
    assert math.isclose(ours.high, theirs.high, abs_tol=1e-9)
    assert math.isclose(at_most(count, total, chance), stats.binom.cdf(count, total, chance), abs_tol=1e-9)


def test_posts_drawn_with_unlike_chances_are_thinned_to_one() -> None:
    """Of posts drawn at 1 in 2 a fifth is kept beside all of those drawn at 1 in 10, the same at each asking."""
    chances = np.array([0.5] * 20_000 + [0.1] * 500)
    kept = equal_chances(chances, 3)

    assert np.array_equal(kept, equal_chances(chances, 3))
    assert kept[20_000:].all()
    assert 3800 < kept[:20_000].sum() < 4200
    assert not len(equal_chances([], 3))


@given(
    rows=st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.1001, 0.5, 1.0]), st.booleans()), max_size=120),
    bins=st.integers(1, 12),
)
def test_every_post_is_in_one_bin_of_the_reliability_diagram(rows: list[tuple[float, bool]], bins: int) -> None:
    """The bins' counts add up, their means lie inside, and no score stands in two of them."""
    found = reliability([score for score, _ in rows], [broke for _, broke in rows], bins)

    assert len(rows) == sum(each.broke.total for each in found)
    assert sum(broke for _, broke in rows) == sum(each.broke.count for each in found)
    assert len(found) <= bins
    assert all(each.low <= each.mean_score + 1e-12 and each.mean_score <= each.high + 1e-12 for each in found)
    assert all(one.high < other.low for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("scores", "labels", "miss", "says"),
    [
        ([0.1], [True, False], 0.1, "two lists of one length"),
        ([math.nan], [True], 0.1, "not a number"),
        ([0.1], [True], 0.0, "miss must be above 0"),
    ],
)
def test_what_no_guarantee_can_be_read_from_is_refused(
    scores: list[float], labels: list[bool], miss: float, says: str
) -> None:
    """Lists of two lengths, scores that are no numbers, and a miss rate of nothing are errors in words."""
    with pytest.raises(ValueError, match=says):
        guarantee(scores, labels, miss=miss)
