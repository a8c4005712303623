"""Draws the test set: `python -m wardmote.detect.training.draw --weights FILE OUT`, with `WARDMOTE_DATA` set.

A stratified probability sample of English posts. A stratum is one source and one band of the score that a model gave
the row, so that positives are plentiful although rare; every row's probability of being drawn is known and above zero.
The same data, weights and seed draw the same rows.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.categories import VIOLENCE
from wardmote.detect.models.linear import WEIGHTS_PATH
from wardmote.detect.models.weights import Weights
from wardmote.detect.training.data.corpus import data_folder
from wardmote.detect.training.data.sources import Json, clean, read_dataset, text_digest
from wardmote.detect.training.data.splits import distinct
from wardmote.detect.training.measure.evaluate import scores_of

FRAME = (
    "gab_hate_corpus", "edos", "davidson", "civil_safe", "civil_threat_weak", "goemotions10k", "jigsaw_bits",
    "perspective_wikipedia", "disaster_tweets", "stormfront", "olid", "abusive_swearing", "elections_hof", "youtoxic",
    "tweeteval",
)  # fmt: skip
"""Sets of posts that people wrote. Left out: prompts, half sentences, text messages, made-up rows and second copies."""

LONGEST = 1000
"""Characters; a longer text is not in the frame."""

BANDS = {0.0: 450, 0.01: 450, 0.03: 550, 0.1: 520, 0.3: 330}
"""The lowest score of each band and how many rows are drawn from it, over all sources."""

FEWEST = 3
"""Rows drawn from a stratum at least, or all it has."""

SEED = 20
COLUMNS = ("order", "dataset", "row", "sha256", "stratum", "probability")


@dataclass(frozen=True, slots=True)
class Framed:
    """One row that could be drawn. `digest` is the SHA-256 of the text as it is in the data set."""

    dataset: str
    number: int
    text: str
    digest: str
    source: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row that was drawn, and how likely that was."""

    row: Framed
    stratum: str
    probability: float


def read_frame(folder: Path, names: Iterable[str]) -> Iterator[Framed]:
    """Yield the rows of every named set that are neither empty nor too long. Raises `DataMissing`."""
    for name in names:
        for number, record in read_dataset(folder, name):
            text = str(record["text"])
            if 0 < len(clean(text)) <= LONGEST:
                yield Framed(name, number, clean(text), text_digest(text), _source(name, record))


def _source(name: str, record: Json) -> str:
    """Return the set's name; TweetEval is several gatherings of tweets, and each is a source of its own."""
    return f"{name}:{str(record['task']).partition('/')[0]}" if name == "tweeteval" else name


def strata(frame: Sequence[Framed], scores: NDArray[np.float64]) -> dict[str, list[int]]:
    """Return the places of each stratum's rows, `source@lowest score` to places."""
    lowest = np.array(sorted(BANDS))
    bands = lowest[np.searchsorted(lowest, scores, side="right") - 1].tolist()
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, (row, band) in enumerate(zip(frame, bands, strict=True)):
        found[f"{row.source}@{band:g}"].append(place)
    return dict(sorted(found.items()))


def allot(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Share `total` draws among strata by the square root of their sizes, each at least `FEWEST` or all it has."""
    given = Counter({name: min(size, FEWEST) for name, size in sizes.items()})
    while sum(given.values()) < min(total, sum(sizes.values())):
        open_ones = [name for name, size in sizes.items() if given[name] < size]
        given[max(open_ones, key=lambda name: (sizes[name] ** 0.5 / given[name], name))] += 1
    return dict(given)


def draw(frame: Sequence[Framed], scores: NDArray[np.float64], seed: int) -> list[Drawn]:
    """Return the drawn rows in an order to read them in that says nothing of their scores."""
    groups = strata(frame, scores)
    drawn: list[Drawn] = []
    for band, total in BANDS.items():
        sizes = {name: len(places) for name, places in groups.items() if name.endswith(f"@{band:g}")}
        for name, count in allot(sizes, total).items():
            chosen = sorted((frame[place] for place in groups[name]), key=lambda row: _lot(row, seed))[:count]
            drawn += [Drawn(row, name, count / sizes[name]) for row in chosen]
    return sorted(drawn, key=lambda each: _lot(each.row, seed + 1))


def _lot(row: Framed, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {row.dataset} {row.number}".encode()).digest()


def write(drawn: Sequence[Drawn], out: Path) -> None:
    """Write the rows, without their texts, to `out`."""
    with out.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(COLUMNS)
        for order, each in enumerate(drawn, 1):
            row = each.row
            lines.writerow((order, row.dataset, row.number, row.digest, each.stratum, f"{each.probability:.10g}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw and write; say on standard error how many rows were drawn from how many."""
    parser = argparse.ArgumentParser(description="Draw the test set.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", default=os.environ.get("WARDMOTE_DATA"), help="the folder of the data sets")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_PATH, help="the model whose scores make the bands")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    weights = Weights.load(given.weights)
    rows = list(read_frame(data_folder(given.data), FRAME))
    kept = distinct([row.text for row in rows], weights.tables)
    frame = [row for row, stays in zip(rows, kept.tolist(), strict=True) if stays]
    heads = [weights.heads.index(head) for head in VIOLENCE]
    drawn = draw(frame, scores_of([row.text for row in frame], weights)[:, heads].max(axis=1), given.seed)
    write(drawn, given.out)
    sys.stderr.write(f"drew {len(drawn)} of {len(frame)} rows by weights {weights.digest}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
