"""Teaches the student what the language model says of many texts, where nobody could read them all.

Needs the packages of `requirements-train.lock`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from wardmote.detect.jit import compiled
from wardmote.detect.models.student import REACH, Network, Student
from wardmote.detect.scoring import F64, U8, features, name_bucket, scratch_for
from wardmote.detect.text.folding import FoldTables
from wardmote.detect.training.fit.train import Say

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
BITS, WIDTH, CHANNELS, HIDDEN = 17, 32, 64, 48
NOTHING = int(name_bucket(np.uint64((1 << (BITS - 1)) - 1)))
"""The bucket of names, whose vector stays zero."""
ROUNDS, BATCH, RATE = 8, 256, 2e-3
LONGEST = 256
"""Words of a text that are learnt from."""


@compiled
def word_features(data: U8, offsets: I64, tables: FoldTables, bits: int) -> tuple[I32, I64, I64]:
    """Return the buckets of all words' own features, where each word's begin, and where each text's words begin."""
    mask = np.uint64((1 << (bits - 1)) - 1)
    scratch = scratch_for(offsets)
    buckets, firsts, lasts = scratch.buckets, scratch.firsts, scratch.lasts
    total = offsets[-1] - offsets[0] + 8
    found, words_at = np.empty(8 * total, np.int32), np.empty(total, np.int64)
    texts_at = np.zeros(len(offsets), np.int64)
    filled, worded = 0, 0
    for row in range(len(offsets) - 1):
        _, made = features(data, offsets[row], offsets[row + 1], tables, mask, scratch)
        before = -1
        for feature in range(made):
            if firsts[feature] == lasts[feature]:
                if firsts[feature] != before:
                    words_at[worded] = filled
                    worded += 1
                    before = firsts[feature]
                found[filled] = buckets[feature]
                filled += 1
        texts_at[row + 1] = worded
    words_at[worded] = filled
    return found[:filled], words_at[: worded + 1], texts_at


class Learner(nn.Module):
    """The student while it learns."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.vectors = nn.EmbeddingBag(1 << BITS, WIDTH, mode="mean", padding_idx=NOTHING)
        nn.init.normal_(self.vectors.weight, std=0.3)
        self.beside = nn.Linear(REACH * WIDTH, CHANNELS)
        self.hidden = nn.Linear(2 * CHANNELS, HIDDEN)
        self.out = nn.Linear(HIDDEN, heads)
        self.drop = nn.Dropout(0.2)

    def forward(self, buckets: Tensor, words_at: Tensor, counts: Sequence[int]) -> Tensor:
        words = self.drop(self.vectors(buckets, words_at))
        longest = max(1, *counts)
        where = torch.cat([row * (longest + 2) + 1 + torch.arange(count) for row, count in enumerate(counts)])
        seen = torch.zeros(len(counts) * (longest + 2), WIDTH).index_copy(0, where, words)
        seen = seen.reshape(len(counts), longest + 2, WIDTH)
        near = functional.relu(self.beside(torch.cat([seen[:, k : k + longest] for k in range(REACH)], -1)))
        there = (torch.arange(longest)[None] < torch.tensor(counts)[:, None])[..., None]
        near = near * there
        mean = near.sum(1) / torch.tensor(counts).clamp(min=1)[:, None]
        inner = functional.relu(self.hidden(self.drop(torch.cat([near.amax(1), mean], -1))))
        return self.out(self.drop(inner))


def distil(
    texts: Sequence[str], targets: F64, weights: F64, heads: Sequence[str], tables: FoldTables, seed: int, say: Say
) -> Student:
    """Return a student of the `targets`, probabilities of shape (texts, heads), each text counting by its weight."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    encoded = [text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    buckets, words_at, texts_at = word_features(np.frombuffer(b"".join(encoded), np.uint8), offsets, tables, BITS)
    flat = torch.from_numpy(buckets.astype(np.int64))
    wanted, share = torch.from_numpy(targets.astype(np.float32)), torch.from_numpy(weights.astype(np.float32))
    model = Learner(len(heads))
    mean = np.clip(targets.mean(axis=0), 1e-3, 0.5)
    with torch.no_grad():
        model.out.bias.copy_(torch.from_numpy(np.log(mean / (1 - mean)).astype(np.float32)))
    optimizer = torch.optim.Adam(model.parameters(), RATE)
    order = [place for place in range(len(texts)) if texts_at[place + 1] > texts_at[place]]
    steps = ROUNDS * (len(order) // BATCH + 1)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1, pct_start=0.1)
    model.train()
    for turn in range(ROUNDS):
        rng.shuffle(order)
        lost = 0.0
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            spans = [(int(texts_at[p]), min(int(texts_at[p + 1]), int(texts_at[p]) + LONGEST)) for p in batch]
            parts = [flat[words_at[low] : words_at[high]] for low, high in spans]
            begins, at = [], 0
            for low, high in spans:
                begins.append(torch.from_numpy(words_at[low:high] - words_at[low] + at))
                at += int(words_at[high] - words_at[low])
            logits = model(torch.cat(parts), torch.cat(begins), [high - low for low, high in spans])
            apart = functional.binary_cross_entropy_with_logits(logits, wanted[batch], reduction="none")
            loss = (apart.mean(1) * share[batch]).sum() / share[batch].sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            pace.step()
            lost += float(loss.detach())
        say(f"student, round {turn + 1} of {ROUNDS}: loss {lost / (len(order) / BATCH):.4f}")
    return frozen(model, heads)


def frozen(model: Learner, heads: Sequence[str]) -> Student:
    """Return what ships: the vectors in int8."""
    vectors = model.vectors.weight.detach().numpy().copy()
    vectors[NOTHING] = 0
    scale = float(np.abs(vectors).max()) / 127.0
    lines = (model.beside, model.hidden, model.out)
    parts = [np.ascontiguousarray(each.detach().numpy().T) for line in lines for each in (line.weight, line.bias)]
    return Student(tuple(heads), Network(np.rint(vectors / scale).astype(np.int8), scale, *parts))
