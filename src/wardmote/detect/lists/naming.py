"""Compiled: finds the names of people among the words of a text, by the table of `names.py` and by where they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled
from wardmote.detect.lists.wordlist_features import class_of, list_key

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]
U64 = NDArray[np.uint64]

NAMED = 0x110000
"""No character: the first of a word that is a name is overwritten with it."""
NAME, FOLLOWS, WORD_TOO, INTRODUCES, KIN, INTRODUCES_FOLLOWS, GROUP_TOO = range(1, 8)
"""Classes. `NAME` is no word, `WORD_TOO` is one, `GROUP_TOO` is one for people. `KIN` are kin, titles and greetings,
after which any of them is a name; `INTRODUCES` are other words before a name, `FOLLOWS` words after one."""
_ALONE_MOST = 4
"""A text of so many words is no sentence where all of them are names."""
_YOU, _THANK = (np.array([ord(letter) for letter in word], np.uint32) for word in ("you", "thank"))


@compiled
def _is_capital(point: int) -> bool:
    """Whether a code point is a capital Latin letter, accents included."""
    if point < 0x80:
        return 65 <= point <= 90
    if point < 0x100:
        return 0xC0 <= point <= 0xDE and point != 0xD7
    if 0x139 <= point <= 0x148 or 0x179 <= point <= 0x17E:
        return point % 2 == 1
    if point <= 0x177 or 0x1E00 <= point <= 0x1EFF:
        return point % 2 == 0
    return point in (0x178, 0x1A0, 0x1AF)


@compiled
def _point_at(data: U8, here: int, end: int) -> int:
    """Return the code point that begins at the byte `here`; 0 for those that no Latin letter has."""
    lead = int(data[here])
    if lead < 0x80:
        return lead
    if lead < 0xE0 and here + 1 < end:
        return (lead & 0x1F) << 6 | (int(data[here + 1]) & 0x3F)
    if lead < 0xF0 and here + 2 < end:
        return (lead & 0x0F) << 12 | (int(data[here + 1]) & 0x3F) << 6 | (int(data[here + 2]) & 0x3F)
    return 0


@compiled
def _capitals(data: U8, begin: int, end: int, at: I32, starts: I32, ends: I32, words: int, marks: I32) -> int:
    """Write for each word 1 where it begins with a capital, 2 where it ends with one too; return how many do.

    Words whose letters are apart, or that are shown backwards, are no names.
    """
    point, here, found = 0, begin, 0
    for word in range(words):
        marks[word] = 0
        first, last = at[starts[word]], at[ends[word] - 1]
        if first < point or last <= first or last - first > ends[word] - starts[word]:
            continue
        for place in (first, last):
            while point < place and here < end:
                here += 1
                while here < end and data[here] & 0xC0 == 0x80:
                    here += 1
                point += 1
            if here >= end or not _is_capital(_point_at(data, here, end)):
                break
            marks[word] += 1
        found += marks[word] > 0
    return found


@compiled
def _class_of(chars: U32, at: I32, first: int, last: int, names: U64) -> int:
    """Return the class of a word, or of what it is the genitive of; 0 where it is not listed."""
    if last - first > 2 and chars[last - 1] == 115 and at[last - 1] - at[last - 2] > 1:
        last -= 1
    return class_of(list_key(chars, first, last, 0), names)


@compiled
def _is(chars: U32, first: int, last: int, word: U32) -> bool:
    return last - first == len(word) and bool((chars[first:last] == word).all())


@compiled
def _expected(
    kind: int, word: int, chars: U32, at: I32, starts: I32, ends: I32, words: int, names: U64, marks: I32
) -> bool:
    """Whether a name is to be expected where there is a word that may be one. The words before it have been judged."""
    if word:
        first, last = starts[word - 1], ends[word - 1]
        if chars[first] == NAMED:
            return True
        before = _class_of(chars, at, first, last, names)
        if before == KIN or (before in (INTRODUCES, INTRODUCES_FOLLOWS) and kind != GROUP_TOO):
            return True
        if word > 1 and _is(chars, first, last, _YOU) and _is(chars, starts[word - 2], ends[word - 2], _THANK):
            return True
    if word + 1 == words:
        return False
    following = _class_of(chars, at, starts[word + 1], ends[word + 1], names)
    if marks[word + 1] == 1 and (following == NAME or (following == WORD_TOO and kind == WORD_TOO)):
        return True
    return word == 0 and kind == WORD_TOO and following in (FOLLOWS, INTRODUCES_FOLLOWS)


@compiled
def mark_names(
    data: U8, begin: int, end: int, chars: U32, at: I32, starts: I32, ends: I32, words: int, names: U64, marks: I32
) -> None:
    """Overwrite the first character of each word that is a name with `NAMED`; `marks` is room to work in.

    The words are those of the text in `data[begin:end]`. Without a table nothing is a name.
    """
    if not len(names) or not _capitals(data, begin, end, at, starts, ends, words, marks):
        return
    alone = words <= _ALONE_MOST
    for word in range(words if alone else 0):
        kind = _class_of(chars, at, starts[word], ends[word], names)
        alone = alone and marks[word] > 0 and kind in (NAME, WORD_TOO, GROUP_TOO)
    for word in range(words):
        if marks[word] == 0:
            continue
        kind = _class_of(chars, at, starts[word], ends[word], names)
        if kind == NAME or (
            kind in (WORD_TOO, GROUP_TOO)
            and marks[word] == 1
            and (alone or _expected(kind, word, chars, at, starts, ends, words, names, marks))
        ):
            chars[starts[word]] = NAMED
