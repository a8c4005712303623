"""Compiled: what is under a right-to-left override is read as it is shown, backwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]

OVERRIDE = 0x202E
_TAIL, _ENDS = 0xAE, 0xAC
"""The last bytes of the override and of the mark that ends it; both begin with E2 80."""


@compiled
def _reverse(chars: U32, kinds: U8, at: I32, upto: I32, begin: int, end: int) -> None:
    """Reverse the characters from `begin` to `end`."""
    for step in range((end - begin) // 2):
        one, other = begin + step, end - 1 - step
        chars[one], chars[other] = chars[other], chars[one]
        kinds[one], kinds[other] = kinds[other], kinds[one]
        at[one], at[other] = at[other], at[one]
        upto[one], upto[other] = upto[other], upto[one]


@compiled
def turn(data: U8, begin: int, end: int, chars: U32, kinds: U8, at: I32, upto: I32, count: int) -> None:
    """Reverse, in place, those of `count` characters, folded from `data[begin:end]`, that are under an override.

    It holds to the end of its line, or to the mark that ends it.
    """
    point = 0
    folded = 0
    under = -1
    for here in range(begin, end):
        if data[here] & 0xC0 == 0x80:
            continue
        while folded < count and at[folded] < point:
            folded += 1
        mark = here + 2 < end and data[here] == 0xE2 and data[here + 1] == 0x80
        begins = mark and data[here + 2] == _TAIL
        if begins or data[here] == 10 or (mark and data[here + 2] == _ENDS):
            if under >= 0:
                _reverse(chars, kinds, at, upto, under, folded)
            under = folded if begins else -1
        point += 1
    if under >= 0:
        _reverse(chars, kinds, at, upto, under, count)
