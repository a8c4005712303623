"""The compiled path from UTF-8 to hashed features to scores. Every function here releases the GIL.

A text is folded (`folding.py`, `lookalikes.py`), split into words (`splitting.py`), and each word gives its character
3- to 5-grams with borders, itself, and its pairs, triples and skip-pairs with the words before it. Each feature is
hashed to a bucket of the weights; a text of N features has the value 1/sqrt(N) in each, so that the logit of a head is
`bias + scale * (sum of its weights) / sqrt(N)`: exactly additive over features, and over words.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled
from wardmote.detect.lists.naming import NAMED, mark_names
from wardmote.detect.lists.wordlist_features import bucket_of, hash_listed, mix
from wardmote.detect.text.bidi import OVERRIDE, turn
from wardmote.detect.text.confusables import FOREIGN, latinise
from wardmote.detect.text.folding import LAST, LETTER, LONGEST, FoldTables
from wardmote.detect.text.tokenize import split

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
U64 = NDArray[np.uint64]

_BORDER = np.uint64(0x1FFFFF)
_SEED_GRAM, _SEED_WORD, _SEED_PAIR, _SEED_TRIPLE, _SEED_SKIP, _SEED_NAME = (
    np.uint64(each)
    for each in (
        *(0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89, 0x452821E638D01377),
        0x3F39CC36DDD3FC1B,
    )
)
GRAM_LOW, GRAM_HIGH = 3, 5
NAME_COUNTS = 20
"""As many features a name of six letters would have: it says nothing, but it makes a text longer."""


class Scratch(NamedTuple):
    """Room for one text, used for one after the other: what was read of it, in the order in which it is found out.

    Characters, their classes, and the code points that each came from (`at` to `upto`); the characters of each word
    (`starts` to `ends`); each feature's bucket, and the first and last word that it covers.
    """

    chars: U32
    kinds: U8
    at: I32
    upto: I32
    starts: I32
    ends: I32
    buckets: I32
    firsts: I32
    lasts: I32


@compiled
def name_bucket(mask: np.uint64) -> np.int64:
    """Return the bucket of every feature of a name. Its weights are zero in every model."""
    return bucket_of(_SEED_NAME, mask) + np.int64(mask) + 1


@compiled
def fold(data: U8, begin: int, end: int, tables: FoldTables, chars: U32, kinds: U8, at: I32, upto: I32) -> int:
    """Fold the well-formed UTF-8 in `data[begin:end]`; return how many characters came out.

    Character k of the result, of the class `kinds[k]`, came from the code points `at[k]` to `upto[k]` of the text.
    """
    out = 0
    point = 0
    foreign = 0
    turned = 0
    plain, plain_kinds = tables.becomes[tables.blocks[0]], tables.kinds[tables.blocks[0]]
    here = begin
    while here < end:
        lead = np.uint32(data[here])
        if lead < 0x80:
            entry = plain[lead]
            if entry != 1 and entry < LAST + 2:
                # Most characters of most posts come this way.
                char = np.uint32(entry - 2) if entry else lead
                chars[out], kinds[out] = char, plain_kinds[char & np.uint32(0x7F)]
                at[out], upto[out] = point, point + 1
                out += 1
                point += 1
                here += 1
                continue
        size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        if here + size > end:
            break
        char = lead if size == 1 else lead & np.uint32(0xFF >> (size + 1))
        for more in range(1, size):
            char = (char << np.uint32(6)) | (np.uint32(data[here + more]) & np.uint32(0x3F))
        here += size
        entry = tables.becomes[tables.blocks[char >> np.uint32(8)], char & np.uint32(0xFF)]
        if entry == 1:
            turned += int(char == OVERRIDE)
            if out:
                upto[out - 1] = point + 1
        elif entry < LAST + 2:
            if entry:
                char = np.uint32(entry - 2)
            chars[out] = char
            kinds[out] = tables.kinds[tables.blocks[char >> np.uint32(8)], char & np.uint32(0xFF)]
            at[out] = point
            upto[out] = point + 1
            foreign += int(char >= FOREIGN and kinds[out] == LETTER)
            out += 1
        else:
            start = entry - 2 - LAST
            for more in range(tables.longer[start]):
                char = np.uint32(tables.longer[start + 1 + more])
                chars[out] = char
                kinds[out] = tables.kinds[tables.blocks[char >> np.uint32(8)], char & np.uint32(0xFF)]
                at[out] = point
                upto[out] = point + 1
                foreign += int(char >= FOREIGN)
                out += 1
        point += 1
    if turned:
        turn(data, begin, end, chars, kinds, at, upto, out)
    if foreign:
        latinise(chars, kinds, out)
    return out


@compiled
def hash_features(scratch: Scratch, words: int, mask: np.uint64, listed: U64) -> int:
    """Write the bucket of every feature, and the first and last word it covers; return how many there are.

    Character n-grams go to the lower half of the buckets, words and their combinations to the upper half.
    A skip-pair covers its two outer words: its `lasts` is written as the complement (negative) to say so. A name has
    `NAME_COUNTS` features that say nothing, and makes no pair or triple with other words.
    """
    chars, starts, ends = scratch.chars, scratch.starts, scratch.ends
    buckets, firsts, lasts = scratch.buckets, scratch.firsts, scratch.lasts
    made = 0
    words_at = np.int64(mask) + 1
    nothing = name_bucket(mask)
    before = np.uint64(0)
    before2 = np.uint64(0)
    for word in range(words):
        first, last = starts[word], ends[word]
        if chars[first] == NAMED:
            for _ in range(NAME_COUNTS):
                buckets[made], firsts[made], lasts[made] = nothing, word, word
                made += 1
            before2, before = before, np.uint64(0)
            continue
        whole = _SEED_WORD
        for here in range(first, last):
            whole = mix(whole, np.uint64(chars[here]))
        if last - first > 1:
            for here in range(first - 1, last - 1):
                state = _SEED_GRAM
                for size in range(1, GRAM_HIGH + 1):
                    place = here + size - 1
                    if place > last:
                        break
                    inside = first <= place < last
                    state = mix(state, np.uint64(chars[place]) if inside else _BORDER)
                    if size >= GRAM_LOW:
                        buckets[made], firsts[made], lasts[made] = bucket_of(state, mask), word, word
                        made += 1
        buckets[made], firsts[made], lasts[made] = bucket_of(whole, mask) + words_at, word, word
        made += 1
        if before:
            pair = mix(mix(_SEED_PAIR, before), whole)
            buckets[made], firsts[made], lasts[made] = bucket_of(pair, mask) + words_at, word - 1, word
            made += 1
        if before and before2:
            triple = mix(mix(mix(_SEED_TRIPLE, before2), before), whole)
            buckets[made], firsts[made], lasts[made] = bucket_of(triple, mask) + words_at, word - 2, word
            made += 1
        if before2:
            apart = mix(mix(_SEED_SKIP, before2), whole)
            buckets[made], firsts[made], lasts[made] = bucket_of(apart, mask) + words_at, word - 2, ~word
            made += 1
        before2, before = before, whole
    if len(listed):
        made = hash_listed(
            chars, starts, ends, words, mask, listed, scratch.at, scratch.upto, buckets, firsts, lasts, made
        )
    return made


@compiled
def features(data: U8, begin: int, end: int, tables: FoldTables, mask: np.uint64, scratch: Scratch) -> tuple[int, int]:
    """Read the text in `data[begin:end]`: return how many words and how many features it has, both in `scratch`."""
    chars, kinds, at, upto, starts, ends, _, firsts, _ = scratch
    count = fold(data, begin, end, tables, chars, kinds, at, upto)
    words = split(chars, kinds, at, upto, count, starts, ends)
    mark_names(data, begin, end, chars, at, starts, ends, words, tables.names, firsts)
    return words, hash_features(scratch, words, mask, tables.listed)


@compiled
def room_for(offsets: NDArray[np.int64]) -> tuple[int, int]:
    longest = 0
    for row in range(len(offsets) - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    room = longest * LONGEST + 8
    # Most features come from one-letter words: 4 each, one character each; else 3 n-grams a place and two borders.
    return room, room * 8 + 8


@compiled
def scratch_for(offsets: NDArray[np.int64]) -> Scratch:
    """Return room for the longest of these texts."""
    room, many = room_for(offsets)
    return Scratch(
        np.empty(room, np.uint32),
        np.empty(room, np.uint8),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(room, np.int32),
        np.empty(many, np.int32),
        np.empty(many, np.int32),
        np.empty(many, np.int32),
    )


@compiled
def extract(data: U8, offsets: NDArray[np.int64], tables: FoldTables, bits: int) -> tuple[I32, NDArray[np.int64]]:
    """Return the buckets of all features of all texts, one after another, and where each text's begin."""
    mask = np.uint64((1 << (bits - 1)) - 1)
    scratch = scratch_for(offsets)
    begins = np.zeros(len(offsets), np.int64)
    found = np.empty(max(1024, 8 * (offsets[-1] - offsets[0])), np.int32)
    filled = 0
    for row in range(len(offsets) - 1):
        _, made = features(data, offsets[row], offsets[row + 1], tables, mask, scratch)
        if filled + made > len(found):
            grown = np.empty(2 * (filled + made), np.int32)
            grown[:filled] = found[:filled]
            found = grown
        found[filled : filled + made] = scratch.buckets[:made]
        filled += made
        begins[row + 1] = filled
    return found[:filled], begins


@compiled
def _sum_up(buckets: I32, made: int, flat: NDArray[np.int8], heads: int, sums: NDArray[np.int64]) -> None:
    """Write each head's sum of weights. Four heads at a time stay in registers: four times as fast as a loop."""
    whole = heads - heads % 4
    for head in range(0, whole, 4):
        one, two, three, four = 0, 0, 0, 0
        for feature in range(made):
            place = buckets[feature] * heads + head
            one += flat[place]
            two += flat[place + 1]
            three += flat[place + 2]
            four += flat[place + 3]
        sums[head], sums[head + 1], sums[head + 2], sums[head + 3] = one, two, three, four
    for head in range(whole, heads):
        one = 0
        for feature in range(made):
            one += flat[buckets[feature] * heads + head]
        sums[head] = one


@compiled
def score(
    data: U8,
    offsets: NDArray[np.int64],
    tables: FoldTables,
    weights: NDArray[np.int8],
    scale: NDArray[np.float64],
    bias: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the logits, shape (texts, heads). `weights` has shape (buckets, heads), buckets a power of two."""
    heads = weights.shape[1]
    mask = np.uint64(len(weights) // 2 - 1)
    scratch = scratch_for(offsets)
    logits = np.empty((len(offsets) - 1, heads))
    sums = np.empty(heads, np.int64)
    flat = weights.reshape(-1)
    for row in range(len(offsets) - 1):
        _, made = features(data, offsets[row], offsets[row + 1], tables, mask, scratch)
        _sum_up(scratch.buckets, made, flat, heads, sums)
        for head in range(heads):
            logits[row, head] = bias[head] + scale[head] * sums[head] / np.sqrt(max(1, made))
    return logits


@compiled
def probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sigmoid of each logit, rounded to four decimals."""
    return np.round(1.0 / (1.0 + np.exp(-logits)), 4)
