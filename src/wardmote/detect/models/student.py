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
from wardmote.detect.jit import compiled
from wardmote.detect.models.weights import pack
from wardmote.detect.scoring import F64, I32, U8, Scratch, features, scratch_for
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.text.tokenize import place_of

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
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
class Studied:
    """What the network saw in one text, word by word: enough to score any stretch of it without reading it again.

    `seen` has shape (words, channels); word k covers the code points `begins[k]` to `finishes[k]`.
    """

    network: Network
    seen: F32
    begins: I32
    finishes: I32

    def alone(self, firsts: I64, lasts: I64) -> F64:
        """Return the logits of stretches of words, half-open, each as if it were the text; shape (stretches, heads)."""
        if not len(self.seen):
            return self._out(np.zeros((len(firsts), 2 * self.seen.shape[1]), np.float32))
        sums = np.concatenate([np.zeros((1, self.seen.shape[1])), np.cumsum(self.seen, axis=0, dtype=np.float64)])
        highest = np.stack([self.seen[first:last].max(axis=0) for first, last in zip(firsts, lasts, strict=True)])
        mean = (sums[lasts] - sums[firsts]) / (lasts - firsts)[:, None]
        return self._out(np.concatenate([highest, mean.astype(np.float32)], axis=1))

    def without(self, firsts: I64, lasts: I64) -> F64:
        """Return the logits of the text without each stretch of words, shape (stretches, heads).

        What the network saw of a stretch and its neighbours together is left out too; nothing is seen at the seam.
        """
        many, channels = self.seen.shape
        zeros = np.zeros((1, channels), np.float32)
        before = np.concatenate([zeros, np.maximum.accumulate(self.seen, axis=0)])
        after = np.concatenate([np.maximum.accumulate(self.seen[::-1], axis=0)[::-1], zeros])
        sums = np.concatenate([np.zeros((1, channels)), np.cumsum(self.seen, axis=0, dtype=np.float64)])
        begin, end = np.maximum(firsts - REACH // 2, 0), np.minimum(lasts + REACH // 2, many)
        highest = np.maximum(before[begin], after[end])
        left = np.maximum(many - (end - begin), 1)[:, None]
        mean = (sums[many] - sums[end] + sums[begin]) / left
        return self._out(np.concatenate([highest, mean.astype(np.float32)], axis=1))

    def _out(self, pooled: F32) -> F64:
        network = self.network
        inner = np.maximum(pooled @ network.hidden + network.hidden_bias, 0)
        return np.asarray(inner.astype(np.float64) @ network.out + network.out_bias, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Student:
    """The network and what it judges; `digest` is the SHA-256 of its file."""

    heads: tuple[str, ...]
    network: Network
    digest: str = ""

    def logits(self, data: U8, offsets: NDArray[np.int64], tables: FoldTables) -> F64:
        """Return the logits of UTF-8 texts, shape (texts, heads). Releases the GIL."""
        return run(data, offsets, tables, self.network)

    def study(self, data: U8, tables: FoldTables) -> Studied:
        """Return what is seen in one UTF-8 text, word by word: about as much work as its logits."""
        return Studied(self.network, *study(data, tables, self.network))

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
def _embed(vectors: NDArray[np.int8], scale: float, words: int, made: int, scratch: Scratch, seen: F32) -> None:
    """Write each word's vector to `seen`, from row 1 on; rows of zeros are before and after them."""
    buckets, firsts, lasts = scratch.buckets, scratch.firsts, scratch.lasts
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
def _see(seen: F32, word: int, beside: F32, bias: F32, here: F32) -> None:
    """Write the features of a word and its neighbours to `here`, shape (channels,)."""
    width = seen.shape[1]
    here[:] = bias
    for near in range(REACH):
        for place in range(width):
            _through(seen[word + near, place], beside[near * width + place], here)
    for channel in range(len(here)):
        here[channel] = max(here[channel], np.float32(0))


@compiled
def study(data: U8, tables: FoldTables, network: Network) -> tuple[F32, I32, I32]:
    """Return the features of each word of one text, shape (words, channels), and the code points that it covers."""
    buckets_of, width = network.vectors.shape
    scratch = scratch_for(np.array([0, len(data)], np.int64))
    mask = np.uint64(buckets_of // 2 - 1)
    words, made = features(data, 0, len(data), tables, mask, scratch)
    seen = np.zeros((words + 2, width), np.float32)
    _embed(network.vectors, network.scale, words, made, scratch, seen)
    found = np.empty((words, network.beside.shape[1]), np.float32)
    begins, finishes = np.empty(words, np.int32), np.empty(words, np.int32)
    for word in range(words):
        _see(seen, word, network.beside, network.beside_bias, found[word])
        first, last = scratch.starts[word], scratch.ends[word]
        begins[word], finishes[word] = place_of(scratch.at, scratch.upto, first, last)
    return found, begins, finishes


@compiled
def run(data: U8, offsets: NDArray[np.int64], tables: FoldTables, network: Network) -> F64:
    """Return the logits, shape (texts, heads)."""
    buckets_of, width = network.vectors.shape
    beside, hidden, out = network.beside, network.hidden, network.out
    channels, size, heads = beside.shape[1], hidden.shape[1], out.shape[1]
    mask = np.uint64(buckets_of // 2 - 1)
    scratch = scratch_for(offsets)
    seen = np.zeros((len(scratch.chars) + 2, width), np.float32)
    here, highest = np.empty(channels, np.float32), np.empty(channels, np.float32)
    mean, inner = np.empty(channels, np.float32), np.empty(size, np.float32)
    nothing = np.float32(0)
    logits = np.empty((len(offsets) - 1, heads))
    for row in range(len(offsets) - 1):
        words, made = features(data, offsets[row], offsets[row + 1], tables, mask, scratch)
        _embed(network.vectors, network.scale, words, made, scratch, seen)
        highest[:] = 0
        mean[:] = 0
        for word in range(words):
            _see(seen, word, beside, network.beside_bias, here)
            for channel in range(channels):
                highest[channel] = max(highest[channel], here[channel])
                mean[channel] += here[channel]
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
