"""Ordinary posts: tweets gathered for their emoji or their sentiment, not for abuse. Measured on, never trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wardmote.detect.errors import DataMissing
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.training.data.held import held_texts
from wardmote.detect.training.data.sources import clean, read_dataset
from wardmote.detect.training.data.splits import near_duplicates

SET, TASKS = "tweeteval", ("emoji", "sentiment")


def ordinary_posts(folder: Path, tables: FoldTables) -> list[str]:
    """Return the ordinary posts that set thresholds: none is a row of the test set or nearly repeats one.

    Raises `DataMissing`.
    """
    posts = [clean(str(record["text"])) for _, record in read_dataset(folder, SET) if record.get("task") in TASKS]
    if not posts:
        raise DataMissing(f"{SET} holds no ordinary posts to measure on")
    held = held_texts(folder)
    marks = np.arange(len(posts) + len(held)) >= len(posts)
    alike = near_duplicates([*posts, *held], marks, tables)
    wholes = set(held)
    return [post for post, near in zip(posts, alike.tolist(), strict=False) if not near and post not in wholes]


def some_of(posts: Sequence[str], most: int | None, seed: int) -> list[str]:
    """Return at most so many of the posts, drawn at random; with one seed, fewer are always among more."""
    order = np.random.default_rng(seed).permutation(len(posts))[:most]
    return [posts[place] for place in order.tolist()]
