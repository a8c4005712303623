"""How far a score lies from what is so: the mean gap between said and found, over ten groups of like scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.training.data.sources import Row
from wardmote.detect.training.fit.train import targets_for
from wardmote.detect.training.measure.evaluate import FEWEST

F64 = NDArray[np.float64]
GROUPS = 10
ROUNDS = 300


def gap(targets: F64, scores: F64) -> float:
    """Return the mean absolute gap between mean target and mean score, over groups of equal size by score."""
    order = np.argsort(scores, kind="stable")
    groups = [part for part in np.array_split(order, GROUPS) if len(part)]
    return float(sum(len(part) * abs(targets[part].mean() - scores[part].mean()) for part in groups) / len(order))


def calibration_error(
    test: Sequence[Row], scores: F64, heads: Sequence[str], seed: int
) -> dict[str, dict[str, object]]:
    """Return the gap with its 95% interval, by head and source; targets are what the source says, soft or not."""
    names = np.array([row.dataset for row in test])
    found: dict[str, dict[str, object]] = {}
    for number, head in enumerate(heads):
        targets, weights = targets_for(test, head)
        for name in sorted(set(names.tolist())):
            here = (names == name) & (weights > 0)
            if int(here.sum()) < FEWEST * GROUPS:
                continue
            said, given = targets[here], scores[here, number]
            rng = np.random.default_rng(seed)
            drawn = [
                gap(said[draw], given[draw]) for draw in (rng.integers(0, len(said), len(said)) for _ in range(ROUNDS))
            ]
            low, high = np.percentile(drawn, [2.5, 97.5])
            found.setdefault(head, {})[name] = {
                "rows": len(said),
                "value": round(gap(said, given), 4),
                "low": round(float(low), 4),
                "high": round(float(high), 4),
            }
    return found
