"""Judges scorers on the held test set: ranking, finds at a given share of ordinary traffic, calibration, differences.

Everything has an interval from one set of resamples of the test set, so two scorers can be compared row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.categories import JUDGED
from wardmote.detect.training.data.ordinary import some_of
from wardmote.detect.training.data.testset import HEADLINE, Scorer, TestSet, scores_for
from wardmote.detect.training.fit.train import Say
from wardmote.detect.training.measure import weighted

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHARES = (0.01, 0.02, 0.05)
"""Shares of ordinary traffic that may be flagged."""
FEWEST = 5
"""A category, and a source within it, is reported with at least so many positives and so many negatives."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The counted rows of a test set and the weights of all its resamples, shape (1 + rounds, counted rows)."""

    test: TestSet
    table: F64
    sources: tuple[str, ...]

    @classmethod
    def of(cls, test: TestSet, seed: int, rounds: int = weighted.ROUNDS) -> Held:
        """Resample everything that was drawn, then leave out what is not counted."""
        table = weighted.resample(test.strata, seed, rounds) * test.weights
        kept = [source for source, counts in zip(test.sources, test.counted.tolist(), strict=True) if counts]
        return cls(test, table[:, test.counted], tuple(kept))

    @property
    def rounds(self) -> int:
        """How many resamples there are beside the sample itself."""
        return len(self.table) - 1

    def truth(self, category: str) -> Bools:
        """Return what was read of the counted rows."""
        return self.test.labels[category][self.test.counted]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A scorer's scores of the counted rows and of ordinary posts, by category."""

    rows: Mapping[str, F64]
    ordinary: Mapping[str, F64]
    ordinary_posts: int


def score(held: Held, scorer: Scorer, ordinary: Sequence[str]) -> Scored:
    """Score the counted rows and the ordinary posts in every category that the scorer knows."""
    pairs = zip(held.test.texts, held.test.counted.tolist(), strict=True)
    rows, posts = scorer([text for text, counts in pairs if counts]), scorer(ordinary)
    known = [name for name in held.test.categories if scores_for(rows, name) is not None]
    return Scored(_known(rows, known), _known(posts, known), len(ordinary))


def _known(found: Mapping[str, F64], names: Sequence[str]) -> dict[str, F64]:
    return {name: np.asarray(scores_for(found, name), np.float64) for name in names}


def judge(
    test: TestSet,
    scorers: Mapping[str, Scorer],
    ordinary: Sequence[str],
    seed: int,
    say: Say,
    *,
    most: Mapping[str, int] | None = None,
    rounds: int = weighted.ROUNDS,
) -> dict[str, Any]:
    """Return every figure as plain JSON values. `most` names slow scorers and how many ordinary posts they are given.

    `scorers` holds each scorer's figures by category, those of the first by source as well, those of the others by
    source for `HEADLINE` alone; `differences` every two scorers on `HEADLINE`, the first less the second.
    """
    held = Held.of(test, seed, rounds)
    found = {}
    for name, scorer in scorers.items():
        say(f"scoring with {name}")
        found[name] = score(held, scorer, some_of(ordinary, (most or {}).get(name), seed))
    return judge_scored(held, found, seed, say)


def judge_scored(held: Held, found: Mapping[str, Scored], seed: int, say: Say) -> dict[str, Any]:
    """Return what `judge` does, of scores that are there already."""
    judged: dict[str, Any] = {}
    headline: dict[str, dict[str, F64]] = {}
    for number, (name, scored) in enumerate(found.items()):
        say(f"measuring {name}")
        figures = {}
        for category in scored.rows:
            truth = held.truth(category)
            if min(truth.sum(), (~truth).sum()) < FEWEST:
                continue
            # Thresholds of two scorers are resampled apart, which can only widen the interval of a difference.
            above = _cuts(scored.ordinary[category], held.rounds, seed + 1 + number)
            drawn = _draws(held, scored, category, above)
            by_source = number == 0 or category == HEADLINE
            figures[category] = _figures(held, scored, category, drawn, above, by_source=by_source)
            if category == HEADLINE:
                headline[name] = drawn
        judged[name] = {"ordinary_posts": scored.ordinary_posts, "categories": figures}
    return {
        "rows": int(held.test.counted.sum()),
        "not_english": int((~held.test.counted).sum()),
        "stand_for": round(float(held.table[0].sum())),
        "prevalence": weighted.PREVALENCE,
        "rounds": held.rounds,
        "seed": seed,
        # Stored figures have their keys sorted; the first of these is what the rest is compared with.
        "order": list(judged),
        "scorers": judged,
        "differences": [
            {
                "first": first,
                "second": second,
                **{
                    name: weighted.as_json(weighted.difference(headline[first][name], headline[second][name]))
                    for name in headline[first]
                },
            }
            for first, second in combinations(headline, 2)
        ],
    }


def in_order(categories: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return figures by category in the order of the guidelines, `HEADLINE` first."""
    return [(name, categories[name]) for name in (HEADLINE, *JUDGED) if name in categories]


def _draws(
    held: Held, scored: Scored, category: str, above: Mapping[float, F64], kept: Bools | slice = slice(None)
) -> dict[str, F64]:
    """Return each measure over all resamples, by name, of the rows `kept`."""
    truth, scores, table = held.truth(category)[kept], scored.rows[category][kept], held.table[:, kept]
    recalls = {f"recall_{share:g}": weighted.recall(truth, scores, table, cut) for share, cut in above.items()}
    return {
        "ap": weighted.average_precision(truth, scores, table),
        "ap_reweighted": weighted.average_precision(truth, scores, table, weighted.PREVALENCE),
        "auc": weighted.auc(truth, scores, table),
        **recalls,
        "calibration_error": weighted.calibration_error(truth, scores, table),
    }


def _cuts(ordinary: F64, rounds: int, seed: int) -> dict[float, F64]:
    return {share: weighted.cuts(ordinary, share, rounds, seed) for share in SHARES}


def _figures(
    held: Held,
    scored: Scored,
    category: str,
    drawn: Mapping[str, F64],
    above: Mapping[float, F64],
    *,
    by_source: bool,
) -> dict[str, Any]:
    truth = held.truth(category)
    names = np.array(held.sources)
    sources = {}
    for name in sorted(set(held.sources)) if by_source else ():
        here = names == name
        if min(truth[here].sum(), (~truth[here]).sum()) >= FEWEST:
            # With few positives in a few strata, a source's interval is rough; the counts are beside it.
            sources[name] = {
                **_counts(truth[here], held.table[0, here]),
                **_json(_draws(held, scored, category, above, here)),
            }
    return {
        **_counts(truth, held.table[0]),
        **_json(drawn),
        "above": {f"{share:g}": float(cut[0]) for share, cut in above.items()},
        "reliability": weighted.reliability(truth, scored.rows[category], held.table[0]),
        "sources": sources,
    }


def _counts(truth: Bools, weights: F64) -> dict[str, Any]:
    """Return how many rows and positives there are, and the weighted share of positives."""
    share = float(weights[truth].sum() / weights.sum())
    return {"rows": len(truth), "positive": int(truth.sum()), "base_rate": round(share, 5)}


def _json(drawn: Mapping[str, F64]) -> dict[str, dict[str, float] | None]:
    return {name: weighted.as_json(weighted.interval(figures)) for name, figures in drawn.items()}
