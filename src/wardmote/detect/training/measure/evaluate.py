"""Evaluation: how well the weights rank rows they never saw, and how often they speak up in ordinary traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import scoring
from wardmote.detect.categories import HARASSMENT, IDENTITY_ATTACK
from wardmote.detect.errors import DataMissing
from wardmote.detect.models.weights import Weights
from wardmote.detect.training.data.ordinary import ordinary_posts
from wardmote.detect.training.data.ranking import SHARES, Measure, auc, average_precision, threshold_at, with_interval
from wardmote.detect.training.data.sources import Row, clean, read_dataset, shipped_sources
from wardmote.detect.training.fit.train import Say, raw_logits, targets_for

F64 = NDArray[np.float64]

NEGATIVE = 0.1
"""A soft target up to this is counted as negative, from 0.5 as positive; rows between are not counted."""
FEWEST = 5
"""A source is reported for a head only with at least this many of each kind."""


def scores_of(texts: Sequence[str], weights: Weights) -> F64:
    """Return rounded probabilities, shape (texts, heads)."""
    return scoring.probability(raw_logits(texts, weights))


def evaluate(weights: Weights, test: Sequence[Row], folder: Path, seed: int, say: Say) -> dict[str, Any]:
    """Return every figure of the model card as plain JSON values. Raises `DataMissing`."""
    say("scoring the test rows")
    scores = scores_of([row.text for row in test], weights)
    say("scoring ordinary posts")
    posts = ordinary_posts(folder, weights.tables)
    ordinary = scores_of(posts, weights)
    heads: dict[str, Any] = {}
    for number, head in enumerate(weights.heads):
        say(f"measuring {head}")
        figures = head_figures(test, scores[:, number], head, seed)
        figures["thresholds"] = _thresholds(figures.pop("_truth"), figures.pop("_scores"), ordinary[:, number])
        heads[head] = figures
    say("measuring on sets from elsewhere")
    groups = shipped_sources().cautions["group"]
    alarms = {
        "ordinary posts that name a group": ordinary[[groups.search(post) is not None for post in posts]],
        "disaster_tweets": scores_of(_texts(folder, "disaster_tweets", {}), weights),
    }
    return {
        "ordinary_posts": len(ordinary),
        "heads": heads,
        "elsewhere": _elsewhere(weights, folder, seed),
        "alarms": {name: _alarms(scores, heads) for name, scores in alarms.items()},
    }


def head_figures(test: Sequence[Row], scores: F64, head: str, seed: int) -> dict[str, Any]:
    """Return AUC and AP with intervals over all counted rows, and per source; `read` are the rows read by us."""
    targets, weights = targets_for(test, head)
    counted = (weights > 0) & ((targets >= 0.5) | (targets <= NEGATIVE))
    truth = targets[counted] >= 0.5
    kept = scores[counted]
    names = np.array([row.dataset for row in test])[counted]
    read = np.array([row.read for row in test], bool)[counted]
    groups = {name: names == name for name in sorted(set(names.tolist()))} | {"(read by us)": read}
    sources = {
        name: _ranking(truth[mask], kept[mask], seed)
        for name, mask in groups.items()
        if truth[mask].sum() >= FEWEST and (~truth[mask]).sum() >= FEWEST
    }
    return {**_ranking(truth, kept, seed), "sources": sources, "_truth": truth, "_scores": kept}


def _ranking(truth: NDArray[np.bool_], scores: F64, seed: int) -> dict[str, Any]:
    """Return the counts and the two measures; a measure is None where there are not both kinds of row."""
    measurable = truth.any() and not truth.all()
    measures: dict[str, Measure] = {"auc": auc, "ap": average_precision}
    found = {name: asdict(with_interval(each, truth, scores, seed)) for name, each in measures.items() if measurable}
    return {
        "rows": len(truth),
        "positive": int(truth.sum()),
        "base_rate": round(int(truth.sum()) / max(1, len(truth)), 4),
        **dict.fromkeys(measures),
        **{name: {part: round(value, 4) for part, value in each.items()} for name, each in found.items()},
    }


def _thresholds(truth: NDArray[np.bool_], scores: F64, ordinary: F64) -> list[dict[str, float]]:
    found = []
    for share in SHARES:
        threshold = threshold_at(ordinary, share)
        recall = int((scores[truth] >= threshold).sum()) / max(1, int(truth.sum()))
        found.append({"ordinary_flagged": share, "score": threshold, "recall": round(recall, 3)})
    return found


def _texts(folder: Path, name: str, wanted: dict[str, tuple[Any, ...]]) -> list[str]:
    rows = (record for _, record in read_dataset(folder, name))
    texts = [clean(row["text"]) for row in rows if all(row.get(key) in values for key, values in wanted.items())]
    if not texts:
        raise DataMissing(f"{name} holds no rows to measure on")
    return texts


def _elsewhere(weights: Weights, folder: Path, seed: int) -> dict[str, Any]:
    """Rank sets that were gathered and judged by others."""
    found: dict[str, Any] = {}
    comparisons = {
        IDENTITY_ATTACK.name: ("stormfront", {"label": ("hate",)}, {"label": ("noHate",)}),
        HARASSMENT.name: ("olid", {"subtask_c": ("IND",)}, {"subtask_a": ("NOT",)}),
    }
    for head, (name, yes, no) in comparisons.items():
        if head in weights.heads:
            positives, negatives = _texts(folder, name, yes), _texts(folder, name, no)
            scores = scores_of(positives + negatives, weights)[:, weights.heads.index(head)]
            truth = np.arange(len(scores)) < len(positives)
            found[f"{head} on {name}"] = _ranking(truth, scores, seed)
    return found


def _part(flags: NDArray[np.bool_]) -> float:
    return round(int(flags.sum()) / max(1, len(flags)), 4)


def _alarms(scores: F64, heads: dict[str, Any]) -> dict[str, Any]:
    """Return the share of texts at or above each head's thresholds, in the order of `SHARES`."""
    flagged = {
        head: [_part(scores[:, number] >= step["score"]) for step in figures["thresholds"]]
        for number, (head, figures) in enumerate(heads.items())
    }
    return {"rows": len(scores), "flagged": flagged}
