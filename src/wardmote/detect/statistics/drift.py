"""Whether the scores of one stretch of time are still those of another.

Two questions are asked. Of each category: are both stretches' scores of one distribution (two-sample Kolmogorov-Smirnov
test, its large-sample chance as in Numerical Recipes, section 14.3)? And: is the share of flagged posts the same (given
how many were flagged in both, those of one are binomial; cautious where shares are large)? As many questions are asked,
the chances are corrected together (Holm 1979). An alarm needs both: a chance of at most `CHANCE` after that, and a
change large enough to matter, as with enough posts any two weeks differ a little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.statistics.recall_guarantee import at_most

CHANCE = 0.01
DISTANCE = 0.1
"""Distributions further apart than this matter: some score has so much more or less below it."""
RATIO = 1.5
"""A share of flagged posts that grew or shrank by this factor matters."""
FEWEST = 200
"""Of fewer posts in either stretch nothing is said."""
FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Shift:
    """What became of one category's scores, or of the share of flagged posts (`name` is `flagged`).

    `size` is the largest difference between the two cumulative distributions, or the ratio of the new share to the old
    (inf where none were flagged before). `chance` is that of a difference as large where nothing changed, corrected.
    """

    name: str
    size: float
    chance: float
    alarm: bool


def shifts(
    before: Mapping[str, Sequence[float] | NDArray[np.float64]],
    now: Mapping[str, Sequence[float] | NDArray[np.float64]],
    flagged_before: Sequence[bool] | NDArray[np.bool_],
    flagged_now: Sequence[bool] | NDArray[np.bool_],
) -> tuple[Shift, ...]:
    """Return one shift for each category of both stretches, then that of the flagged; empty for too few posts.

    The arrays hold one value a post: shape (posts before,) and (posts now,).
    """
    if min(len(flagged_before), len(flagged_now)) < FEWEST:
        return ()
    found = [_distance(name, before[name], now[name]) for name in before if name in now]
    found.append(_flagged(np.asarray(flagged_before, bool), np.asarray(flagged_now, bool)))
    return _corrected(found)


def _distance(
    name: str, before: Sequence[float] | NDArray[np.float64], now: Sequence[float] | NDArray[np.float64]
) -> Shift:
    old, new = np.sort(np.asarray(before, np.float64)), np.sort(np.asarray(now, np.float64))
    every = np.concatenate([old, new])
    apart = np.searchsorted(old, every, side="right") / len(old) - np.searchsorted(new, every, side="right") / len(new)
    size = float(np.abs(apart).max())
    root = math.sqrt(len(old) * len(new) / (len(old) + len(new)))
    return Shift(name, size, _kolmogorov((root + 0.12 + 0.11 / root) * size), size >= DISTANCE)


def _kolmogorov(distance: float) -> float:
    """Return the chance that the scaled distance is at least so large where nothing changed."""
    if distance < 0.2:
        return 1.0
    total = sum(math.copysign(math.exp(-2 * (turn * distance) ** 2), turn % 2 - 0.5) for turn in range(1, 101))
    return min(1.0, max(0.0, 2 * total))


def _flagged(before: NDArray[np.bool_], now: NDArray[np.bool_]) -> Shift:
    old, new = int(before.sum()), int(now.sum())
    share = len(now) / (len(before) + len(now))
    fewer, more = at_most(new, old + new, share), 1 - at_most(new - 1, old + new, share)
    ratio = (new / len(now)) / (old / len(before)) if old else math.inf if new else 1.0
    return Shift(FLAGGED, ratio, min(1.0, 2 * min(fewer, more)), ratio >= RATIO or ratio <= 1 / RATIO)


def _corrected(found: Sequence[Shift]) -> tuple[Shift, ...]:
    """Holm's correction: the least likely counts as often as there are questions, the next once less, and so on."""
    worst, corrected = 0.0, list(found)
    for turn, place in enumerate(sorted(range(len(found)), key=lambda each: found[each].chance)):
        worst = max(worst, min(1.0, found[place].chance * (len(found) - turn)))
        corrected[place] = replace(found[place], chance=worst, alarm=found[place].alarm and worst <= CHANCE)
    return tuple(corrected)
