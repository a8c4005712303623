"""All training rows: the data sets under their rules, the labels read by us, and the examples written by us."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wardmote.detect.categories import HARASSMENT, IDENTITY_ATTACK, JUDGED, VIOLENCE, VIOLENT
from wardmote.detect.errors import DataMissing
from wardmote.detect.training.data.shipped import training_file, training_text
from wardmote.detect.training.data.sources import Row, Sources, clean, read_dataset, targets_of, text_digest

OWN, PAIRS = "own", "contrast_pairs"
WRITTEN = (OWN, PAIRS)
"""What was written for this project: it teaches, and nothing is measured on it but tricks and explanations."""
OWN_WEIGHT = 4.0
OWN_HEADS = (*VIOLENCE, HARASSMENT.name, IDENTITY_ATTACK.name)
"""What the examples were written about."""
PAIR_WEIGHT = 2.0
HELD_PAIRS = 10
"""One pair in so many teaches nothing: the suite of tricks is played on those."""
READ_WEIGHT = 3.0
"""A text that was read under our own definitions counts for more than one that a rule judged."""

LABELS = "labels.csv"
NOTHING = ("none", "no violence")
NOT_ENGLISH = "not_english"
"""What a reader writes alone of a text in another language: code `z`."""
FIRST_READER = "reader-1"
"""Read for violence alone: a label of theirs speaks of another category only where it names it."""

Targets = Mapping[str, tuple[float, float]]
"""A category to (probability that it applies, weight of that opinion)."""


def data_folder(named: str | None) -> Path:
    """Return the folder of data sets, or raise `DataMissing` with what to do about it."""
    training_file(LABELS)
    if not named:
        raise DataMissing("no training data: set WARDMOTE_DATA or give --data the folder of the data sets")
    folder = Path(named)
    if not folder.is_dir():
        raise DataMissing(f"no training data: {folder} is not a folder")
    return folder


def read_labels() -> dict[tuple[str, int], tuple[str, Targets]]:
    """Return, by (data set, row), the SHA-256 of the text that was read and what its reader said of each category.

    A text that is not English says nothing of any.
    """
    content = training_text(LABELS)
    lines = csv.DictReader(content.splitlines())
    return {(line["dataset"], int(line["row"])): (line["sha256"], judged(line)) for line in lines}


def judged(line: Mapping[str, str]) -> Targets:
    """Return the targets that one line of a label file gives, by category."""
    if line["label"] == NOT_ENGLISH:
        return {}
    given = frozenset() if line["label"] in NOTHING else frozenset(line["label"].split())
    asked = VIOLENCE if line["annotator"] == FIRST_READER else JUDGED
    return {head: (float(head in given), READ_WEIGHT) for head in sorted({*asked, *given})}


def own_examples() -> list[Row]:
    """Return the examples written for this project; each says something about every head of `OWN_HEADS`."""
    content = training_text("own_examples.json")
    return rows_from_examples(json.loads(content), OWN_HEADS)


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


def read_pairs() -> Iterator[dict[str, Any]]:
    """Yield the texts of the contrast pairs, in order: `{"pair", "text", "labels", "kind"}`."""
    content = training_text("contrast_pairs.jsonl")
    for line in content.splitlines():
        yield json.loads(line)


def pair_rows() -> list[Row]:
    """Return the contrast pairs that teach. They say of violence what they hold, of the rest only what they name."""
    rows = []
    for number, each in enumerate(read_pairs()):
        if each["pair"] % HELD_PAIRS:
            asked = {*VIOLENT, *each["labels"]}
            targets = {head: (float(head in each["labels"]), PAIR_WEIGHT) for head in sorted(asked)}
            rows.append(Row(PAIRS, number, str(each["text"]), targets))
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
                row = replace(row, targets={**row.targets, **label[1]} if label[1] else {}, read=True)
            if row.targets and row.text:
                rows.append(row)
    return rows + own_examples() + pair_rows()
