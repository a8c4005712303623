"""Measures of a ranking over a weighted sample, for all resamples at once. Checked against scikit-learn in the tests.

Every measure takes `weights` of shape (..., rows) and returns one figure for each row of weights, shape (...): the
weights of the sample itself, or those of a thousand resamples of it. nan where a kind of row has no weight.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.training.data.ranking import Interval

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

PREVALENCE = 0.028
"""What part of real political posts was threat or incitement where somebody counted: the mix of the headline."""
ROUNDS = 1000
"""Resamples behind each interval."""
GROUPS = 10
"""Groups of like scores behind the calibration error."""


def resample(strata: Sequence[str], seed: int, rounds: int = ROUNDS) -> F64:
    """Return what each row's weight is multiplied by in each resample, shape (1 + rounds, rows).

    The first line is all ones, the sample itself. In the others each stratum of m rows is drawn from m - 1 times with
    replacement and a draw counts m / (m - 1), so that strata of three rows vary as much as they should (Rao and Wu,
    1988; plain resampling of all m makes them vary too little). A row that is alone in its stratum stays as it is.
    """
    rng = np.random.default_rng(seed)
    names = np.array(strata)
    factors = np.ones((1 + rounds, len(names)))
    for name in sorted(set(strata)):
        places = np.flatnonzero(names == name)
        many = len(places)
        if many > 1:
            drawn = rng.multinomial(many - 1, np.full(many, 1 / many), rounds)
            factors[1:, places] = drawn * (many / (many - 1))
    return factors


def auc(truth: Bools, scores: F64, weights: F64) -> F64:
    """Return the weighted share of (positive, negative) pairs in the right order, ties counting half."""
    hits, misses = _by_score(truth, scores, weights)
    below = misses.sum(axis=-1, keepdims=True) - np.cumsum(misses, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((hits * (below + misses / 2)).sum(axis=-1) / (hits.sum(axis=-1) * misses.sum(axis=-1)))


def average_precision(truth: Bools, scores: F64, weights: F64, prevalence: float | None = None) -> F64:
    """Return the area under the weighted precision-recall curve as a step function.

    With a `prevalence` P, the weights of all positives are scaled by one factor and those of all negatives by another
    so that the positives are P of the whole; nothing changes among the positives or among the negatives. So precision
    at a score is P t / (P t + (1 - P) f), where t and f are the weighted shares of positives and of negatives at or
    above it: what the ranking would do in a traffic of which P is positive, if the positives and the negatives were
    each like the frame's. Every resample is scaled for itself. An AUC does not change by such scaling.
    """
    hits, misses = _by_score(truth, scores, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        if prevalence is not None:
            hits = hits * (prevalence / hits.sum(axis=-1, keepdims=True))
            misses = misses * ((1 - prevalence) / misses.sum(axis=-1, keepdims=True))
        found = np.cumsum(hits, axis=-1)
        # Where nothing has been counted yet, hits are zero too: the step adds nothing.
        seen = np.maximum(found + np.cumsum(misses, axis=-1), np.finfo(np.float64).tiny)
        return np.asarray((hits * found / seen).sum(axis=-1) / found[..., -1])


def cuts(ordinary: F64, share: float, rounds: int, seed: int) -> F64:
    """Return the scores above which at most `share` of ordinary posts lie, shape (1 + rounds,).

    The first is that of the posts given; the others are those of resamples of the posts, drawn as what they are: the
    score at the place that an order statistic of uniforms falls on. A text is flagged that scores *more* than this.
    """
    ordered = np.sort(ordinary)[::-1]
    many = len(ordered)
    allowed = min(int(np.floor(share * many)), many - 1)
    places = np.random.default_rng(seed).beta(allowed + 1, many - allowed, rounds)
    return np.asarray(ordered[np.append(allowed, np.minimum((places * many).astype(np.int64), many - 1))])


def recall(truth: Bools, scores: F64, weights: F64, above: F64 | float) -> F64:
    """Return the weighted share of positives that score more than `above`, one figure or one for each resample."""
    positive = np.asarray(weights)[..., truth]
    found = scores[truth] > np.asarray(above)[..., None]
    with np.errstate(invalid="ignore"):
        return np.asarray((positive * found).sum(axis=-1) / positive.sum(axis=-1))


def flagged(scores: F64, weights: F64, above: F64 | float) -> F64:
    """Return the weighted share of all rows that score more than `above`."""
    return recall(np.ones(len(scores), bool), scores, weights, above)


def calibration_error(truth: Bools, scores: F64, weights: F64, groups: int = GROUPS) -> F64:
    """Return the mean gap between score and truth, over groups of like scores that weigh about the same.

    The groups are made once, by the first line of weights, and texts of one score are never parted.
    """
    member = _like(scores, weights if weights.ndim == 1 else weights.reshape(-1, weights.shape[-1])[0], groups)
    gaps = np.zeros(weights.shape[:-1])
    for group in range(groups):
        here = member == group
        gaps = gaps + np.abs((weights[..., here] * (truth[here] - scores[here])).sum(axis=-1))
    with np.errstate(invalid="ignore"):
        return np.asarray(gaps / weights.sum(axis=-1))


def reliability(truth: Bools, scores: F64, weights: F64, groups: int = GROUPS) -> list[dict[str, float]]:
    """Return, for each group of like scores, the lowest first, its mean score, what part was true, and its share."""
    member = _like(scores, weights, groups)
    found = []
    for group in range(groups):
        here = member == group
        mass = float(weights[here].sum())
        if mass > 0:
            found.append(
                {
                    "score": round(float(weights[here] @ scores[here]) / mass, 5),
                    "true": round(float(weights[here] @ truth[here]) / mass, 5),
                    "share": round(mass / float(weights.sum()), 4),
                }
            )
    return found


def _like(scores: F64, weights: F64, groups: int) -> NDArray[np.int64]:
    """Return the group of each row: groups of like scores that weigh about the same, texts of one score together."""
    values, places = np.unique(scores, return_inverse=True)
    mass = np.bincount(places, weights, minlength=len(values))
    middle = (np.cumsum(mass) - mass / 2) / max(float(mass.sum()), np.finfo(np.float64).tiny)
    return np.asarray(np.minimum((middle * groups).astype(np.int64), groups - 1)[places])


def interval(figures: F64) -> Interval:
    """Return the first figure with the 2.5 and 97.5 percentiles of the rest; resamples without an answer are left out.

    Of figures that are all nan it makes an interval of nan.
    """
    drawn = figures[1:][~np.isnan(figures[1:])]
    if np.isnan(figures[0]) or not len(drawn):
        return Interval(float(figures[0]), float("nan"), float("nan"))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(float(figures[0]), float(low), float(high))


def difference(ours: F64, theirs: F64) -> Interval:
    """Return how much more `ours` is, with its interval: both must be of the same resamples, in the same order."""
    return interval(ours - theirs)


def as_json(found: Interval) -> dict[str, float] | None:
    """Return a figure with its interval to four decimals; None where there is none."""
    if np.isnan([found.value, found.low, found.high]).any():
        return None
    return {"value": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4)}


def _by_score(truth: Bools, scores: F64, weights: F64) -> tuple[F64, F64]:
    """Return the weight of positives and of negatives at each distinct score, the highest first."""
    order = np.argsort(-scores, kind="stable")
    starts = np.append(0, np.flatnonzero(np.diff(scores[order])) + 1)
    sorted_weights = np.asarray(weights, np.float64)[..., order]
    hits = np.add.reduceat(sorted_weights * truth[order], starts, axis=-1)
    return hits, np.add.reduceat(sorted_weights, starts, axis=-1) - hits
