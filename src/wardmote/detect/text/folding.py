"""The tables by which text is folded before its features are read: NFKD, case folded, marks and invisibles dropped.

Texts that are equal under NFKC and case folding, or that differ only in accents, zero-width characters, emoji
variation selectors or skin tones, fold to the same characters. The tables are frozen into the weights file, so that
a score does not change with the Unicode version of the Python that runs it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.text.identity import is_identity

SEPARATOR, LETTER, DIGIT, SYMBOL, JOINER = range(5)

BLOCK = 256
LAST = 0x110000
LONGEST = 4
"""The most characters that one may become; the few ligatures that would become more are left as they are."""

_MARKS = (
    *((0x300, 0x36F), (0x483, 0x489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x2DE0, 0x2DFF)),
    *((0xA66F, 0xA672), (0xFE20, 0xFE2F)),
)
_DROPPED = (
    *((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x1F3FB, 0x1F3FF), (0xE0000, 0xE007F)),
    # Letters by their category, blank on the screen.
    *((0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164), (0xFFA0, 0xFFA0)),
)
_BLANK = "\u2800"
_LUNATE = "\u03f2\u03f9"
_LATIN_NAME = re.compile(
    r"(?:NEGATIVE (?:CIRCLED|SQUARED) )?LATIN (?:SMALL |CAPITAL )?LETTER "
    r"(?:SMALL CAPITAL |SCRIPT |DOTLESS |TURNED |REVERSED |OPEN |BARRED |SIDEWAYS |INVERTED )*"
    r"([A-Z]|ALPHA)(?: WITH .+)?"
)
"""A Latin letter in another shape, which Unicode does not decompose: struck, small capital, turned, boxed."""
_JOINERS = "'\u2019\u02bc\u2018`\u00b4"


class FoldTables(NamedTuple):
    """Two-stage tables by code point: `blocks[cp >> 8]` chooses the row of `becomes` and `kinds`.

    `becomes` holds 0 for a character that stays itself, 1 for one that is dropped, else 2 more than its folded code
    point or, from `LAST + 2` on, than `LAST + k`, where it becomes the `longer[k]` code points after `longer[k]`.
    """

    blocks: NDArray[np.uint16]
    becomes: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    longer: NDArray[np.int32]
    listed: NDArray[np.uint64] = np.zeros(0, np.uint64)
    """A word list (`wordlist.py`): sorted keys, the class of each in the lowest three bits; empty for most models."""
    names: NDArray[np.uint64] = np.zeros(0, np.uint64)
    """Names of people (`names.py`), sorted keys likewise; empty where every word is read."""


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= point <= high for low, high in ranges)


def fold_character(character: str) -> str:
    """Return what one character becomes: nothing, itself, or up to `LONGEST` others."""
    point = ord(character)
    if _within(point, _MARKS + _DROPPED) or unicodedata.category(character) == "Cf":
        return ""
    if 0xAC00 <= point <= 0xD7A3:
        return character
    if character in _LUNATE:
        # Unicode has it become a sigma, which looks like an o; it looks like a c.
        return _LUNATE[0]
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    kept = "".join(_plain(each) for each in folded if not _within(ord(each), _MARKS))
    return kept if len(kept) <= LONGEST else character


def _plain(character: str) -> str:
    if ord(character) < 0x80:
        return character
    named = _LATIN_NAME.fullmatch(unicodedata.name(character, ""))
    return " " if character == _BLANK else named[1][0].lower() if named else character


def kind_of(character: str) -> int:
    """Return the class that word-splitting sees."""
    category = unicodedata.category(character)
    if character in _JOINERS:
        return JOINER
    if category[0] in "LM":
        return LETTER
    if category[0] == "N":
        return DIGIT
    # Of what somebody is a sign says nothing that a model should learn from.
    return SYMBOL if category == "So" and not is_identity(character) else SEPARATOR


@lru_cache(maxsize=1)
def build_tables() -> FoldTables:
    """Compute the tables from this Python's Unicode data; takes two seconds, once."""
    longer: list[int] = []
    rows: dict[bytes, int] = {}
    blocks = np.zeros(LAST // BLOCK, np.uint16)
    becomes_rows: list[NDArray[np.int32]] = []
    kinds_rows: list[NDArray[np.uint8]] = []
    for block in range(LAST // BLOCK):
        becomes = np.arange(block * BLOCK, (block + 1) * BLOCK, dtype=np.int32)
        kinds = np.zeros(BLOCK, np.uint8)
        for cell in range(BLOCK):
            point = block * BLOCK + cell
            if 0xD800 <= point <= 0xDFFF:
                continue
            character = chr(point)
            kinds[cell] = kind_of(character)
            becomes[cell] = _entry(fold_character(character), longer)
        relative = np.where(becomes == np.arange(block * BLOCK, (block + 1) * BLOCK), 0, becomes + 2)
        # Blocks in which every character stays itself share one row, written as zero: "unchanged".
        key = relative.tobytes() + kinds.tobytes()
        if key not in rows:
            rows[key] = len(becomes_rows)
            becomes_rows.append(relative.astype(np.int32))
            kinds_rows.append(kinds)
        blocks[block] = rows[key]
    return FoldTables(blocks, np.stack(becomes_rows), np.stack(kinds_rows), np.array(longer or [0], np.int32))


def _entry(folded: str, longer: list[int]) -> int:
    if not folded:
        return -1
    if len(folded) == 1:
        return ord(folded)
    longer.extend([len(folded), *map(ord, folded)])
    return LAST + len(longer) - len(folded) - 1
