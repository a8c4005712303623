"""What can be guaranteed of a threshold, from posts that were drawn at random and judged by people.

The guarantee is: of the posts that break the rule, at least `1 - miss` score at or above the threshold, with a
confidence of `confidence`. It is an order statistic's: of m rule-breaking posts drawn at random, take the (k+1)-th
lowest score as the threshold. More than a share `miss` of all rule-breaking posts lies below it only if at most k of
the m lay in their own lowest `miss`, which has at most the probability

    P(Binomial(m, miss) <= k)

whatever the scores' distribution, ties included. The largest k for which that is at most `1 - confidence` gives the
highest threshold that can be guaranteed; where not even k = 0 does, `(1 - miss)**m > 1 - confidence`, there is no
guarantee yet. Sources: Wilks 1941, "Determination of Sample Sizes for Setting Tolerance Limits"; Vovk 2012,
"Conditional Validity of Inductive Conformal Predictors", proposition 2a.

Three things it needs. The posts are a random sample of all posts, those that screening stopped among them: a sample
of what went through says nothing of what did not. The scores are of one detector, fixed before. And the labels decide
alone when to stop drawing, never the scores.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MISS = 0.1
CONFIDENCE = 0.95
SEED = 1
"""Of the thinning out of posts with higher chances; fixed, so that nobody draws until the answer pleases."""


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `total`, and the interval that holds the true share with the confidence asked for (Clopper-Pearson).

    `value` is nan where `total` is 0.
    """

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.total if self.total else math.nan


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Of the posts that break the rule at least `1 - miss` score `threshold` or more, with `confidence`.

    `missed` of the `positives` drawn lie below the threshold. `price` is the share of the ordinary posts (those that
    break no rule) that it flags.
    """

    threshold: float
    miss: float
    confidence: float
    positives: int
    missed: int
    price: Share


@dataclass(frozen=True, slots=True)
class NoGuarantee:
    """Too few posts that break the rule were drawn: so many `more` of them are needed, whatever they score."""

    positives: int
    more: int
    miss: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The posts that scored from `low` up to `high`: what they scored on average, and how many broke the rule."""

    low: float
    high: float
    mean_score: float
    broke: Share


def guarantee(
    scores: Sequence[float] | NDArray[np.float64],
    labels: Sequence[bool] | NDArray[np.bool_],
    *,
    miss: float = MISS,
    confidence: float = CONFIDENCE,
) -> Guarantee | NoGuarantee:
    """Return the highest guaranteed threshold and its price, or how many more positives it takes.

    `scores` and `labels`, shape (posts,), are of posts drawn with equal chances; `equal_chances` makes them so where
    they were not. Raises `ValueError` for shapes that differ, scores that are no numbers, and shares outside (0, 1).
    """
    values, broke = np.asarray(scores, np.float64), np.asarray(labels, bool)
    if values.ndim != 1 or values.shape != broke.shape:
        raise ValueError(f"scores and labels must be two lists of one length, not {values.shape} and {broke.shape}")
    if not np.isfinite(values).all():
        raise ValueError("a score is not a number")
    positives = np.sort(values[broke])
    enough = positives_needed(miss=miss, confidence=confidence)
    if len(positives) < enough:
        return NoGuarantee(len(positives), enough - len(positives), miss, confidence)
    missed = _allowed(len(positives), miss, 1 - confidence)
    threshold = float(positives[missed])
    ordinary = values[~broke]
    price = share(int((ordinary >= threshold).sum()), len(ordinary), confidence=confidence)
    # A tie at the threshold is above it: what is missed lies strictly below.
    return Guarantee(threshold, miss, confidence, len(positives), int((positives < threshold).sum()), price)


def positives_needed(*, miss: float = MISS, confidence: float = CONFIDENCE) -> int:
    """Return the fewest positives with which anything can be guaranteed.

    It is the least m with (1 - miss)**m <= 1 - confidence: 29 for a miss rate of 0.1 and a confidence of 0.95.
    """
    for name, value in (("miss", miss), ("confidence", confidence)):
        if not 0 < value < 1:
            raise ValueError(f"{name} must be above 0 and below 1, not {value}")
    needed = max(1, math.ceil(math.log(1 - confidence) / math.log1p(-miss)) - 1)
    while (1 - miss) ** needed > (1 - confidence) * (1 + 1e-12):
        needed += 1
    return needed


def equal_chances(chances: Sequence[float] | NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
    """Return which posts to keep so that all kept ones had one chance of being drawn and kept: the smallest of all.

    `chances`, shape (posts,), are those with which each post was drawn, in (0, 1]. A post is kept with the probability
    smallest / its own, by a generator of that seed. It costs labels, and leaves the guarantee's arithmetic exact.
    """
    drawn = np.asarray(chances, np.float64)
    if len(drawn) and not ((drawn > 0) & (drawn <= 1)).all():
        raise ValueError("a chance of being drawn is above 0 and at most 1")
    kept: NDArray[np.bool_] = np.random.default_rng(seed).random(len(drawn)) * drawn < drawn.min(initial=1.0)
    return kept


def thinned(
    scores: Sequence[float], labels: Sequence[bool], chances: Sequence[float]
) -> tuple[list[float], list[bool]]:
    """Return the scores and labels of the posts that `equal_chances` keeps by the one seed that is used."""
    kept = equal_chances(chances, SEED).tolist()
    rows = [row for row, keep in zip(zip(scores, labels, strict=True), kept, strict=True) if keep]
    return [score for score, _ in rows], [label for _, label in rows]


def share(count: int, total: int, *, confidence: float = CONFIDENCE) -> Share:
    """Return `count / total` with its exact two-sided interval (Clopper and Pearson 1934); (0, 1) of nothing."""
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total} is not a share")
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else _solve(lambda p: 1 - at_most(count - 1, total, p), tail)
    high = 1.0 if count == total else _solve(lambda p: -at_most(count, total, p), -tail)
    return Share(count, total, low, high)


def reliability(
    scores: Sequence[float] | NDArray[np.float64], labels: Sequence[bool] | NDArray[np.bool_], bins: int = 10
) -> tuple[Bin, ...]:
    """Return what posts scored against how many broke the rule, in at most `bins` bins with as many posts each.

    Posts of one score share a bin. A calibrated score lies inside every bin's interval but one in twenty.
    """
    values, broke = np.asarray(scores, np.float64), np.asarray(labels, bool)
    if not len(values):
        return ()
    edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1), method="inverted_cdf"))
    place = np.clip(np.searchsorted(edges, values, side="left") - 1, 0, max(0, len(edges) - 2))
    found = []
    for each in np.unique(place):
        inside = place == each
        part = values[inside]
        broken = share(int(broke[inside].sum()), int(inside.sum()))
        found.append(Bin(float(part.min()), float(part.max()), float(part.mean()), broken))
    return tuple(found)


def at_most(count: int, total: int, chance: float) -> float:
    """Return P(Binomial(total, chance) <= count)."""
    if count < 0:
        return 0.0
    if count >= total or chance <= 0:
        return 1.0
    if chance >= 1:
        return 0.0
    ways = np.array(
        [math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1) for k in range(count + 1)]
    )
    hits = np.arange(count + 1)
    logs = ways + hits * math.log(chance) + (total - hits) * math.log1p(-chance)
    return min(1.0, float(np.exp(logs).sum()))


def _allowed(positives: int, miss: float, risk: float) -> int:
    """Return the most of `positives` that may lie below the threshold; there are enough of them for 0."""
    allowed = 0
    while at_most(allowed + 1, positives, miss) <= risk:
        allowed += 1
    return allowed


def _solve(rising: Callable[[float], float], wanted: float) -> float:
    """Return where a rising function of a chance is `wanted`, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2
