"""How alike texts are, without keeping them: MinHash signatures of sets of hashed features.

Two signatures agree in about the share of places that the sets have in common of all they hold (Jaccard).
Broder (1997), "On the resemblance and containment of documents".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled


@compiled
def sign(buckets: NDArray[np.int32], begins: NDArray[np.int64], multipliers: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return the MinHash signature of each text's set of buckets, shape (texts, multipliers)."""
    signatures = np.full((len(begins) - 1, len(multipliers)), 0xFFFFFFFF, np.uint32)
    for text in range(len(begins) - 1):
        for place in range(begins[text], begins[text + 1]):
            for hashed in range(len(multipliers)):
                value = np.uint32((np.uint64(buckets[place] + 1) * multipliers[hashed]) >> np.uint64(20))
                signatures[text, hashed] = min(signatures[text, hashed], value)
    return signatures


def pair_keys(signatures: NDArray[np.uint32], place: int) -> NDArray[np.uint64]:
    """Return one key for each signature, of its numbers at `place` and the next: equal where both are."""
    return np.asarray(signatures[:, place].astype(np.uint64) << np.uint64(32) | signatures[:, place + 1], np.uint64)


def likeness(signatures: NDArray[np.uint32], signature: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return in which share of places each of `signatures` agrees with `signature`, 0 to 1."""
    return np.asarray((signatures == signature).mean(axis=1), np.float64)
