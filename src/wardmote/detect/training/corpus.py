"""All training rows: the data sets under their rules, the labels read by us, and the examples written by us."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from wardmote.detect.errors import DataMissing
from wardmote.detect.training.sources import Row, Sources, clean, read_dataset, targets_of, text_digest

OWN = "own"
OWN_WEIGHT = 4.0
READ_WEIGHT = 3.0
"""A text that was read under our own definitions counts for more than one that a rule judged."""

VIOLENCE = ("violence.threat", "violence.incitement")
"""Every label that was read decides these heads both ways; it speaks of the others only where it names them."""


def data_folder(named: str | None) -> Path:
    """Return the folder of data sets, or raise `DataMissing` with what to do about it."""
    if not named:
        raise DataMissing("no training data: set WARDMOTE_DATA or give --data the folder of the data sets")
    folder = Path(named)
    if not folder.is_dir():
        raise DataMissing(f"no training data: {folder} is not a folder")
    return folder


def read_labels() -> dict[tuple[str, int], tuple[str, frozenset[str]]]:
    """Return, by (data set, row), the SHA-256 of the text that was read and the categories it was given."""
    content = files("wardmote.detect").joinpath("data", "labels.csv").read_text("utf-8")
    labels: dict[tuple[str, int], tuple[str, frozenset[str]]] = {}
    for line in csv.DictReader(content.splitlines()):
        given = frozenset() if line["label"] == "no violence" else frozenset(line["label"].split())
        labels[line["dataset"], int(line["row"])] = (line["sha256"], given)
    return labels


def own_examples() -> list[Row]:
    """Return the examples written for this project; each says something about every head."""
    from wardmote.detect.training.sources import shipped_sources

    content = files("wardmote.detect").joinpath("data", "own_examples.json").read_text("utf-8")
    return rows_from_examples(json.loads(content), shipped_sources().heads)


def rows_from_examples(examples: Iterable[Mapping[str, object]], heads: Iterable[str]) -> list[Row]:
    """Return rows from `{"text": …, "labels": […]}` records; a head that is not among the labels does not apply."""
    rows = []
    for number, example in enumerate(examples):
        labels = example["labels"]
        if not isinstance(labels, list):
            raise TypeError(f"labels of example {number} must be a list")
        targets = {head: (float(head in labels), OWN_WEIGHT) for head in heads}
        rows.append(Row(OWN, number, str(example["text"]), targets))
    return rows


def load_rows(folder: Path, sources: Sources) -> list[Row]:
    """Return every row of every data set that says something about some head. Raises `DataMissing`."""
    labels = read_labels()
    rows: list[Row] = []
    for name, rules in sources.datasets.items():
        for number, record in read_dataset(folder, name):
            text = str(record["text"])
            row = Row(name, number, clean(text), targets_of(record, text, rules, sources))
            label = labels.get((name, number))
            if label is not None and label[0] == text_digest(text):
                row = _judged(row, label[1])
            if row.targets and row.text:
                rows.append(row)
    return rows + own_examples()


def _judged(row: Row, given: frozenset[str]) -> Row:
    read = {head: (float(head in given), READ_WEIGHT) for head in {*VIOLENCE, *given}}
    return replace(row, targets={**row.targets, **read}, read=True)
