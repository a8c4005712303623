"""Parting rows into train, calibration and test by a hash of the text; near-duplicates of tested texts are left out."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import scoring
from wardmote.detect.lists.minhash import likeness, pair_keys, sign
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.training.data.corpus import WRITTEN
from wardmote.detect.training.data.sources import Row

PARTS = 20
TEST_PARTS = range(2)
CALIBRATION_PARTS = range(4, 6)
SIGNATURE = 32
BAND = 2
ALIKE = 0.5
"""Texts that share this part of their features, as MinHash estimates it, are near-duplicates."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Row numbers of each part. `dropped` rows are held or nearly repeat a tested text: used nowhere."""

    train: NDArray[np.int64]
    calibration: NDArray[np.int64]
    test: NDArray[np.int64]
    dropped: NDArray[np.int64]


def part_of(text: str) -> int:
    """Return 0 to `PARTS - 1`; texts that differ only in case, width and spacing fall in the same part."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return int.from_bytes(hashlib.sha256(plain.encode("utf-8", "replace")).digest()[:8]) % PARTS


def part(rows: Sequence[Row], tables: FoldTables, held: Sequence[str] = ()) -> Parting:
    """Part the rows; `held` are the texts of the test set that was drawn and read by itself.

    What we read teaches, and what we wrote only teaches: test rows are of those that the sources judged, and say how
    well those are ranked. The held test set says how well the detector does.
    """
    numbers = np.array([part_of(row.text) for row in rows], np.int64)
    written = np.array([row.dataset in WRITTEN for row in rows], bool)
    read = np.array([row.read for row in rows], bool)
    marks = np.arange(len(rows) + len(held)) >= len(rows)
    barred = near_duplicates([*(row.text for row in rows), *held], marks, tables)[: len(rows)]
    wholes = set(held)
    barred |= np.array([row.text in wholes for row in rows], bool)
    test = np.isin(numbers, list(TEST_PARTS)) & ~written & ~read & ~barred
    alike = near_duplicates([row.text for row in rows], test, tables) | barred
    calibration = np.isin(numbers, list(CALIBRATION_PARTS)) & ~written & ~alike
    train = ~test & ~calibration & ~alike
    found = (np.flatnonzero(mask) for mask in (train, calibration, test, alike))
    return Parting(*found)


def near_duplicates(texts: Sequence[str], held: NDArray[np.bool_], tables: FoldTables) -> NDArray[np.bool_]:
    """Return which texts outside `held` are near-duplicates of one inside it."""
    signatures = signatures_of(texts, tables)
    inside, outside = np.flatnonzero(held), np.flatnonzero(~held)
    alike = np.zeros(len(texts), bool)
    for band in range(0, SIGNATURE, BAND):
        keys = pair_keys(signatures, band)
        places: defaultdict[int, list[int]] = defaultdict(list)
        for place in inside:
            places[int(keys[place])].append(int(place))
        for place in outside[~alike[outside]]:
            near = places.get(int(keys[place]))
            if near is not None:
                alike[place] = bool((likeness(signatures[near], signatures[place]) >= ALIKE).any())
    return alike


def distinct(texts: Sequence[str], tables: FoldTables) -> NDArray[np.bool_]:
    """Return which texts to keep so that no two kept ones are near-duplicates; of any pair the earlier one stays."""
    signatures = signatures_of(texts, tables)
    bands = range(0, SIGNATURE, BAND)
    keys = np.stack([pair_keys(signatures, band) for band in bands], axis=1).tolist()
    places: list[defaultdict[int, list[int]]] = [defaultdict(list) for _ in bands]
    kept = np.zeros(len(texts), bool)
    for place, mine in enumerate(keys):
        near = sorted({other for band, key in enumerate(mine) for other in places[band].get(key, ())})
        if near and bool((likeness(signatures[near], signatures[place]) >= ALIKE).any()):
            continue
        kept[place] = True
        for band, key in enumerate(mine):
            places[band][key].append(place)
    return kept


def signatures_of(texts: Sequence[str], tables: FoldTables) -> NDArray[np.uint32]:
    """Return the MinHash signature of each text's features, names included, shape (texts, `SIGNATURE`)."""
    tables = tables._replace(names=tables.names[:0])
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    data = np.frombuffer(b"".join(encoded) or b"\0", np.uint8)
    buckets, begins = scoring.extract(data, offsets, tables, 30)
    drawn = np.random.default_rng(2).integers(1, 1 << 31, SIGNATURE).astype(np.uint64)
    return sign(buckets, begins, drawn * np.uint64(2) + np.uint64(1))
