"""Fine-tunes MiniLM on what was read, on what was written, and on a part of what the sources say.

Needs the packages of `requirements-train.lock`. Seeded: the same rows, machine and number of threads give the same
model; another processor rounds bfloat16 sums otherwise, and the last decimals differ.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from wardmote.detect.categories import VIOLENT
from wardmote.detect.text.wordpiece import WordPiece, windows
from wardmote.detect.training.data.corpus import WRITTEN
from wardmote.detect.training.data.sources import Row
from wardmote.detect.training.fit.language_model import Language, pretrained
from wardmote.detect.training.fit.train import Say

F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Course:
    """How to fine-tune. `tokens` is the size of a batch; `weak` how many rows that nobody read are added at most."""

    rounds: int = 3
    rate: float = 8e-5
    tokens: int = 1600
    width: int = 128
    weak: int = 14_000
    warm: float = 0.08
    decay: float = 0.01
    seeds: tuple[int, ...] = (1,)


def vocabulary(folder: Path) -> dict[str, int]:
    """Return the model's word pieces and their numbers."""
    pieces = (folder / "vocab.txt").read_text("utf-8").split("\n")
    return {piece: number for number, piece in enumerate(pieces) if piece}


def chosen(rows: Sequence[Row], places: Sequence[int], limit: int, seed: int) -> list[int]:
    """Return the places to learn from: all that was read or written, all weak positives, and `limit` others."""
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    sure: list[int] = []
    weak: list[int] = []
    for place in places:
        row = rows[place]
        positive = any(row.targets.get(head, (0.0, 0.0))[0] >= 0.5 for head in VIOLENT)
        (sure if row.read or row.dataset in WRITTEN or positive else weak).append(place)
    return sure + rng.sample(weak, min(limit, len(weak)))


def targets_of_rows(rows: Sequence[Row], heads: Sequence[str]) -> tuple[F32, F32]:
    """Return (targets, weights), each of shape (rows, heads)."""
    pairs = np.array([[row.targets.get(head, (0.0, 0.0)) for head in heads] for row in rows], np.float32)
    return pairs[..., 0], pairs[..., 1]


def batches(lengths: Sequence[int], tokens: int, rng: random.Random) -> Iterator[list[int]]:
    """Yield places of texts of like length, about `tokens` word pieces a batch, in random order."""
    order = sorted(range(len(lengths)), key=lambda place: lengths[place] + rng.uniform(0, 6))
    made: list[list[int]] = []
    for place in order:
        if made and (len(made[-1]) + 1) * lengths[place] <= tokens:
            made[-1].append(place)
        else:
            made.append([place])
    rng.shuffle(made)
    yield from made


def padded(ids: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the word pieces of some texts as one block, 0 where a text has ended."""
    block = np.zeros((len(ids), max(map(len, ids))), np.int64)
    for place, each in enumerate(ids):
        block[place, : len(each)] = each
    return torch.from_numpy(block)


def finetune(rows: Sequence[Row], heads: Sequence[str], folder: Path, course: Course, seed: int, say: Say) -> Language:
    """Return the model after `course.rounds` passes over `rows`."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - an order, no secret
    pieces = WordPiece(vocabulary(folder))
    ids = [windows(pieces(row.text), pieces.begin, pieces.end, course.width)[0] for row in rows]
    targets, weights = (torch.from_numpy(each) for each in targets_of_rows(rows, heads))
    model = pretrained(folder, len(heads))
    model.words.weight.requires_grad_(requires_grad=False)
    model.train()
    line = list(model.line.parameters())
    rest = [each for name, each in model.named_parameters() if each.requires_grad and not name.startswith("line.")]
    groups = [{"params": line, "lr": course.rate * 10}, {"params": rest, "lr": course.rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=course.decay)
    plan = [batch for _ in range(course.rounds) for batch in batches([len(each) for each in ids], course.tokens, rng)]
    warm = max(1, int(course.warm * len(plan)))
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (len(plan) - step) / max(1, len(plan) - warm))
    )
    mean = float(weights.sum(1).mean())
    total = 0.0
    for step, batch in enumerate(plan):
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(padded([ids[place] for place in batch]))
        apart = functional.binary_cross_entropy_with_logits(logits.float(), targets[batch], reduction="none")
        loss = (apart * weights[batch]).sum() / (mean * len(batch))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        optimizer.step()
        pace.step()
        total += float(loss.detach())
        if step % 100 == 99:
            say(f"step {step + 1} of {len(plan)}, loss {total / 100:.4f}")
            total = 0.0
    model.eval()
    return model


def soup(models: Sequence[Language]) -> Language:
    """Return the model whose weights are the mean of several, fine-tuned from the same start: as quick as one."""
    first = models[0]
    mixed = {name: torch.stack([each.state_dict()[name] for each in models]).mean(0) for name in first.state_dict()}
    first.load_state_dict(mixed)
    return first
