"""The test set, so far as training must know it: to keep its rows, and all that nearly repeat them, out."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

from wardmote.detect.training.data.shipped import training_text
from wardmote.detect.training.data.sources import clean, read_dataset, text_digest


def drawn_digests(names: Collection[str] | None = None) -> dict[str, set[str]]:
    """Return, by data set, the SHA-256 of the texts of the test set; of all sets, or of those named."""
    content = training_text("test_set.csv")
    found: dict[str, set[str]] = {}
    for line in csv.DictReader(content.splitlines()):
        if names is None or line["dataset"] in names:
            found.setdefault(line["dataset"], set()).add(line["sha256"])
    return found


def held_texts(folder: Path, names: Collection[str] | None = None) -> list[str]:
    """Return the texts of the test set, as models read them. Raises `DataMissing` where one of its sets is absent."""
    found = []
    for name, digests in sorted(drawn_digests(names).items()):
        texts = (str(record["text"]) for _, record in read_dataset(folder, name))
        found += [clean(text) for text in texts if text_digest(text) in digests]
    return found
