"""Fitting: one logistic regression per head over hashed features, with soft targets and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import kernel
from wardmote.detect.folding import FoldTables

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fit. `bits` sets the number of buckets, 2**bits; `ridge` the pull of each weight to zero.

    `word_value` is what a word, pair or triple counts beside a character n-gram while fitting: words are fewer, and
    the ridge would otherwise spread their part over the n-grams inside them. `seed` is for the bootstrap alone.
    """

    bits: int = 19
    ridge: float = 1e-5
    rounds: int = 80
    word_value: float = 2.5
    seed: int = 1


def features(texts: Sequence[str], tables: FoldTables, settings: Settings) -> csr_matrix:
    """Return the feature values of each text, shape (texts, 2**bits), float32."""
    from scipy.sparse import csr_matrix

    encoded = [text.encode("utf-8") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    data = np.frombuffer(b"".join(encoded) or b"\0", np.uint8)
    buckets, begins = kernel.extract(data, offsets, tables, settings.bits)
    counts = np.diff(begins)
    values = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    values[buckets >= 1 << (settings.bits - 1)] *= settings.word_value
    matrix = csr_matrix((values, buckets, begins), shape=(len(texts), 1 << settings.bits))
    matrix.sum_duplicates()
    return matrix


def fit_head(matrix: csr_matrix, targets: F64, weights: F64, settings: Settings) -> tuple[F64, float]:
    """Return (weight of each bucket, bias) that minimise weighted cross-entropy plus the ridge penalty.

    `targets` are probabilities, `weights` at least 0; rows of weight 0 are not looked at.
    """
    from scipy.optimize import minimize

    used = np.flatnonzero(weights > 0)
    part = matrix[used]
    across = part.T.tocsr()
    target, share = targets[used], weights[used] / weights[used].sum()
    size = part.shape[1]

    def loss(point: F64) -> tuple[float, F64]:
        logits = part @ point[:size] + point[size]
        cost = float(share @ (np.logaddexp(0.0, logits) - target * logits))
        slope = share * (1.0 / (1.0 + np.exp(-logits)) - target)
        gradient = np.append(across @ slope + settings.ridge * point[:size], slope.sum())
        return cost + 0.5 * settings.ridge * float(point[:size] @ point[:size]), gradient

    mean = float(np.clip(share @ target, 1e-4, 1 - 1e-4))
    start = np.zeros(size + 1)
    start[size] = np.log(mean / (1 - mean))
    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": settings.rounds, "maxcor": 10})
    return found.x[:size], float(found.x[size])


def calibrate(logits: F64, targets: F64, weights: F64) -> tuple[float, float]:
    """Return (slope, shift) so that sigmoid(slope * logit + shift) is a calibrated probability (Platt scaling)."""
    from scipy.optimize import minimize

    share = weights / weights.sum()

    def loss(point: F64) -> float:
        scaled = np.exp(point[0]) * logits + point[1]
        return float(share @ (np.logaddexp(0.0, scaled) - targets * scaled)) + 1e-4 * float(point[0] ** 2)

    found: Any = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"maxiter": 2000})
    return float(np.exp(found.x[0])), float(found.x[1])


def quantise(weights: F64) -> tuple[NDArray[np.int8], float]:
    """Return int8 weights and the scale that turns them back. Cutting the largest off costs more than it saves."""
    scale = max(float(np.abs(weights).max()), 1e-12) / 127.0
    return np.rint(weights / scale).astype(np.int8), scale
