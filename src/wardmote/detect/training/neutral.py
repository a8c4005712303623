"""What is evidence of nothing by itself, whatever the labelled texts say: single letters.

After training the weight of such a word alone is lowered as far as it takes for the word by itself to stay below the
level at which a text is looked at. Its pairs and triples with other words keep theirs, so that what is said with it
still counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase

import numpy as np

from wardmote.detect.kernel import features, room_for
from wardmote.detect.weights import Weights

LETTERS: Sequence[str] = tuple(ascii_lowercase)
_BELOW = 0.8
"""How far below the level a word by itself is brought, as a factor of it."""
_LEAST = -127


def quieten(weights: Weights, words: Sequence[str], levels: Mapping[str, float]) -> Weights:
    """Return weights by which each of `words` alone scores below its level in each head that `levels` names."""
    table = weights.weights.copy()
    half = len(table) // 2
    for word in words:
        buckets = _buckets(word, weights)
        own = buckets[buckets >= half]
        if not len(own):
            continue
        for head, name in enumerate(weights.heads):
            if name not in levels:
                continue
            most = levels[name] * _BELOW
            logit = np.log(most / (1 - most))
            room = (logit - weights.bias[head]) / weights.scale[head] * np.sqrt(len(buckets))
            excess = int(np.ceil(table[buckets, head].astype(np.int64).sum() - room))
            if excess > 0:
                share = -(-excess // len(own))
                table[own, head] = np.maximum(table[own, head].astype(np.int64) - share, _LEAST)
    return Weights(weights.heads, table, weights.scale, weights.bias, weights.tables)


def _buckets(word: str, weights: Weights) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return the buckets of all features of a text."""
    data = np.frombuffer(word.encode(), np.uint8)
    offsets = np.array([0, len(data)], np.int64)
    room, many = room_for(offsets)
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto, starts, ends = (np.empty(room, np.int32) for _ in range(4))
    buckets, firsts, lasts = (np.empty(many, np.int32) for _ in range(3))
    mask = np.uint64(len(weights.weights) // 2 - 1)
    _, made = features(
        data, 0, len(data), weights.tables, mask, chars, kinds, at, upto, starts, ends, buckets, firsts, lasts
    )
    return buckets[:made]
