"""Names of people: which are known, and the words that show where one is.

Who is meant is no evidence of anything, so no model reads a name: it counts as so much text that says nothing
(`naming.py`). Some names are words too. Those are names only where one is to be expected: alone, beside another name,
after kin, a title or a greeting, or before what somebody does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.lists import wordlist_features
from wardmote.detect.lists.naming import FOLLOWS, GROUP_TOO, INTRODUCES, INTRODUCES_FOLLOWS, KIN, NAME, WORD_TOO
from wardmote.detect.text.folding import fold_character

_CLASSES = {
    "follow": FOLLOWS,
    "introduce": INTRODUCES,
    "introduce_and_follow": INTRODUCES_FOLLOWS,
    "kin": KIN,
    "names": NAME,
    "words_too": WORD_TOO,
    "groups_too": GROUP_TOO,
}


@cache
def listed_names() -> Mapping[str, str]:
    """Return what is listed by kind, separated by spaces; `names`, `words_too` and `groups_too` are names."""
    found: dict[str, str] = json.loads(files("wardmote.detect").joinpath("data", "names.json").read_text("utf-8"))
    return found


@cache
def names_table() -> NDArray[np.uint64]:
    """Return the table for `FoldTables.names`: sorted keys, the class in the lowest three bits."""
    keys = {_key(word): number for kind, number in _CLASSES.items() for word in listed_names()[kind].split()}
    return np.array(sorted(key << 3 | number for key, number in keys.items()), np.uint64)


def _key(word: str) -> int:
    folded = "".join(map(fold_character, word)).replace("'", "")
    chars = np.array([ord(letter) for letter in folded], np.uint32)
    return int(wordlist_features.list_key(chars, 0, len(chars), 0))
