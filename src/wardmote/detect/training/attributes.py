"""Training of the attributes: five folds by a hash of the text; the model of the first fold is the one that ships.

The first fold is the test part of every other training here, so what ships never saw a test row; the other four
models exist to score the rest of Perspective's own rows unseen, for the maps onto its scale and for the agreement.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import kernel
from wardmote.detect.folding import FoldTables, build_tables
from wardmote.detect.linear import WEIGHTS_PATH
from wardmote.detect.monotone import MonotoneMap
from wardmote.detect.perspective import ATTRIBUTES
from wardmote.detect.training.agreement import agreement, map_of
from wardmote.detect.training.card import write_figures
from wardmote.detect.training.evaluate import evaluate
from wardmote.detect.training.fit import Settings, features, fit_head, quantise
from wardmote.detect.training.parting import near_duplicates, part_of
from wardmote.detect.training.sources import Row, Sources, clean, read_dataset, targets_of
from wardmote.detect.training.train import Say, raw_logits, targets_for
from wardmote.detect.weights import Weights

FOLDS = 5
SETTINGS = Settings(bits=18, ridge=3e-6, rounds=30)
PERSPECTIVE = "perspective_wikipedia"

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


def attribute_sources() -> tuple[Sources, Mapping[str, int]]:
    """Return the rules that ship in the package, and how many rows at most each large data set may give."""
    raw = json.loads(files("wardmote.detect").joinpath("data", "attributes.json").read_text("utf-8"))
    datasets = {name: tuple(rules) for name, rules in raw["datasets"].items()}
    return Sources(tuple(raw["heads"]), {}, datasets), raw["limits"]


def attribute_rows(folder: Path, sources: Sources, limits: Mapping[str, int]) -> list[Row]:
    """Return the rows of every data set, of the large ones those whose texts hash lowest. Raises `DataMissing`."""
    found: list[Row] = []
    for name, rules in sources.datasets.items():
        rows = [
            Row(name, number, clean(str(record["text"])), targets_of(record, str(record["text"]), rules, sources))
            for number, record in read_dataset(folder, name)
        ]
        rows = [row for row in rows if row.targets and row.text]
        rows.sort(key=lambda row: hashlib.sha256(row.text.encode("utf-8", "replace")).digest())
        found += rows[: limits.get(name, len(rows))]
    return found


def fold_numbers(rows: Sequence[Row]) -> I64:
    """Return the fold, 0 to 4, in which each row is unseen; fold 0 is the test part of `parting`."""
    return np.array([part_of(row.text) // 4 for row in rows], np.int64)


def fit_attributes(rows: Sequence[Row], heads: Sequence[str], matrix: Any, used: I64, tables: FoldTables) -> Weights:
    """Fit every head on the rows `used` of `matrix`."""
    columns, scales, biases = [], [], []
    for head in heads:
        targets, weights = targets_for(rows, head)
        column, bias = fit_head(matrix[used], targets[used], weights[used], SETTINGS)
        column[1 << (SETTINGS.bits - 1) :] *= SETTINGS.word_value
        small, scale = quantise(column)
        columns.append(small)
        scales.append(scale)
        biases.append(bias)
    return Weights(tuple(heads), np.stack(columns, axis=1), np.array(scales), np.array(biases), tables)


def build_attributes(folder: Path, out: Path, say: Say) -> dict[str, Any]:
    """Train on the data sets in `folder`; write weights, maps and figures at and beside `out`; return the figures."""
    sources, limits = attribute_sources()
    say("reading the data sets")
    rows = attribute_rows(folder, sources, limits)
    tables = build_tables()
    texts = [row.text for row in rows]
    matrix = features(texts, tables, SETTINGS)
    folds = fold_numbers(rows)
    unseen = np.zeros((len(rows), len(sources.heads)))
    shipped, used_rows = None, np.zeros(0, np.int64)
    for fold in range(FOLDS):
        say(f"fitting fold {fold + 1} of {FOLDS}")
        held = folds == fold
        used = np.flatnonzero(~held & ~near_duplicates(texts, held, tables))
        model = fit_attributes(rows, sources.heads, matrix, used, tables)
        left_out = [texts[place] for place in np.flatnonzero(held)]
        unseen[held] = kernel.probability(raw_logits(left_out, model))
        if shipped is None:
            shipped, used_rows = model, used
            digest = model.save(out)
    if shipped is None:
        raise AssertionError("there is at least one fold")
    scores = _perspective_scores(rows, unseen, sources.heads, folds)
    maps, agreed = _against_perspective(folder, scores, say)
    _write_maps(out, maps)
    shipped = dataclasses.replace(shipped, digest=digest)
    test = [row for row, fold in zip(rows, folds, strict=True) if fold == 0]
    facts = {
        "settings": dataclasses.asdict(SETTINGS),
        "rows": {"train": len(used_rows), "test": len(test), "dropped": int((folds != 0).sum()) - len(used_rows)},
        "heads": _facts(rows, sources.heads, used_rows),
    }
    figures = {
        "name": out.stem,
        "weights_sha256": digest,
        "weights_bytes": out.stat().st_size,
        "training": facts,
        "evaluation": evaluate(shipped, test, folder, SETTINGS.seed, say),
        "perspective": agreed,
    }
    write_figures(out, figures)
    return figures


def _facts(rows: Sequence[Row], heads: Sequence[str], used: I64) -> dict[str, dict[str, int]]:
    found = {}
    for head in heads:
        said = [rows[place].targets[head][0] for place in used if head in rows[place].targets]
        found[head] = {"rows": len(said), "positive": sum(target >= 0.5 for target in said)}
    return found


def _perspective_scores(
    rows: Sequence[Row], unseen: F64, heads: Sequence[str], folds: I64
) -> dict[str, dict[int, tuple[float, int]]]:
    """Return, by head and row of Perspective's set, the score by a model that did not see the row, and the fold."""
    return {
        head: {
            row.number: (float(unseen[place, number]), int(folds[place]))
            for place, row in enumerate(rows)
            if row.dataset == PERSPECTIVE
        }
        for number, head in enumerate(heads)
    }


def _against_perspective(
    folder: Path, scores: dict[str, dict[int, tuple[float, int]]], say: Say
) -> tuple[dict[str, MonotoneMap], dict[str, Any]]:
    """Fit the maps and measure the agreement; the heads of the first model on the rows that it never saw."""
    say("comparing with Perspective's scores")
    records = dict(read_dataset(folder, PERSPECTIVE))
    texts = {number: clean(str(record["text"])) for number, record in records.items()}
    tested = [number for number, text in texts.items() if text and part_of(text) < 4]
    first = Weights.load(WEIGHTS_PATH)
    ours = kernel.probability(raw_logits([texts[number] for number in tested], first))
    for number, head in enumerate(first.heads):
        if head in ATTRIBUTES.values():
            scores[head] = {row: (float(ours[k, number]), k % FOLDS) for k, row in enumerate(tested)}
    maps, agreed = {}, {}
    for attribute, head in ATTRIBUTES.items():
        found = scores[head]
        mine = np.array([score for score, _ in found.values()])
        folds = np.array([fold for _, fold in found.values()])
        theirs = np.array([float(records[number][attribute]) for number in found])
        maps[head] = map_of(mine, theirs)
        agreed[head] = agreement(mine, theirs, folds, SETTINGS.seed)
    return maps, agreed


def _write_maps(out: Path, maps: Mapping[str, MonotoneMap]) -> None:
    content = {
        head: {"ours": [round(x, 4) for x in each.given], "theirs": [round(y, 4) for y in each.meant]}
        for head, each in maps.items()
    }
    out.with_suffix(".perspective.json").write_text(json.dumps(content, sort_keys=True) + "\n", "utf-8")
