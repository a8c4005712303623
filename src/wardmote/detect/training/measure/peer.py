"""The same rows judged by `alt-profanity-check`, where it is installed: one probability for everything."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from wardmote.detect.training.data.sources import Row, clean, read_dataset
from wardmote.detect.training.measure.agreement import interval, spearman
from wardmote.detect.training.measure.evaluate import head_figures

HEADS = ("toxicity", "insult", "profanity")
ROUNDS = 300


def beside_peer(folder: Path, test: Sequence[Row], seed: int) -> dict[str, Any]:
    """Return the peer's figures on our test rows and on Perspective's, or nothing where it is not installed."""
    if find_spec("profanity_check") is None:
        return {}
    predict = import_module("profanity_check").predict_prob
    scores = np.asarray(predict([row.text for row in test]), np.float64)
    heads = {}
    for head in HEADS:
        figures = head_figures(test, scores, head, seed)
        heads[head] = {name: figures[name] for name in ("rows", "positive", "base_rate", "auc", "ap", "sources")}
    records = [record for _, record in read_dataset(folder, "perspective_wikipedia")]
    theirs = np.array([float(record["TOXICITY"]) for record in records])
    mine = np.asarray(predict([clean(str(record["text"])) for record in records]), np.float64)
    rng = np.random.default_rng(seed)
    draws = [rng.integers(0, len(mine), len(mine)) for _ in range(ROUNDS)]
    agreed = interval(spearman(mine, theirs), [spearman(mine[draw], theirs[draw]) for draw in draws])
    return {"name": "alt-profanity-check", "heads": heads, "spearman": agreed}
