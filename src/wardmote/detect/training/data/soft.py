"""Soft labels: what a larger model, itself trained on Perspective's scores, says of texts that nobody scored.

`data/soft_labels.npz` names texts by data set, row and part, never by their words. It holds the opinions of five
teachers: the one of fold f saw no row of fold f of Perspective's set or of RealToxicityPrompts, nor a near-duplicate,
nor a row of the held test set. So a student of fold f is judged on rows that neither it nor its teacher knew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.training.data.shipped import training_file
from wardmote.detect.training.data.sources import clean, read_dataset, text_digest

PARTS_OF = "perspective_wikipedia"
MOST_PARTS, FEWEST_WORDS = 8, 3
REACH = 5.3
"""Labels are logits from -REACH to REACH in 255 steps."""

_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class SoftRow:
    """One text with its teachers' logits, shape (folds, heads); `whole` is the text it is part of, or itself."""

    dataset: str
    number: int
    text: str
    whole: str
    logits: NDArray[np.float64]


def parts_of(text: str) -> list[str]:
    """Return the sentences of a clean text that have some words, the first few."""
    return [part for part in _BREAK.split(text) if len(part.split()) >= FEWEST_WORDS][:MOST_PARTS]


def soft_heads() -> tuple[str, ...]:
    """Return the heads that the labels speak of, in the order of `SoftRow.logits`."""
    return tuple(str(head) for head in soft_stored()["heads"])


def soft_rows(folder: Path) -> list[SoftRow]:
    """Return every labelled text of the data sets in `folder`; one whose text has changed is left out.

    Raises `DataMissing`.
    """
    stored = soft_stored()
    names, labels = [str(name) for name in stored["datasets"]], stored["labels"]
    columns = zip(*(stored[name].tolist() for name in ("dataset", "row", "part", "sha256")), strict=True)
    texts = {name: [str(record["text"]) for _, record in read_dataset(folder, name)] for name in names}
    found = []
    for place, (dataset, number, part, digest) in enumerate(columns):
        text = texts[names[dataset]][number]
        if int(text_digest(text)[:8], 16) != digest:
            continue
        whole = clean(text)
        logits = labels[:, place].astype(np.float64) / 255 * (2 * REACH) - REACH
        # An empty text was judged as a blank.
        kept = parts_of(whole)[part] if part >= 0 else whole or " "
        found.append(SoftRow(names[dataset], number, kept, whole, logits))
    return found


@cache
def soft_stored() -> dict[str, Any]:
    """Return the arrays of the stored labels, by name."""
    with np.load(str(training_file("soft_labels.npz")), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
