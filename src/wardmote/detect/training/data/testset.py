"""The held test set: a probability sample of posts with the labels that were read, for measuring and nothing else."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.categories import JUDGED, THREAT, VIOLENCE
from wardmote.detect.errors import DataMissing
from wardmote.detect.training.data.corpus import NOT_ENGLISH, NOTHING
from wardmote.detect.training.data.shipped import training_file
from wardmote.detect.training.data.sources import clean, read_dataset, text_digest

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]
Scorer = Callable[[Sequence[str]], Mapping[str, F64]]
"""Texts to scores from 0 to 1: a category to one score a text. It need not know every category."""

HEADLINE = THREAT.family
"""A threat or incitement, any of the two: the figure that is first."""


@dataclass(frozen=True, slots=True, eq=False)
class TestSet:
    """The drawn rows in their order; every array has one entry a row.

    `weights` are one over the probability of being drawn: how many posts of the frame a row stands for. `strata` name
    what it was drawn from, `source@band`; `sources` and `bands` are the two halves, a band being its lowest score.
    `labels` hold the first reading by category, `HEADLINE` included; `second` the second one, for agreement alone and
    empty where there is none; `reasons` say in the first reader's words what the writer does, for most positives.
    Rows outside `counted` are not English: they belong to no figure, but they stay here because a resample draws from
    what was drawn.
    """

    __test__ = False

    orders: NDArray[np.int64]
    datasets: tuple[str, ...]
    numbers: NDArray[np.int64]
    texts: tuple[str, ...]
    weights: F64
    strata: tuple[str, ...]
    sources: tuple[str, ...]
    bands: F64
    counted: Bools
    labels: Mapping[str, Bools]
    second: Mapping[str, Bools]
    reasons: tuple[str, ...]

    @property
    def categories(self) -> tuple[str, ...]:
        """`HEADLINE`, then every category that a reader judges."""
        return tuple(self.labels)

    def rows_of(self, source: str) -> Bools:
        """Return which counted rows are of one source."""
        return np.asarray(self.counted & np.array([each == source for each in self.sources], bool))


def scores_for(found: Mapping[str, F64], category: str) -> F64 | None:
    """Return a scorer's scores of a category, or None; for `HEADLINE`, where it has none, the higher of its parts."""
    if category in found:
        return found[category]
    if category == HEADLINE and all(part in found for part in VIOLENCE):
        return np.asarray(np.maximum(*(found[part] for part in VIOLENCE)), np.float64)
    return None


def load_test_set(folder: Path, drawn: Path | None = None, labels: Path | None = None) -> TestSet:
    """Return the test set with the texts that the data sets in `folder` hold.

    `drawn` and `labels` are files in the shape of `data/test_set.csv` and `data/test_labels.csv`, those two unless
    given. Raises `DataMissing` where a row, its label or the very text that was read is not there.
    """
    rows = _lines(drawn, "test_set.csv")
    lines = {(line["sha256"], line["pass"]): line for line in _lines(labels, "test_labels.csv")}
    said = {key: line["label"] for key, line in lines.items()}
    if not rows:
        raise DataMissing("the test set has no rows")
    unread = [row for row in rows if (row["sha256"], "1") not in said]
    if unread:
        raise DataMissing(f"test row {unread[0]['order']} was not read")
    first = [said[row["sha256"], "1"] for row in rows]
    twice = all((row["sha256"], "2") in said for row in rows)
    halves = [row["stratum"].partition("@") for row in rows]
    return TestSet(
        np.array([int(row["order"]) for row in rows]),
        tuple(row["dataset"] for row in rows),
        np.array([int(row["row"]) for row in rows]),
        _texts(folder, rows),
        1.0 / np.array([float(row["probability"]) for row in rows]),
        tuple(row["stratum"] for row in rows),
        tuple(source for source, _, _ in halves),
        np.array([float(band) for _, _, band in halves]),
        np.array([label != NOT_ENGLISH for label in first], bool),
        _by_category(first),
        _by_category([said[row["sha256"], "2"] for row in rows]) if twice else {},
        tuple(lines[row["sha256"], "1"]["reason"] for row in rows),
    )


def _lines(path: Path | None, name: str) -> list[dict[str, str]]:
    content = (path or training_file(name)).read_text("utf-8")
    return list(csv.DictReader(content.splitlines()))


def _texts(folder: Path, rows: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    wanted = {(row["dataset"], int(row["row"])): row for row in rows}
    found: dict[tuple[str, int], str] = {}
    for name in sorted({name for name, _ in wanted}):
        for number, record in read_dataset(folder, name):
            if (name, number) not in wanted:
                continue
            text = str(record["text"])
            if text_digest(text) != wanted[name, number]["sha256"]:
                raise DataMissing(f"row {number} of {name} is not the text that was read for the test set")
            found[name, number] = clean(text)
    absent = [place for place in wanted if place not in found]
    if absent:
        raise DataMissing(f"{absent[0][0]} has no row {absent[0][1]}, which the test set holds")
    return tuple(found[place] for place in wanted)


def _by_category(labels: Iterable[str]) -> dict[str, Bools]:
    given = [frozenset(label.split()) - {*NOTHING, NOT_ENGLISH} for label in labels]
    unknown = frozenset().union(*given) - set(JUDGED)
    if unknown:
        raise DataMissing(f"the test labels name {min(unknown)}, which is no category")
    each = {category: np.array([category in label for label in given], bool) for category in JUDGED}
    either = np.logical_or.reduce([each[category] for category in VIOLENCE])
    return {HEADLINE: np.asarray(either, bool), **each}
