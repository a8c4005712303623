"""A text with its disguised words as they are meant, for models that know words and no disguise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled
from wardmote.detect.scoring import I32, U8, U32, fold, room_for
from wardmote.detect.text.bidi import OVERRIDE
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.text.tokenize import split

_JOINERS = str.maketrans("", "", "'\u2019\u02bc\u2018`\u00b4")


@compiled
def words_of(data: U8, tables: FoldTables) -> tuple[U32, I32, I32, I32, I32]:
    """Return the words of one UTF-8 text as the linear model reads them, and where each is.

    Word k is `chars[starts[k]:ends[k]]` and covers the code points `begins[k]` to `finishes[k]` of the text.
    """
    offsets = np.array([0, len(data)], np.int64)
    room, _ = room_for(offsets)
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto = np.empty(room, np.int32), np.empty(room, np.int32)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    count = fold(data, 0, len(data), tables, chars, kinds, at, upto)
    words = split(chars, kinds, at, upto, count, starts, ends)
    begins, finishes = np.empty(words, np.int32), np.empty(words, np.int32)
    for word in range(words):
        begins[word], finishes[word] = at[starts[word]], upto[ends[word] - 1]
    return chars, starts[:words], ends[:words], begins, finishes


def as_meant(text: str, tables: FoldTables) -> str:
    """Return `text` with each disguised word (`k1ll`, `k i l l`, letters of another script) written plainly.

    Everything else, signs and digits too, stays as it is. `text` holds no lone surrogate.
    """
    data: NDArray[np.uint8] = np.frombuffer(text.encode("utf-8") or b"\0", np.uint8)
    chars, *places = words_of(data, tables)
    if chr(OVERRIDE) in text:
        # What is shown backwards is backwards too: the words as they are shown are all that is kept.
        return " ".join("".join(map(chr, chars[start:end])) for start, end in zip(*places[:2], strict=True))
    made, last = [], 0
    for start, end, begin, finish in zip(*(place.tolist() for place in places), strict=True):
        if begin < last:
            continue
        stretch = text[begin:finish]
        if end - start == 1 or (stretch.isascii() and stretch.isalpha() and len(stretch) == end - start):
            continue
        word = "".join(map(chr, chars[start:end]))
        if word.isalpha() and stretch.translate(_JOINERS).lower() != word:
            made += [text[last:begin], word]
            last = finish
    return "".join([*made, text[last:]])
