"""The whole of `wardmote detect train` and `evaluate`: data folder in, weights and stored figures out."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

from wardmote.detect.models.weights import Weights
from wardmote.detect.training.cards.card import write_figures
from wardmote.detect.training.data.corpus import load_rows
from wardmote.detect.training.data.held import held_texts
from wardmote.detect.training.data.neutral import neutralised
from wardmote.detect.training.data.ordinary import ordinary_posts
from wardmote.detect.training.data.sources import shipped_sources
from wardmote.detect.training.data.splits import part
from wardmote.detect.training.fit.logistic import Settings
from wardmote.detect.training.fit.train import Say, train
from wardmote.detect.training.measure.evaluate import evaluate


def build(folder: Path, out: Path, settings: Settings, say: Say) -> dict[str, Any]:
    """Train on the data sets in `folder`, write weights to `out` and figures beside it; return the figures."""
    sources = shipped_sources()
    say("reading the data sets")
    rows = load_rows(folder, sources)
    trained = train(rows, sources.heads, settings, say, held_texts(folder))
    say("taking letters by themselves for nothing")
    weights = neutralised(trained.weights, ordinary_posts(folder, trained.weights.tables))
    digest = weights.save(out)
    weights = dataclasses.replace(weights, digest=digest)
    held = [rows[place] for place in trained.parting.test]
    figures = {
        "name": out.stem,
        "weights_sha256": digest,
        "weights_bytes": out.stat().st_size,
        "training": trained.facts,
        "evaluation": evaluate(weights, held, folder, settings.seed, say),
    }
    write_figures(out, figures)
    return figures


def evaluate_again(folder: Path, path: Path, seed: int, say: Say) -> dict[str, Any]:
    """Measure a weights file on the test rows of `folder`, parted as in training; return the evaluation's figures."""
    weights = Weights.load(path)
    say("reading the data sets")
    rows = load_rows(folder, shipped_sources())
    say("parting the rows and leaving out near-duplicates")
    parting = part(rows, weights.tables, held_texts(folder))
    evaluation = evaluate(weights, [rows[place] for place in parting.test], folder, seed, say)
    return {"weights_sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "evaluation": evaluation}
