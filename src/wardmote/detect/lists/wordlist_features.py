"""Compiled: how features are hashed, and how the words of a list are found among the words of a text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled

U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]
U64 = NDArray[np.uint64]

_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_FINISH = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
_SEED_LISTED, _SEED_SINGLE, _SEED_CLASS = (
    np.uint64(each) for each in (0xBE5466CF34E90C6C, 0x3F84D5B5B5470917, 0xC0AC29B7C97C50DD)
)
_CLASS_BITS = np.uint64(3)
_LISTED_COUNTS = 3
"""A listed word counts as so many features: it says more than any run of letters."""
_SPELLED_LEAST, _SPELLED_MOST = 3, 12
"""Letters apart (`d a m n`) are read as one word from so many, up to so many."""


@compiled
def mix(state: np.uint64, value: np.uint64) -> np.uint64:
    state = (state ^ value) * _MULTIPLY
    return state ^ (state >> _SHIFT)


@compiled
def bucket_of(state: np.uint64, mask: np.uint64) -> np.int64:
    state = (state ^ (state >> _SHIFT)) * _FINISH
    return np.int64((state ^ (state >> _SHIFT)) & mask)


@compiled
def list_key(chars: U32, first: int, last: int, single: int) -> np.uint64:
    """Return the key of the word `chars[first:last]` in a word list; `single` 1: with runs of one letter cut to one."""
    state, before = (_SEED_SINGLE if single else _SEED_LISTED), np.uint32(0)
    for here in range(first, last):
        char = chars[here]
        if not single or char != before:
            state = mix(state, np.uint64(char))
        before = char
    return state >> _CLASS_BITS


@compiled
def class_of(key: np.uint64, listed: U64) -> int:
    """Return the class of the word with that key, 1 to 7, or 0 where it is not listed. `listed` is sorted."""
    low, high = 0, len(listed)
    while low < high:
        middle = (low + high) // 2
        if listed[middle] >> _CLASS_BITS < key:
            low = middle + 1
        else:
            high = middle
    if low < len(listed) and listed[low] >> _CLASS_BITS == key:
        return int(listed[low] & np.uint64(7))
    return 0


@compiled
def _lookup(chars: U32, first: int, last: int, listed: U64) -> int:
    """Return the class of a word as it is, or else, where letters are doubled, of its undoubled form."""
    found = class_of(list_key(chars, first, last, 0), listed)
    if found:
        return found
    for here in range(first + 1, last):
        if chars[here] == chars[here - 1]:
            return class_of(list_key(chars, first, last, 1), listed)
    return 0


@compiled
def _lookup_apart(chars: U32, first: int, last: int, listed: U64) -> int:
    """Return the class of the first, longest listed word among letters apart that were read as one."""
    for begin in range(first, last - _SPELLED_LEAST + 1):
        for end in range(min(last, begin + _SPELLED_MOST), begin + _SPELLED_LEAST - 1, -1):
            found = _lookup(chars, begin, end, listed)
            if found:
                return found
    return 0


@compiled
def hash_listed(
    chars: U32,
    starts: I32,
    ends: I32,
    words: int,
    mask: np.uint64,
    listed: U64,
    at: I32,
    upto: I32,
    buckets: I32,
    firsts: I32,
    lasts: I32,
    made: int,
) -> int:
    """Write the features of the words that are listed, and of letters apart that spell one; as `hash_features`."""
    word = 0
    while word < words:
        until = word + 1
        found = 0
        if ends[word] - starts[word] > 1:
            found = _lookup(chars, starts[word], ends[word], listed)
            if not found and at[starts[word] + 1] > upto[starts[word]]:
                found = _lookup_apart(chars, starts[word], ends[word], listed)
        else:
            while until < words and until - word < _SPELLED_MOST and ends[until] - starts[until] == 1:
                until += 1
            # Words follow one another in `chars`, so letters apart are there as one word. The longest wins.
            while until - word >= _SPELLED_LEAST:
                found = _lookup(chars, starts[word], ends[until - 1], listed)
                if found:
                    break
                until -= 1
        if found:
            bucket = bucket_of(mix(_SEED_CLASS, np.uint64(found)), mask) + np.int64(mask) + 1
            for _ in range(_LISTED_COUNTS):
                buckets[made], firsts[made], lasts[made] = bucket, word, until - 1
                made += 1
            word = until
        else:
            word += 1
    return made
