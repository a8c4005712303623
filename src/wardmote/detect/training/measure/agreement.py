"""How far our scores agree with somebody else's: in rank, and in which side of a threshold a text falls on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.statistics.monotone import MonotoneMap, fit_monotone

F64 = NDArray[np.float64]
LEVELS = (0.7, 0.8, 0.9)
ROUNDS = 300


def ranks(values: F64) -> F64:
    """Return the rank of each value; equal values share the mean of their ranks."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[places], np.float64)


def spearman(ours: F64, theirs: F64) -> float:
    """Return the rank correlation, -1 to 1; nan where one side says the same of every text."""
    mine, other = ranks(ours), ranks(theirs)
    if mine.std() == 0 or other.std() == 0:
        return float("nan")
    return float(np.corrcoef(mine, other)[0, 1])


def map_of(ours: F64, theirs: F64) -> MonotoneMap:
    """Return the monotone map from our scores to theirs, its points apart by at least 0.0001."""
    fitted = fit_monotone(ours.tolist(), theirs.tolist())
    given: list[float] = []
    meant: list[float] = []
    for x, y in zip(fitted.given, fitted.meant, strict=True):
        if not given or round(x, 4) > round(given[-1], 4):
            given.append(x)
            meant.append(y)
    return MonotoneMap(tuple(given), tuple(meant))


def agreement(ours: F64, theirs: F64, folds: NDArray[np.int64], seed: int) -> dict[str, Any]:
    """Return rank agreement and same-side shares with 95% intervals; each fold is mapped by a map of the others."""
    mapped = np.zeros(len(ours))
    for fold in np.unique(folds):
        held = folds == fold
        line = map_of(ours[~held], theirs[~held])
        mapped[held] = [line(float(score)) for score in ours[held]]
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(ours), len(ours)) for _ in range(ROUNDS)]
    same = {level: (mapped >= level) == (theirs >= level) for level in LEVELS}
    return {
        "rows": len(ours),
        "spearman": interval(spearman(ours, theirs), [spearman(ours[draw], theirs[draw]) for draw in draws]),
        "error": round(float(np.abs(mapped - theirs).mean()), 4),
        "same_side": {
            str(level): {
                **interval(float(sides.mean()), [float(sides[draw].mean()) for draw in draws]),
                "always_below": round(float((theirs < level).mean()), 4),
            }
            for level, sides in same.items()
        },
    }


def interval(value: float, drawn: list[float]) -> dict[str, float]:
    """Return a figure and the 2.5 and 97.5 percentiles of its resamples, to four decimals."""
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return {"value": round(value, 4), "low": round(float(low), 4), "high": round(float(high), 4)}
