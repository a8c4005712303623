"""Cuts a long text into stretches of words that a model sees at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

_LETTERS_A_PIECE = 5
_SIGN = 6
"""Pieces; an emoji is read by its name, and some have long ones."""


def cut(begins: I32, finishes: I32, signs: NDArray[np.bool_], room: int) -> tuple[I64, I64]:
    """Return the first and last word (half-open) of stretches of about `room` pieces, each over half of the one before.

    Word k covers the code points `begins[k]` to `finishes[k]`, and is an emoji where `signs[k]`. How many pieces a word
    has is a guess, rather too high: no word is cut to know it. A stretch has one word at least.
    """
    many = len(begins)
    if not many:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    # What is between two words is punctuation, but for one space: each sign is a piece.
    between = np.maximum(np.append(begins[1:] - finishes[:-1] - 1, 0), 0)
    pieces = np.where(signs, _SIGN, 1 + (finishes - begins) // _LETTERS_A_PIECE) + between
    upto = np.cumsum(pieces, dtype=np.int64)
    starts = np.arange(0, max(1, int(upto[-1]) - room // 2), max(1, room // 2))
    firsts = np.unique(np.searchsorted(upto, starts, side="right").clip(max=many - 1))
    before = np.concatenate([np.zeros(1, np.int64), upto])[firsts]
    lasts = np.searchsorted(upto, before + room, side="right")
    return firsts, np.maximum(lasts, firsts + 1)
