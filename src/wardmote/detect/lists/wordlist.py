"""The list of coarse words: which there are, of which class, and the keys by which the kernel finds them.

A listed word is found whole, never inside another, after folding: in capitals, with accents, with digits or signs for
letters, with letters of other scripts that look alike, stretched, or with its letters apart. What it adds to a score
is learnt like what any other word adds, so the spans point at it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.lists import wordlist_features

CLASSES = ("profane", "mild", "insult", "slur", "sexual", "doubtful")
"""By number, from 1. `doubtful` words have innocent meanings, or are names: they say little by themselves."""


@cache
def words() -> dict[str, str]:
    """Return each listed form, in small Latin letters, and its class; a form in two classes counts in the first."""
    raw = json.loads(files("wardmote.detect").joinpath("data", "wordlist.json").read_text("utf-8"))
    found: dict[str, str] = {}
    for name in CLASSES:
        for entry in raw[name]:
            for form in _forms(entry):
                found.setdefault(form, name)
    return found


def _forms(entry: str) -> Iterator[str]:
    """Expand `stem+s+ing` to the stem and the stem with each ending."""
    stem, *endings = entry.split("+")
    yield stem
    for ending in endings:
        yield stem + ending


@cache
def listed() -> NDArray[np.uint64]:
    """Return the table for `FoldTables.listed`: sorted keys, the class in the lowest three bits."""
    known = words()
    keys: dict[int, int] = {}
    for form, name in known.items():
        chars = np.array([ord(letter) for letter in form], np.uint32)
        keys[int(wordlist_features.list_key(chars, 0, len(chars), 0))] = CLASSES.index(name) + 1
        # `niger`, `as` and `hel` are no stretched forms: an undoubled short word is often another word.
        if not _doubled(form) or len(form) > _SAFE_UNDOUBLED:
            keys.setdefault(int(wordlist_features.list_key(chars, 0, len(chars), 1)), CLASSES.index(name) + 1)
    return np.array(sorted(key << 3 | number for key, number in keys.items()), np.uint64)


_SAFE_UNDOUBLED = 7


def _doubled(form: str) -> bool:
    return any(one == two for one, two in pairwise(form))
