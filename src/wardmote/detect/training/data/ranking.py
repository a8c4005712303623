"""Measures of a ranking, with bootstrap intervals. Plain numpy, checked against scikit-learn in the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
Measure = Callable[[Bools, F64], float]

SHARES = (0.001, 0.01, 0.02, 0.05)
"""The shares of ordinary traffic for which a threshold is given."""

ROUNDS = 400
"""Bootstrap resamples behind each interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95% bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def auc(truth: Bools, scores: F64) -> float:
    """Return the chance that a positive outranks a negative, ties counting half; nan without both kinds."""
    positives = int(truth.sum())
    negatives = len(truth) - positives
    if not positives or not negatives:
        return float("nan")
    _, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(truth: Bools, scores: F64) -> float:
    """Return the area under the precision-recall curve as a step function; nan without a positive."""
    if not truth.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    found = hits[last]
    precision = found / (last + 1)
    return float(np.sum(np.diff(np.append(0, found)) * precision) / hits[-1])


def with_interval(measure: Measure, truth: Bools, scores: F64, seed: int, rounds: int = ROUNDS) -> Interval:
    """Return the measure and the 2.5 and 97.5 percentiles over resamples of positives and of negatives."""
    rng = np.random.default_rng(seed)
    positives, negatives = np.flatnonzero(truth), np.flatnonzero(~truth)
    drawn = []
    for _ in range(rounds):
        chosen = np.concatenate([rng.choice(part, len(part)) for part in (positives, negatives) if len(part)])
        drawn.append(measure(truth[chosen], scores[chosen]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(measure(truth, scores), float(low), float(high))


def proportion(share: float, rows: float) -> Interval:
    """Return a share of so many rows with Wilson's 95% interval; of no rows nothing is known. Weighted: rows' worth."""
    if rows <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    square = 1.959964**2 / rows
    middle = (share + square / 2) / (1 + square)
    half = float(np.sqrt(square * share * (1 - share) + square**2 / 4)) / (1 + square)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def threshold_at(scores: F64, share: float) -> float:
    """Return the least score, to four decimals, at or above which no more than `share` of the texts lie."""
    ordered = np.sort(scores)[::-1]
    allowed = int(np.floor(share * len(ordered)))
    return float(np.round(min(1.0, ordered[allowed] + 0.0001), 4))
