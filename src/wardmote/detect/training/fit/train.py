"""Training: rows in, calibrated weights out. The same rows and settings give the same weights."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import scoring
from wardmote.detect.errors import DataMissing
from wardmote.detect.models.weights import Weights
from wardmote.detect.text.folding import build_tables
from wardmote.detect.training.data.neutral import without_names
from wardmote.detect.training.data.sources import Row
from wardmote.detect.training.data.splits import Parting, part
from wardmote.detect.training.fit.logistic import Settings, calibrate, features, fit_head, quantise

F64 = NDArray[np.float64]
Say = Callable[[str], None]
"""Told one short line as each step of a long job begins."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What training made: the weights, how the rows were parted, and the facts that the model card states."""

    weights: Weights
    parting: Parting
    facts: dict[str, Any]


def targets_for(rows: Sequence[Row], head: str) -> tuple[F64, F64]:
    """Return (targets, weights) of one head, one each per row; weight 0 where the row says nothing."""
    pairs = np.array([row.targets.get(head, (0.0, 0.0)) for row in rows], np.float64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def raw_logits(texts: Sequence[str], weights: Weights) -> F64:
    """Return the logits of `texts` under `weights`, shape (texts, heads)."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    data = np.frombuffer(b"".join(encoded) or b"\0", np.uint8)
    return scoring.score(data, offsets, weights.tables, weights.weights, weights.scale, weights.bias)


def train(rows: Sequence[Row], heads: Sequence[str], settings: Settings, say: Say, held: Sequence[str] = ()) -> Trained:
    """Fit and calibrate one model; `held` are texts that, with their near-duplicates, must not teach.

    Raises `DataMissing` if a head has no positive or no negative row to learn from.
    """
    say("building the folding tables")
    tables = build_tables()
    say("parting the rows and leaving out near-duplicates")
    parting = part(rows, tables, held)
    say("reading features")
    tables = without_names(tables)
    matrix = features([row.text for row in rows], tables, settings)
    columns, scales, biases = [], [], []
    for head in heads:
        say(f"fitting {head}")
        targets, weights = targets_for(rows, head)
        _check(head, targets[parting.train], weights[parting.train])
        column, bias = fit_head(matrix[parting.train], targets[parting.train], weights[parting.train], settings)
        column[1 << (settings.bits - 1) :] *= settings.word_value
        small, scale = quantise(column)
        columns.append(small)
        scales.append(scale)
        biases.append(bias)
    model = Weights(tuple(heads), np.stack(columns, axis=1), np.array(scales), np.array(biases), tables)
    say("calibrating")
    return Trained(_calibrated(model, rows, parting), parting, _facts(rows, heads, parting, settings))


def _check(head: str, targets: F64, weights: F64) -> None:
    if not ((targets >= 0.5) & (weights > 0)).any() or not ((targets < 0.5) & (weights > 0)).any():
        raise DataMissing(f"no rows to learn {head} from: it needs both kinds")


def _calibrated(model: Weights, rows: Sequence[Row], parting: Parting) -> Weights:
    """Fold Platt scaling, fitted on the calibration rows, into scale and bias: the logit stays additive."""
    held = [rows[place] for place in parting.calibration]
    logits = raw_logits([row.text for row in held], model)
    scale, bias = model.scale.copy(), model.bias.copy()
    for number, head in enumerate(model.heads):
        targets, weights = targets_for(held, head)
        used = weights > 0
        if not (targets[used] >= 0.5).any():
            continue
        slope, shift = calibrate(logits[used, number], targets[used], weights[used])
        scale[number] *= slope
        bias[number] = slope * bias[number] + shift
    return dataclasses.replace(model, scale=scale, bias=bias)


def _facts(rows: Sequence[Row], heads: Sequence[str], parting: Parting, settings: Settings) -> dict[str, Any]:
    learnt = [rows[place] for place in parting.train]
    per_head = {}
    for head in heads:
        said = [row.targets[head] for row in learnt if head in row.targets]
        per_head[head] = {"rows": len(said), "positive": sum(target >= 0.5 for target, _ in said)}
    return {
        "settings": dataclasses.asdict(settings),
        "rows": {name: len(getattr(parting, name)) for name in ("train", "calibration", "test", "dropped")},
        "datasets": dict(sorted(Counter(row.dataset for row in learnt).items())),
        "read": sum(row.read for row in rows),
        "heads": per_head,
    }
