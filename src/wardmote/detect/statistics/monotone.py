"""Monotone maps: the never-falling step line nearest to pairs of scores, and reading a score off it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MonotoneMap:
    """Points of a line that never falls: `given` strictly rises, `meant` never falls; straight between points."""

    given: tuple[float, ...]
    meant: tuple[float, ...]

    def __call__(self, score: float) -> float:
        """Return what `score` means on the other scale; beyond the ends, what the end means."""
        place = bisect_right(self.given, score)
        if place == 0:
            return self.meant[0]
        if place == len(self.given):
            return self.meant[-1]
        low, high = self.given[place - 1], self.given[place]
        share = (score - low) / (high - low)
        return self.meant[place - 1] + share * (self.meant[place] - self.meant[place - 1])

    def least(self, meant: float) -> float | None:
        """Return the least score that means at least `meant`, to four decimals, or None if none does."""
        for place, value in enumerate(self.meant):
            if value < meant:
                continue
            if place == 0:
                return round(self.given[0], 4)
            below = self.meant[place - 1]
            share = (meant - below) / (value - below)
            return round(self.given[place - 1] + share * (self.given[place] - self.given[place - 1]), 4)
        return None


def fit_monotone(given: Sequence[float], meant: Sequence[float]) -> MonotoneMap:
    """Return the least-squares map that never falls (pool adjacent violators). ValueError: no pairs, or not as many."""
    if not given or len(given) != len(meant):
        raise ValueError("a map needs as many scores of one kind as of the other, and at least one pair")
    blocks: list[tuple[float, float, int]] = []
    for score, value in sorted(zip(given, meant, strict=True)):
        blocks.append((score, value, 1))
        while len(blocks) > 1 and (blocks[-2][1] >= blocks[-1][1] or blocks[-2][0] == blocks[-1][0]):
            right, left = blocks.pop(), blocks.pop()
            count = left[2] + right[2]
            score_mean, value_mean = ((left[k] * left[2] + right[k] * right[2]) / count for k in (0, 1))
            blocks.append((score_mean, value_mean, count))
    return MonotoneMap(tuple(block[0] for block in blocks), tuple(block[1] for block in blocks))
