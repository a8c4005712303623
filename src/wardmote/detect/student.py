"""The second stage: a small network over the words of a text, taught by the language model of the third.

A word's vector is the mean of the vectors of its character n-grams and of itself, each hashed to a bucket. Every three
words in a row give `channels` features; their highest and their mean over the text go through one hidden layer. About
30 microseconds a post.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.errors import WeightsError
from wardmote.detect.folding import FoldTables
from wardmote.detect.jit import compiled
from wardmote.detect.kernel import F64, I32, U8, fold, hash_features, room_for
from wardmote.detect.splitting import split
from wardmote.detect.weights import pack

F32 = NDArray[np.float32]
REACH = 3
"""Words that are seen side by side."""


class Network(NamedTuple):
    """`vectors` is int8 of shape (buckets, width), to be multiplied by `scale`; the rest is float32.

    `beside` has shape (REACH * width, channels), `hidden` (2 * channels, size), `out` (size, heads).
    """

    vectors: NDArray[np.int8]
    scale: float
    beside: F32
    beside_bias: F32
    hidden: F32
    hidden_bias: F32
    out: F32
    out_bias: F32


@dataclass(frozen=True, slots=True, eq=False)
class Student:
    """The network and what it judges; `digest` is the SHA-256 of its file."""

    heads: tuple[str, ...]
    network: Network
    digest: str = ""

    def logits(self, data: U8, offsets: NDArray[np.int64], tables: FoldTables) -> F64:
        """Return the logits of UTF-8 texts, shape (texts, heads). Releases the GIL."""
        return run(data, offsets, tables, self.network)

    def to_bytes(self) -> bytes:
        """Return the file's content; the same weights give the same bytes."""
        arrays = {name: np.asarray(each) for name, each in self.network._asdict().items()}
        return pack({"heads": np.array(self.heads), **arrays})

    @classmethod
    def load(cls, path: Path) -> Student:
        """Read the file at `path`. Raises `WeightsError`."""
        try:
            content = path.read_bytes()
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                parts = {name: np.ascontiguousarray(stored[name]) for name in Network._fields if name != "scale"}
                network = Network(scale=float(stored["scale"]), **parts)
                heads = tuple(str(head) for head in stored["heads"])
        except OSError as error:
            raise WeightsError(f"cannot read {path}: {error.strerror}") from None
        except (KeyError, ValueError, EOFError) as error:
            raise WeightsError(f"{path} holds no student: {error}") from None
        return cls(heads, network, hashlib.sha256(content).hexdigest())


@compiled
def _add(vectors: NDArray[np.int8], bucket: int, sums: NDArray[np.int32]) -> None:
    line = vectors[bucket]
    for place in range(len(sums)):
        sums[place] += line[place]


@compiled
def _through(value: np.float32, line: F32, sums: F32) -> None:
    """Add `value` times a row of weights: a loop of its own, so that it runs many at a time."""
    for place in range(len(sums)):
        sums[place] += value * line[place]


@compiled
def _embed(
    vectors: NDArray[np.int8], scale: float, words: int, made: int, buckets: I32, firsts: I32, lasts: I32, seen: F32
) -> None:
    """Write each word's vector to `seen`, from row 1 on; rows of zeros stand before and after them."""
    width = vectors.shape[1]
    sums = np.empty(width, np.int32)
    feature = 0
    for word in range(words):
        parts = 0
        sums[:] = 0
        while feature < made and (lasts[feature] == word or ~lasts[feature] == word):
            if firsts[feature] == lasts[feature]:
                _add(vectors, buckets[feature], sums)
                parts += 1
            feature += 1
        factor = np.float32(scale / max(1, parts))
        for place in range(width):
            seen[word + 1, place] = np.float32(sums[place]) * factor
    seen[words + 1, :] = 0


@compiled
def run(data: U8, offsets: NDArray[np.int64], tables: FoldTables, network: Network) -> F64:
    """Return the logits, shape (texts, heads)."""
    buckets_of, width = network.vectors.shape
    beside, hidden, out = network.beside, network.hidden, network.out
    channels, size, heads = beside.shape[1], hidden.shape[1], out.shape[1]
    mask = np.uint64(buckets_of // 2 - 1)
    room, many = room_for(offsets)
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto = np.empty(room, np.int32), np.empty(room, np.int32)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    buckets, firsts, lasts = np.empty(many, np.int32), np.empty(many, np.int32), np.empty(many, np.int32)
    seen = np.zeros((room + 2, width), np.float32)
    here, highest = np.empty(channels, np.float32), np.empty(channels, np.float32)
    mean, inner = np.empty(channels, np.float32), np.empty(size, np.float32)
    nothing = np.float32(0)
    logits = np.empty((len(offsets) - 1, heads))
    for row in range(len(offsets) - 1):
        count = fold(data, offsets[row], offsets[row + 1], tables, chars, kinds, at, upto)
        words = split(chars, kinds, at, upto, count, starts, ends)
        made = hash_features(chars, starts, ends, words, mask, tables.listed, at, upto, buckets, firsts, lasts)
        _embed(network.vectors, network.scale, words, made, buckets, firsts, lasts, seen)
        highest[:] = 0
        mean[:] = 0
        for word in range(words):
            here[:] = network.beside_bias
            for near in range(REACH):
                for place in range(width):
                    _through(seen[word + near, place], beside[near * width + place], here)
            for channel in range(channels):
                value = max(here[channel], nothing)
                highest[channel] = max(highest[channel], value)
                mean[channel] += value
        inner[:] = network.hidden_bias
        share = np.float32(1.0 / max(1, words))
        for channel in range(channels):
            _through(highest[channel], hidden[channel], inner)
            _through(mean[channel] * share, hidden[channels + channel], inner)
        for head in range(heads):
            total = np.float64(network.out_bias[head])
            for place in range(size):
                total += max(inner[place], nothing) * out[place, head]
            logits[row, head] = total
    return logits
