"""What is evidence of nothing by itself, whatever the labelled texts say: names of people, and single letters.

Every training ends with this. Names and signs of who somebody is are not read at all (`names.py`, `identity.py`). Of a
single letter the weight alone is lowered, as far as it takes for the letter by itself to stay below the level at which
a text is looked at. Its pairs and triples with other words keep theirs, so that what is said with it still counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase

import numpy as np

from wardmote.detect import scoring
from wardmote.detect.lists.names import names_table
from wardmote.detect.models.weights import Weights
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.training.data.ranking import threshold_at

LETTERS: Sequence[str] = tuple(ascii_lowercase)
LEVEL_SHARE = 0.01
"""A text is looked at from the score on that this share of ordinary posts reaches."""
_BELOW = 0.8
"""How far below the level a word by itself is brought, as a factor of it."""
_LEAST = -127


def without_names(tables: FoldTables) -> FoldTables:
    """Return tables by which the names of people are not read."""
    return tables._replace(names=names_table())


def neutralised(weights: Weights, ordinary: Sequence[str]) -> Weights:
    """Return weights by which no single letter reaches the level that ordinary posts set."""
    data, offsets = _bytes(ordinary)
    logits = scoring.score(data, offsets, weights.tables, weights.weights, weights.scale, weights.bias)
    scores = scoring.probability(logits)
    levels = {head: threshold_at(scores[:, number], LEVEL_SHARE) for number, head in enumerate(weights.heads)}
    return quieten(weights, LETTERS, levels)


def quieten(weights: Weights, words: Sequence[str], levels: Mapping[str, float]) -> Weights:
    """Return weights by which each of `words` alone scores below its level in each head that `levels` names."""
    table = weights.weights.copy()
    half = len(table) // 2
    for word in words:
        data, offsets = _bytes([word])
        buckets, _ = scoring.extract(data, offsets, weights.tables, len(table).bit_length() - 1)
        own = buckets[buckets >= half]
        if not len(own):
            continue
        for head, name in enumerate(weights.heads):
            if name not in levels:
                continue
            most = max(levels[name] * _BELOW, np.finfo(np.float64).tiny)
            logit = np.log(most / (1 - most))
            room = (logit - weights.bias[head]) / weights.scale[head] * np.sqrt(len(buckets))
            # Where nothing said is above the level too, the letter says nothing.
            excess = int(np.ceil(table[buckets, head].astype(np.int64).sum() - max(room, 0.0)))
            if excess > 0:
                share = -(-excess // len(own))
                table[own, head] = np.maximum(table[own, head].astype(np.int64) - share, _LEAST)
    return replace(weights, weights=table, digest="")


def _bytes(
    texts: Sequence[str],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint8]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded) or b"\0", np.uint8), offsets
