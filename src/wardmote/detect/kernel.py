"""The compiled path from UTF-8 to hashed features to scores. Every function here releases the GIL.

A text is folded (`folding.py`), split into words, and each word gives its character 3- to 5-grams with borders, itself,
and its pairs, triples and skip-pairs with the words before it. Each feature is hashed to a bucket of the weights; a
text of N features has the value 1/sqrt(N) in each, so that the logit of a head is
`bias + scale * (sum of its weights) / sqrt(N)`: exactly additive over features, and over words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.folding import DIGIT, JOINER, LAST, LETTER, LONGEST, SYMBOL, FoldTables
from wardmote.detect.jit import compiled
from wardmote.detect.listing import bucket_of, hash_listed, mix

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]
U64 = NDArray[np.uint64]

_BORDER = np.uint64(0x1FFFFF)
_SEED_GRAM, _SEED_WORD, _SEED_PAIR, _SEED_TRIPLE, _SEED_SKIP = (
    np.uint64(each)
    for each in (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89, 0x452821E638D01377)
)
GRAM_LOW, GRAM_HIGH = 3, 5
NOTHING = 255


@compiled
def fold(data: U8, begin: int, end: int, tables: FoldTables, chars: U32, kinds: U8, at: I32, upto: I32) -> int:
    """Fold the well-formed UTF-8 in `data[begin:end]`; return how many characters came out.

    Character k of the result, of the class `kinds[k]`, came from the code points `at[k]` to `upto[k]` of the text.
    """
    out = 0
    point = 0
    here = begin
    while here < end:
        lead = np.uint32(data[here])
        size = 1 if lead < 0x80 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        if here + size > end:
            break
        char = lead if size == 1 else lead & np.uint32(0xFF >> (size + 1))
        for more in range(1, size):
            char = (char << np.uint32(6)) | (np.uint32(data[here + more]) & np.uint32(0x3F))
        here += size
        entry = tables.becomes[tables.blocks[char >> np.uint32(8)], char & np.uint32(0xFF)]
        if entry == 1:
            if out:
                upto[out - 1] = point + 1
        elif entry < LAST + 2:
            if entry:
                char = np.uint32(entry - 2)
            chars[out] = char
            kinds[out] = tables.kinds[tables.blocks[char >> np.uint32(8)], char & np.uint32(0xFF)]
            at[out] = point
            upto[out] = point + 1
            out += 1
        else:
            start = entry - 2 - LAST
            for more in range(tables.longer[start]):
                char = np.uint32(tables.longer[start + 1 + more])
                chars[out] = char
                kinds[out] = tables.kinds[tables.blocks[char >> np.uint32(8)], char & np.uint32(0xFF)]
                at[out] = point
                upto[out] = point + 1
                out += 1
        point += 1
    return out


@compiled
def _unleet(char: np.uint32) -> np.uint32:
    """Return the letter that a digit or sign stands for inside a word, or 0."""
    if char == 48:
        return np.uint32(111)
    if char == 49 or char == 33:
        return np.uint32(105)
    if char == 51:
        return np.uint32(101)
    if char == 52 or char == 64:
        return np.uint32(97)
    if char == 53 or char == 36:
        return np.uint32(115)
    if char == 55:
        return np.uint32(116)
    return np.uint32(0)


@compiled
def _skip(chars: U32, kinds: U8, here: int, count: int) -> int:
    """Return where a link or a mention that begins at `here` ends, or `here` if none does: neither is evidence."""
    char = chars[here]
    if char == 64 and here + 1 < count and (kinds[here + 1] == LETTER or kinds[here + 1] == DIGIT):
        here += 1
        while here < count and (kinds[here] == LETTER or kinds[here] == DIGIT or chars[here] in (45, 46, 64, 95)):
            here += 1
        return here
    link = False
    if (
        char == 104
        and here + 7 < count
        and chars[here + 1] == 116
        and chars[here + 2] == 116
        and chars[here + 3] == 112
    ):
        colon = here + 5 if chars[here + 4] == 115 else here + 4
        link = chars[colon] == 58 and chars[colon + 1] == 47 and chars[colon + 2] == 47
    elif char == 119 and here + 3 < count:
        link = chars[here + 1] == 119 and chars[here + 2] == 119 and chars[here + 3] == 46
    if link:
        while here < count and chars[here] > 32 and chars[here] not in (0x22, 0x29, 0x3E):
            here += 1
    return here


@compiled
def _word(chars: U32, kinds: U8, at: I32, upto: I32, here: int, count: int, made: int) -> tuple[int, int]:
    """Write the word that begins at `chars[here]` to `chars[made:]`; return where reading and writing stand."""
    first = made
    while here < count:
        char = chars[here]
        kind = kinds[here]
        following = kinds[here + 1] if here + 1 < count else NOTHING
        if kind != LETTER:
            after_letter = made > first and chars[made - 1] != 48
            letter = _unleet(char)
            if kind == JOINER and made > first and following == LETTER:
                here += 1
                continue
            if letter and after_letter and (following == LETTER or char == 36):
                char = letter
            elif kind == DIGIT:
                char = np.uint32(48)
            else:
                break
        if made - first >= 2 and chars[made - 1] == char and chars[made - 2] == char:
            upto[made - 1] = upto[here]
        else:
            begun, done = at[here], upto[here]
            chars[made] = char
            at[made] = begun
            upto[made] = done
            made += 1
        here += 1
    return here, made


@compiled
def split(chars: U32, kinds: U8, at: I32, upto: I32, count: int, starts: I32, ends: I32) -> int:
    """Split `count` folded characters into words, in place; return how many there are.

    Word k is `chars[starts[k]:ends[k]]` afterwards. Inside a word signs that stand for letters are read as letters,
    other digits as 0, and runs of one letter are cut to two. An emoji is a word. Links and mentions are left out.
    """
    words = 0
    made = 0
    here = 0
    while here < count:
        kind = kinds[here]
        if chars[here] == 64 or chars[here] == 104 or chars[here] == 119:
            skipped = _skip(chars, kinds, here, count)
            if skipped > here:
                here = skipped
                continue
        if kind == SYMBOL:
            chars[made], at[made], upto[made] = chars[here], at[here], upto[here]
            starts[words] = made
            made += 1
            here += 1
        elif kind == LETTER or kind == DIGIT:
            starts[words] = made
            here, made = _word(chars, kinds, at, upto, here, count, made)
        else:
            here += 1
            continue
        ends[words] = made
        words += 1
    return words


@compiled
def hash_features(
    chars: U32,
    starts: I32,
    ends: I32,
    words: int,
    mask: np.uint64,
    listed: U64,
    buckets: I32,
    firsts: I32,
    lasts: I32,
) -> int:
    """Write the bucket of every feature, and the first and last word it covers; return how many there are.

    Character n-grams go to the lower half of the buckets, words and their combinations to the upper half.
    A skip-pair covers its two outer words: its `lasts` is written as the complement (negative) to say so.
    """
    made = 0
    words_at = np.int64(mask) + 1
    before = np.uint64(0)
    before2 = np.uint64(0)
    for word in range(words):
        first, last = starts[word], ends[word]
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
        if word >= 1:
            pair = mix(mix(_SEED_PAIR, before), whole)
            buckets[made], firsts[made], lasts[made] = bucket_of(pair, mask) + words_at, word - 1, word
            made += 1
        if word >= 2:
            triple = mix(mix(mix(_SEED_TRIPLE, before2), before), whole)
            buckets[made], firsts[made], lasts[made] = bucket_of(triple, mask) + words_at, word - 2, word
            made += 1
            apart = mix(mix(_SEED_SKIP, before2), whole)
            buckets[made], firsts[made], lasts[made] = bucket_of(apart, mask) + words_at, word - 2, ~word
            made += 1
        before2, before = before, whole
    if len(listed):
        made = hash_listed(chars, starts, ends, words, mask, listed, buckets, firsts, lasts, made)
    return made


@compiled
def room_for(offsets: NDArray[np.int64]) -> tuple[int, int]:
    longest = 0
    for row in range(len(offsets) - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    room = longest * LONGEST + 8
    # Most features come from one-letter words: 4 each, one character each; else 3 n-grams a place and two borders.
    return room, room * 8 + 8


@compiled
def extract(data: U8, offsets: NDArray[np.int64], tables: FoldTables, bits: int) -> tuple[I32, NDArray[np.int64]]:
    """Return the buckets of all features of all texts, one after another, and where each text's begin."""
    mask = np.uint64((1 << (bits - 1)) - 1)
    room, many = room_for(offsets)
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto = np.empty(room, np.int32), np.empty(room, np.int32)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    buckets, firsts, lasts = np.empty(many, np.int32), np.empty(many, np.int32), np.empty(many, np.int32)
    begins = np.zeros(len(offsets), np.int64)
    found = np.empty(max(1024, 8 * (offsets[-1] - offsets[0])), np.int32)
    filled = 0
    for row in range(len(offsets) - 1):
        count = fold(data, offsets[row], offsets[row + 1], tables, chars, kinds, at, upto)
        words = split(chars, kinds, at, upto, count, starts, ends)
        made = hash_features(chars, starts, ends, words, mask, tables.listed, buckets, firsts, lasts)
        if filled + made > len(found):
            grown = np.empty(2 * (filled + made), np.int32)
            grown[:filled] = found[:filled]
            found = grown
        found[filled : filled + made] = buckets[:made]
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
    room, many = room_for(offsets)
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto = np.empty(room, np.int32), np.empty(room, np.int32)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    buckets, firsts, lasts = np.empty(many, np.int32), np.empty(many, np.int32), np.empty(many, np.int32)
    logits = np.empty((len(offsets) - 1, heads))
    sums = np.empty(heads, np.int64)
    flat = weights.reshape(-1)
    for row in range(len(offsets) - 1):
        count = fold(data, offsets[row], offsets[row + 1], tables, chars, kinds, at, upto)
        words = split(chars, kinds, at, upto, count, starts, ends)
        made = hash_features(chars, starts, ends, words, mask, tables.listed, buckets, firsts, lasts)
        _sum_up(buckets, made, flat, heads, sums)
        for head in range(heads):
            logits[row, head] = bias[head] + scale[head] * sums[head] / np.sqrt(max(1, made))
    return logits


@compiled
def probability(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sigmoid of each logit, rounded to four decimals."""
    return np.round(1.0 / (1.0 + np.exp(-logits)), 4)
