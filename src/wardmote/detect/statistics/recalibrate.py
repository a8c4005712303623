"""A correction of the shipped scores, fitted to what moderators decided: logit' = slope * logit + shift.

Platt 1999, "Probabilistic Outputs for Support Vector Machines". Decisions exist for what came into the queue alone, so
the fit speaks of such texts. Half of them are held out; what they say decides whether there is a correction at all.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.contract import Signal
from wardmote.detect.screener import Screener

if TYPE_CHECKING:
    import pyarrow as pa

    from wardmote.detect.contract import Accepts, Detector, Found, Wanted

F64 = NDArray[np.float64]

FEWEST = 60
"""Texts that broke a rule, and texts that did not, which a category needs: half of each are held out."""
STEPS = 10_000
"""Scores have four decimals, so that a correction is a table of as many steps."""
SLOPES, SHIFTS = (0.1, 10.0), (-10.0, 10.0)
_PULL = 1e-3
"""How strongly the fit is held at no change: it decides only where the texts are few or lie wholly apart."""
_BINS, _ROUNDS, _SEED = 10, 1000, 1


class BadCorrection(ValueError):
    """A file holds no correction; `str()` says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure on held-out texts and the middle 95% of its values when those texts are drawn again (bootstrap)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What was fitted to one category, and log loss and calibration error of the held-out texts, before and after.

    `gain` is by how much the log loss falls, text by text. `kept` says whether the figures are better for certain.
    """

    slope: float
    shift: float
    broke: int
    harmless: int
    loss: tuple[Interval, Interval]
    error: tuple[Interval, Interval]
    gain: Interval

    @property
    def kept(self) -> bool:
        """Whether it corrects: the loss falls beyond chance, the calibration error does not rise."""
        possible = SLOPES[0] <= self.slope <= SLOPES[1] and SHIFTS[0] <= self.shift <= SHIFTS[1]
        return possible and self.gain.low > 0 and self.error[1].value <= self.error[0].value


@dataclass(frozen=True, slots=True)
class Correction:
    """Category to (slope, shift), for the screener of this fingerprint; `digest` is the SHA-256 of its file."""

    screener: str
    factors: Mapping[str, tuple[float, float]]
    decisions: str
    digest: str

    @classmethod
    def read(cls, data: bytes) -> Correction:
        """Return what a file holds. Raises `BadCorrection`."""
        try:
            found = json.loads(data)
            screener, decisions = found["screener"], found["decisions"]
            factors = {name: (float(each["slope"]), float(each["shift"])) for name, each in found["factors"].items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadCorrection(f"this is no correction of scores ({type(error).__name__}: {error})") from None
        if not (isinstance(screener, str) and isinstance(decisions, str) and factors):
            raise BadCorrection("a correction names its screener, its decisions and at least one category")
        for name, (slope, shift) in factors.items():
            if not (SLOPES[0] <= slope <= SLOPES[1] and SHIFTS[0] <= shift <= SHIFTS[1]):
                raise BadCorrection(f"{name}: a slope is from 0.1 to 10 and a shift from -10 to 10")
        return cls(screener, factors, decisions, cls.digest_of(data))

    @staticmethod
    def digest_of(data: bytes) -> str:
        """Return the SHA-256 of a file."""
        return hashlib.sha256(data).hexdigest()

    def scores(self, scores: Mapping[str, float]) -> dict[str, float]:
        """Return the corrected scores; categories without factors stay as they are."""
        tables = self._tables()
        return {
            name: float(tables[name][round(score * STEPS)]) if name in tables else score
            for name, score in scores.items()
        }

    def apply(self, screener: Screener) -> Screener:
        """Return a screener that gives corrected scores, under a fingerprint of its own."""
        return Screener([_Corrected(detector, self._tables(), self.digest[:12]) for detector in screener.detectors])

    def _tables(self) -> dict[str, F64]:
        every = np.arange(STEPS + 1) / STEPS
        return {name: np.round(_sigmoid(a * logits(every) + b), 4) for name, (a, b) in self.factors.items()}


class _Corrected:
    """A detector whose scores are corrected; the words behind them are the same."""

    def __init__(self, inner: Detector, tables: Mapping[str, F64], mark: str) -> None:
        self._inner, self._tables = inner, tables
        self._alone = Screener([inner])
        self.name, self.version = inner.name, f"{inner.version}+{mark}"
        self.categories: tuple[str, ...] = inner.categories
        self.accepts: Accepts = inner.accepts

    def examine(self, text: str) -> tuple[Signal, ...]:
        return tuple(
            Signal(each.detector, self.version, each.category, self._one(each.category, each.score), each.spans)
            for each in self._inner.examine(text)
        )

    def scores(self, text: str) -> dict[str, float]:
        return {name: self._one(name, score) for name, score in self._alone.scores(text).items()}

    def spans_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table, wanted: Wanted) -> list[Found]:
        return self._alone.spans_batch(texts, wanted)

    def examine_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table) -> pa.Table:
        import pyarrow as pa

        found = self._inner.examine_batch(texts)
        columns = {}
        for name in found.column_names:
            each = found[name].to_pylist()
            columns[name] = pa.array([None if s is None else self._one(name, s) for s in each], pa.float64())
        return pa.table(columns)

    def _one(self, category: str, score: float) -> float:
        table = self._tables.get(category)
        return score if table is None else float(table[round(score * STEPS)])


def logits(scores: Sequence[float] | F64) -> F64:
    """Return log-odds; a score of four decimals is taken as at least half a step away from 0 and 1."""
    inside = np.clip(np.asarray(scores, np.float64), 0.5 / STEPS, 1 - 0.5 / STEPS)
    return np.asarray(np.log(inside) - np.log1p(-inside), np.float64)


def needed(broke: Sequence[float] | F64) -> int:
    """Return how many more texts are needed, of the kind that is rarer; 0 where there are enough."""
    bad = int((np.asarray(broke) >= 0.5).sum())
    return max(0, FEWEST - min(bad, len(broke) - bad))


def recalibrate(scores: Sequence[float] | F64, broke: Sequence[float] | F64) -> Recalibration:
    """Fit one half of the texts and measure on the other.

    `broke`, shape (texts,), is the share of a text's decisions that say that it broke the rule. Every second text of
    each kind, in the order given, is held out. Raises `ValueError` where `needed` is not 0.
    """
    if more := needed(broke):
        raise ValueError(f"not enough decisions: {more} more needed")
    points, shares = logits(scores), np.asarray(broke, np.float64)
    held = np.zeros(len(shares), bool)
    for kind in (shares >= 0.5, shares < 0.5):
        held[np.flatnonzero(kind)[1::2]] = True
    slope, shift = fit(points[~held], shares[~held])
    before, after, truth = points[held], slope * points[held] + shift, shares[held]
    bad = int((shares >= 0.5).sum())
    draws = np.random.default_rng(_SEED).integers(0, len(truth), (_ROUNDS, len(truth)))
    losses = _losses(before, truth), _losses(after, truth)
    return Recalibration(
        slope,
        shift,
        bad,
        len(shares) - bad,
        (_mean(losses[0], draws), _mean(losses[1], draws)),
        (_error(before, truth, draws), _error(after, truth, draws)),
        _mean(losses[0] - losses[1], draws),
    )


def _mean(each: F64, draws: NDArray[np.int64]) -> Interval:
    return _interval(float(each.mean()), each[draws].mean(axis=1))


def _error(points: F64, shares: F64, draws: NDArray[np.int64]) -> Interval:
    order = np.argsort(points, kind="stable")
    apart = (_sigmoid(points) - shares)[order]
    rows = np.array_split(apart[np.sort(draws, axis=1)], _BINS, axis=1)
    drawn = np.sum([np.abs(part.sum(axis=1)) for part in rows], axis=0) / len(shares)
    return _interval(calibration_error(points, shares), drawn)


def _interval(value: float, drawn: F64) -> Interval:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(value, float(low), float(high))


def fit(points: F64, shares: F64) -> tuple[float, float]:
    """Return the (slope, shift) of least log loss of sigmoid(slope * points + shift), by Newton's method."""
    columns = np.stack([points, np.ones_like(points)])
    rest = np.array([1.0, 0.0])

    def cost(place: F64) -> float:
        return log_loss(place @ columns, shares) + 0.5 * _PULL * float(((place - rest) ** 2).sum())

    place = rest
    for _ in range(100):
        chance = _sigmoid(place @ columns)
        slope = columns @ (chance - shares) / len(shares) + _PULL * (place - rest)
        bend = (columns * (chance * (1 - chance))) @ columns.T / len(shares) + _PULL * np.eye(2)
        step = np.linalg.solve(bend, slope)
        length = 1.0
        while cost(place - length * step) > cost(place) and length > 1e-6:
            length /= 2
        place = place - length * step
        if math.hypot(*step) < 1e-10:
            break
    return float(place[0]), float(place[1])


def log_loss(points: F64, shares: F64) -> float:
    """Return the mean cross-entropy, in nats, of log-odds against shares."""
    return float(np.mean(_losses(points, shares)))


def _losses(points: F64, shares: F64) -> F64:
    return np.asarray(np.logaddexp(0.0, points) - shares * points, np.float64)


def calibration_error(points: F64, shares: F64) -> float:
    """Return how far mean score and share lie apart on average, over ten bins with as many texts each."""
    apart = (_sigmoid(points) - shares)[np.argsort(points, kind="stable")]
    return float(sum(abs(part.sum()) for part in np.array_split(apart, _BINS))) / len(shares)


def _sigmoid(points: F64) -> F64:
    return np.asarray(1.0 / (1.0 + np.exp(-points)), np.float64)
