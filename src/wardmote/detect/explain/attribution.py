"""Compiled: what each word adds to a score, and the stretches of a text that raised it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled
from wardmote.detect.scoring import I32, U8, Scratch, features, scratch_for
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.text.tokenize import place_of


@compiled
def explain(
    data: U8,
    tables: FoldTables,
    weights: NDArray[np.int8],
    scale: NDArray[np.float64],
) -> tuple[I32, I32, NDArray[np.float64]]:
    """Return each word's first and last code point (half-open) and what it adds to each logit, shape (words, heads).

    A feature over several words gives each an equal share, so the rows add up to the logit less its bias.
    """
    heads = weights.shape[1]
    mask = np.uint64(len(weights) // 2 - 1)
    offsets = np.array([0, len(data)], np.int64)
    scratch = scratch_for(offsets)
    words, made = features(data, 0, len(data), tables, mask, scratch)
    buckets, firsts, lasts = scratch.buckets, scratch.firsts, scratch.lasts
    share = np.zeros((words, heads))
    for feature in range(made):
        first, last, step = firsts[feature], lasts[feature], 1
        if last < 0:
            last, step = ~last, 2
        parts = (last - first) // step + 1
        for head in range(heads):
            value = scale[head] * weights[buckets[feature], head] / np.sqrt(made) / parts
            for word in range(first, last + 1, step):
                share[word, head] += value
    begins, finishes = np.empty(words, np.int32), np.empty(words, np.int32)
    for word in range(words):
        first, last = scratch.starts[word], scratch.ends[word]
        begins[word], finishes[word] = place_of(scratch.at, scratch.upto, first, last)
    return begins, finishes, share


@compiled
def _is_space(point: int) -> bool:
    """Whether a code point is white space as `str.isspace` has it."""
    if point < 0x80:
        return point == 32 or 9 <= point <= 13 or 28 <= point <= 31
    return point in (0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000) or 0x2000 <= point <= 0x200A


@compiled
def _mark_spaces(data: U8, begin: int, end: int, spaces: U8) -> None:
    """Write for each code point of the well-formed UTF-8 in `data[begin:end]` whether it is white space."""
    here, place = begin, 0
    while here < end:
        lead = np.uint32(data[here])
        size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        if here + size > end:
            break
        char = lead if size == 1 else lead & np.uint32(0xFF >> (size + 1))
        for more in range(1, size):
            char = (char << np.uint32(6)) | (np.uint32(data[here + more]) & np.uint32(0x3F))
        spaces[place] = _is_space(int(char))
        here += size
        place += 1


@compiled
def _all_space(spaces: U8, begin: int, end: int) -> bool:
    for place in range(begin, end):  # noqa: SIM110 - numba compiles no generator in `all`
        if not spaces[place]:
            return False
    return True


@compiled
def _share_out(scratch: Scratch, made: int, column: NDArray[np.int8], scale: float, share: NDArray[np.float64]) -> None:
    """Add each feature's part of one head's logit to the words it covers, in equal shares."""
    buckets, firsts, lasts = scratch.buckets, scratch.firsts, scratch.lasts
    root = np.sqrt(made)
    for feature in range(made):
        weight = column[buckets[feature]]
        if weight == 0:
            continue
        first, last, step = firsts[feature], lasts[feature], 1
        if last < 0:
            last, step = ~last, 2
        value = scale * weight / root / ((last - first) // step + 1)
        for word in range(first, last + 1, step):
            share[word] += value


@compiled
def _join(
    scratch: Scratch,
    words: int,
    share: NDArray[np.float64],
    floor: float,
    spaces: U8,
    begins: I32,
    finishes: I32,
    adds: NDArray[np.float64],
) -> int:
    """Write the stretches of words that add at least `floor`, neighbours joined; return how many there are."""
    made = 0
    for word in range(words):
        if share[word] < floor:
            continue
        begin, finish = place_of(scratch.at, scratch.upto, scratch.starts[word], scratch.ends[word])
        if made and (begin <= finishes[made - 1] or _all_space(spaces, finishes[made - 1], begin)):
            # Under an override the words come from right to left.
            begins[made - 1] = min(begin, begins[made - 1])
            finishes[made - 1] = max(finish, finishes[made - 1])
            adds[made - 1] += share[word]
            continue
        begins[made], finishes[made], adds[made] = begin, finish, share[word]
        made += 1
    return made


@compiled
def _keep_strongest(begins: I32, finishes: I32, adds: NDArray[np.float64], made: int, most: int) -> int:
    """Leave the `most` strongest stretches, the earlier of two equals, in their order; return how many are left."""
    if made <= most:
        return made
    kept = np.zeros(made, np.bool_)
    for _ in range(most):
        strongest = -1
        for place in range(made):
            if not kept[place] and (strongest < 0 or adds[place] > adds[strongest]):
                strongest = place
        kept[strongest] = True
    left = 0
    for place in range(made):
        if kept[place]:
            begins[left], finishes[left], adds[left] = begins[place], finishes[place], adds[place]
            left += 1
    return left


@compiled
def spans(
    data: U8,
    offsets: NDArray[np.int64],
    tables: FoldTables,
    weights: NDArray[np.int8],
    scale: NDArray[np.float64],
    wanted: NDArray[np.bool_],
    part: float,
    most: int,
) -> tuple[I32, I32, I32, I32, NDArray[np.float64]]:
    """Return (row, head, first code point, last, what it adds) of each stretch that raised a score, in that order.

    `wanted` has shape (texts, heads): for the rest nothing is looked for. A word counts from `part` of what the
    strongest word adds; at most `most` stretches are given for each text and head, the strongest.
    """
    mask = np.uint64(len(weights) // 2 - 1)
    scratch = scratch_for(offsets)
    room = len(scratch.chars)
    spaces, share = np.empty(room, np.uint8), np.empty(room, np.float64)
    begins, finishes, adds = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.float64)
    limit = wanted.sum() * most
    rows, heads = np.empty(limit, np.int32), np.empty(limit, np.int32)
    froms, untils, values = np.empty(limit, np.int32), np.empty(limit, np.int32), np.empty(limit, np.float64)
    filled = 0
    for row in range(len(offsets) - 1):
        if not wanted[row].any():
            continue
        words, made = features(data, offsets[row], offsets[row + 1], tables, mask, scratch)
        _mark_spaces(data, offsets[row], offsets[row + 1], spaces)
        for head in range(weights.shape[1]):
            if not wanted[row, head] or words == 0:
                continue
            share[:words] = 0.0
            _share_out(scratch, made, weights[:, head], scale[head], share)
            floor = max(share[:words].max() * part, 1e-9)
            found = _join(scratch, words, share, floor, spaces, begins, finishes, adds)
            found = _keep_strongest(begins, finishes, adds, found, most)
            for place in range(found):
                rows[filled], heads[filled] = row, head
                froms[filled], untils[filled], values[filled] = begins[place], finishes[place], adds[place]
                filled += 1
    return rows[:filled], heads[:filled], froms[:filled], untils[:filled], values[:filled]
