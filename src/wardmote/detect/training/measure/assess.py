"""Everything that is measured on the held test set, in one go: what the model card says of a detector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wardmote.detect import LinearDetector
from wardmote.detect.categories import VIOLENCE
from wardmote.detect.contract import Detector
from wardmote.detect.models.weights import Weights
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.training.data.corpus import load_rows
from wardmote.detect.training.data.held import held_texts
from wardmote.detect.training.data.ordinary import ordinary_posts, some_of
from wardmote.detect.training.data.sources import shipped_sources
from wardmote.detect.training.data.splits import part
from wardmote.detect.training.data.testset import HEADLINE, Scorer, load_test_set
from wardmote.detect.training.fit.train import Say
from wardmote.detect.training.measure.faithfulness import MARKED, faithfulness
from wardmote.detect.training.measure.judge import Held, Scored, judge_scored, score
from wardmote.detect.training.measure.scorers import PLAIN, PROFANITY, linear_scorer, plain_scorer, profanity_scorer
from wardmote.detect.training.measure.subgroup_errors import harmless_labels, subgroup_errors
from wardmote.detect.training.measure.weighted import cuts
from wardmote.detect.training.measure.worst import worst

SHARE = 0.01
GROUPED = 20_000
"""Ordinary posts that are looked at by group."""
PEERS = {PLAIN: 20_000, PROFANITY: 20_000}
"""Slow scorers, and how many ordinary posts set their thresholds."""


def peers(folder: Path, tables: FoldTables, say: Say) -> dict[str, Scorer]:
    """Return the peers that are installed; the plain pipeline is trained on what the linear model is trained on."""
    say("reading the data sets for a plain pipeline")
    rows = load_rows(folder, shipped_sources())
    parting = part(rows, tables, held_texts(folder))
    say("training a plain pipeline")
    found = {PLAIN: plain_scorer([rows[place] for place in parting.train], VIOLENCE), PROFANITY: profanity_scorer()}
    return {name: scorer for name, scorer in found.items() if scorer is not None}


def assess(
    folder: Path,
    detector: Detector,
    scorers: Mapping[str, Scorer],
    tables: FoldTables,
    seed: int,
    say: Say,
    *,
    most: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return `judged`, `worst`, `fails` and `explanations` as plain JSON values.

    All `scorers` are judged; the first is `detector`, and the other three are of it alone. `most` names slow scorers
    and how many ordinary posts they are given. Raises `DataMissing`.
    """
    say("reading the held test set and ordinary posts")
    test = load_test_set(folder)
    held = Held.of(test, seed)
    ordinary = ordinary_posts(folder, tables)
    limits = {**PEERS, **(most or {})}
    scored: dict[str, Scored] = {}
    for name, scorer in scorers.items():
        say(f"scoring with {name}")
        scored[name] = score(held, scorer, some_of(ordinary, limits.get(name), seed))
    judged = judge_scored(held, scored, seed, say)
    first = next(iter(scorers))
    above = {name: float(cuts(each, SHARE, 0, seed)[0]) for name, each in scored[first].ordinary.items()}
    say("looking at whom it fails")
    grouped = some_of(ordinary, min(GROUPED, limits.get(first, GROUPED)), seed)
    failed = subgroup_errors(scorers[first], test, grouped, harmless_labels(folder), above[HEADLINE])
    say("cutting out the words that are shown")
    posts: dict[str, Sequence[str]] = {
        "test": [text for text, counts in zip(test.texts, test.counted.tolist(), strict=True) if counts],
        "ordinary": some_of(ordinary, MARKED, seed),
    }
    shown = faithfulness(detector, posts, {name: above[name] for name in detector.categories if name in above}, seed)
    return {
        "of": first,
        "judged": judged,
        "worst": worst(held, scored[first]),
        "fails": failed,
        "explanations": shown,
    }


def assess_linear(folder: Path, weights: Weights, seed: int, say: Say) -> dict[str, Any]:
    """Return what `assess` says of the linear model alone, peers beside it. Raises `DataMissing`."""
    detector = LinearDetector(weights)
    scorers = {"linear": linear_scorer(weights), **peers(folder, weights.tables, say)}
    return assess(folder, detector, scorers, weights.tables, seed, say)
