"""Makes the table of English words by which `coverage.py` tells a text that the detectors cannot judge.

A word is in it if it is in several texts and in more than one data set that may be learnt from. Only hashes are
kept, in a Bloom filter: the table holds no text. The same data sets give the same bytes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.coverage import WORDS_FILE, hashes_in, table_of
from wardmote.detect.text.folding import build_tables
from wardmote.detect.training.data.sources import clean, read_dataset, shipped_sources

LEAST_TEXTS = 3
LEAST_SETS = 2


def learn(folder: Path) -> tuple[NDArray[np.uint8], int]:
    """Return the table made from every data set that is learnt from, and how many words are in it."""
    tables = build_tables()
    texts: Counter[int] = Counter()
    sets: defaultdict[int, set[str]] = defaultdict(set)
    for name in shipped_sources().datasets:
        for _, record in read_dataset(folder, name):
            for word in hashes_in(clean(str(record["text"])), tables):
                texts[word] += 1
                sets[word].add(name)
    known = [word for word, count in texts.items() if count >= LEAST_TEXTS and len(sets[word]) >= LEAST_SETS]
    return table_of(known), len(known)


def write_words(folder: Path) -> tuple[Path, int]:
    """Write the table into the package; return where, and how many words are in it."""
    table, known = learn(folder)
    out = Path(str(files("wardmote.detect").joinpath("data", WORDS_FILE)))
    with out.open("wb") as file:
        np.savez_compressed(file, bits=table)
    return out, known
