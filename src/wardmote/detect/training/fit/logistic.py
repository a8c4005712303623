"""Fitting: one logistic regression per head over hashed features, with soft targets and weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect import scoring
from wardmote.detect.text.folding import FoldTables

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]


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
    buckets, begins = scoring.extract(data, offsets, tables, settings.bits)
    counts = np.diff(begins)
    values = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    values[buckets >= 1 << (settings.bits - 1)] *= settings.word_value
    # A name is counted, but nothing is learnt from it.
    values[buckets == scoring.name_bucket(np.uint64((1 << (settings.bits - 1)) - 1))] = 0
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


def fit_ridge(matrix: csr_matrix, logits: F64, weights: F64, pull: float, rounds: int) -> tuple[F64, F64]:
    """Return (weight of each bucket, bias) of each head, shapes (buckets, heads) and (heads,).

    They have the least weighted squared error of the `logits`, plus `pull` times the squared weights; `logits` and
    `weights` have the shape (texts, heads). Unlike cross-entropy this keeps the order of the many harmless texts. All
    heads go through conjugate gradients side by side: reading the matrix is what takes the time.
    """
    mean = (weights * logits).sum(axis=0) / weights.sum(axis=0)
    root = np.sqrt(weights).astype(np.float32)
    across = matrix.T

    def apart(point: F32) -> F32:
        # The last row is the bias; five times as large, it is hardly pulled.
        return np.asarray(root * (matrix @ point[:-1] + _BIAS * point[-1]), np.float32)

    def together(left: F32) -> F32:
        left = root * left
        return np.vstack([across @ left, _BIAS * left.sum(axis=0)])

    left: F32 = (root * (logits - mean)).astype(np.float32)
    point: F32 = np.zeros((matrix.shape[1] + 1, logits.shape[1]), np.float32)
    slope = together(left)
    step: F32 = slope.copy()
    size = _squares(slope)
    for _ in range(rounds):
        moved = apart(step)
        length = (size / np.maximum(_squares(moved) + pull * _squares(step), 1e-30)).astype(np.float32)
        point = np.asarray(point + length * step, np.float32)
        left = np.asarray(left - length * moved, np.float32)
        slope = together(left) - np.float32(pull) * point
        before, size = size, _squares(slope)
        step = np.asarray(slope + (size / np.maximum(before, 1e-30)).astype(np.float32) * step, np.float32)
    return point[:-1].astype(np.float64), mean + _BIAS * point[-1].astype(np.float64)


_BIAS = np.float32(5.0)


def _squares(columns: F32) -> F64:
    return np.asarray(np.einsum("ij,ij->j", columns, columns, dtype=np.float64), np.float64)


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
