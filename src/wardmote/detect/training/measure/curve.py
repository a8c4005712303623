"""The learning curve: `python -m wardmote.detect.training.measure.curve OUT`, with `WARDMOTE_DATA` set.

Trains the linear model on nested parts of what was read and measures each on the held test set. A text whose label is
left out is again what its data set says of it, as if nobody had read it; all other rows stay. Points of other models,
trained on the same parts, are added from a file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from wardmote.detect.categories import VIOLENCE
from wardmote.detect.training.data.corpus import data_folder, load_rows
from wardmote.detect.training.data.held import held_texts
from wardmote.detect.training.data.sources import Row, Sources, read_dataset, shipped_sources, targets_of
from wardmote.detect.training.data.testset import HEADLINE, Scorer, load_test_set, scores_for
from wardmote.detect.training.fit.logistic import Settings
from wardmote.detect.training.fit.train import Say, train
from wardmote.detect.training.measure import weighted
from wardmote.detect.training.measure.judge import Held
from wardmote.detect.training.measure.scorers import linear_scorer

SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
SEEDS = (1, 2, 3)
LINEAR = "linear"
MEASURES = ("ap_reweighted", "ap", "auc")

Fit = Callable[[Sequence[Row]], Scorer]
"""Trains on rows, all of which it may use."""


def unread(folder: Path, rows: Sequence[Row], sources: Sources) -> dict[tuple[str, int], Row]:
    """Return each read row as it would be had nobody read it. Raises `DataMissing`."""
    read = {(row.dataset, row.number): row for row in rows if row.read}
    found = {}
    for name in sorted({name for name, _ in read}):
        for number, record in read_dataset(folder, name):
            row = read.get((name, number))
            if row is not None:
                said = targets_of(record, str(record["text"]), sources.datasets[name], sources)
                found[name, number] = replace(row, targets=said, read=False)
    return found


def part_of_labels(rows: Sequence[Row], plain: Mapping[tuple[str, int], Row], share: float, seed: int) -> list[Row]:
    """Return the rows with that share of the labels, drawn at random; with one seed a smaller share is in a larger."""
    read = [(row.dataset, row.number) for row in rows if row.read]
    order = np.random.default_rng(seed).permutation(len(read))
    kept = {read[place] for place in order[: round(share * len(read))].tolist()}
    found = [
        row if not row.read or (row.dataset, row.number) in kept else plain[row.dataset, row.number] for row in rows
    ]
    return [row for row in found if row.targets]


def point(held: Held, scorer: Scorer, rows: Sequence[Row]) -> dict[str, Any]:
    """Return how many labels and positives a scorer had and its figures for `HEADLINE`, as plain JSON values."""
    texts = [text for text, counts in zip(held.test.texts, held.test.counted.tolist(), strict=True) if counts]
    scores, truth = scores_for(scorer(texts), HEADLINE), held.truth(HEADLINE)
    if scores is None:
        raise ValueError(f"the scorer gives no {HEADLINE}")
    drawn = {
        "ap_reweighted": weighted.average_precision(truth, scores, held.table, weighted.PREVALENCE),
        "ap": weighted.average_precision(truth, scores, held.table),
        "auc": weighted.auc(truth, scores, held.table),
    }
    positive = sum(row.read and any(row.targets.get(head, (0.0, 0.0))[0] >= 0.5 for head in VIOLENCE) for row in rows)
    figures = {name: weighted.as_json(weighted.interval(each)) for name, each in drawn.items()}
    return {"labels": sum(row.read for row in rows), "positive": positive, **figures}


def curve(
    rows: Sequence[Row],
    plain: Mapping[tuple[str, int], Row],
    held: Held,
    fit: Fit,
    say: Say,
    *,
    name: str = LINEAR,
    shares: Iterable[float] = SHARES,
    seeds: Sequence[int] = SEEDS,
) -> list[dict[str, Any]]:
    """Return one point for each share and seed; all labels are one point, whatever the seed."""
    found = []
    for share in shares:
        for seed in seeds[:1] if share >= 1 else seeds:
            say(f"training {name} on {share:.0%} of the labels, draw {seed}")
            some = part_of_labels(rows, plain, share, seed)
            found.append({"model": name, "share": share, "seed": seed, **point(held, fit(some), some)})
    return found


def summary(points: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return for each model and share the mean of each measure over its draws, and the least and greatest of them."""
    groups: defaultdict[tuple[str, float], list[Mapping[str, Any]]] = defaultdict(list)
    for each in points:
        groups[str(each["model"]), float(each["share"])].append(each)
    found = []
    for (model, share), group in sorted(groups.items()):
        measures = {}
        for name in MEASURES:
            values = [float(each[name]["value"]) for each in group if each.get(name)]
            if values:
                mean = round(sum(values) / len(values), 4)
                measures[name] = {"mean": mean, "least": min(values), "most": max(values)}
        counts = {name: round(sum(each[name] for each in group) / len(group)) for name in ("labels", "positive")}
        found.append({"model": model, "share": share, "draws": len(group), **counts, **measures})
    return found


def linear_fit(folder: Path, settings: Settings) -> Fit:
    """Return the training of the linear model's two violence heads, the held test set kept out."""
    held = held_texts(folder)

    def fit(rows: Sequence[Row]) -> Scorer:
        return linear_scorer(train(rows, VIOLENCE, settings, lambda _: None, held).weights)

    return fit


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, and write `{"points": …, "summary": …}` to OUT."""
    parser = argparse.ArgumentParser(description="Measure the learning curve.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", default=os.environ.get("WARDMOTE_DATA"), help="the folder of the data sets")
    parser.add_argument("--points", type=Path, help="JSON list of points of other models, each as in OUT")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="how many draws of each share")
    given = parser.parse_args(arguments)
    folder = data_folder(given.data)
    sources, settings = shipped_sources(), Settings()
    rows = load_rows(folder, sources)
    held = Held.of(load_test_set(folder), settings.seed)
    points = curve(
        rows,
        unread(folder, rows, sources),
        held,
        linear_fit(folder, settings),
        _say,
        seeds=range(1, given.seeds + 1),
    )
    if given.points:
        points += json.loads(given.points.read_text("utf-8"))
    given.out.write_text(json.dumps({"points": points, "summary": summary(points)}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
