"""The language model as PyTorch has it: MiniLM's six layers, and a line to every category.

Needs the packages of `requirements-train.lock`; nothing that ships imports this.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from wardmote.detect.training.fit.teacher import read_safetensors

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.seen = nn.Linear(WIDTH, WIDTH)
        self.seen_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        texts, length, _ = state.shape
        query, key, value = (
            line(state).reshape(texts, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for line in (self.query, self.key, self.value)
        )
        weight = query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5 + mask
        seen = (torch.softmax(weight, -1) @ value).transpose(1, 2).reshape(texts, length, WIDTH)
        state = self.seen_norm(state + self.drop(self.seen(seen)))
        return self.norm(state + self.drop(self.outer(functional.gelu(self.inner(state)))))


class Language(nn.Module):
    """Ids of word pieces, shape (texts, length), 0 for nothing: logits, shape (texts, categories)."""

    def __init__(self, pieces: int, categories: int, places: int = 512) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(pieces, WIDTH), nn.Embedding(places, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.line = nn.Linear(2 * WIDTH, categories)

    def forward(self, ids: Tensor) -> Tensor:
        there = (ids > 0).to(self.words.weight.dtype)
        mask = ((1.0 - there) * -1e4)[:, None, None, :]
        where = torch.arange(ids.shape[1], device=ids.device)[None]
        state = self.drop(self.norm(self.words(ids) + self.places(where)))
        for layer in self.layers:
            state = layer(state, mask)
        kept = there[..., None]
        mean = (state * kept).sum(1) / kept.sum(1)
        return self.line(self.drop(torch.cat([mean, state[:, 0]], -1)))


class Shipped(nn.Module):
    """The same as it ships: one text, so no mask; queries, keys and values in one product. Ids of shape (1, length)."""

    def __init__(self, model: Language) -> None:
        super().__init__()
        self.words, self.places, self.norm, self.line = model.words, model.places, model.norm, model.line
        self.layers = nn.ModuleList(Slim(layer) for layer in model.layers)

    def forward(self, ids: Tensor) -> Tensor:
        state = self.norm(self.words(ids[0]) + self.places.weight[: ids.shape[1]])
        for layer in self.layers:
            state = layer(state)
        return self.line(torch.cat([state.mean(0), state[0]], -1))[None]


class Slim(nn.Module):
    """One layer for one text without gaps, in as few products as it takes. States: (length, WIDTH)."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        learnt: Any = layer
        scale = (WIDTH // HEADS) ** -0.5
        self.asked = nn.Linear(WIDTH, 3 * WIDTH)
        parts = [(learnt.query, scale), (learnt.key, 1.0), (learnt.value, 1.0)]
        with torch.no_grad():
            self.asked.weight.copy_(torch.cat([line.weight * factor for line, factor in parts]))
            self.asked.bias.copy_(torch.cat([line.bias * factor for line, factor in parts]))
        self.seen, self.seen_norm = learnt.seen, learnt.seen_norm
        self.inner, self.outer, self.norm = learnt.inner, learnt.outer, learnt.norm

    def forward(self, state: Tensor) -> Tensor:
        query, key, value = self.asked(state).reshape(-1, 3, HEADS, WIDTH // HEADS).permute(1, 2, 0, 3).unbind(0)
        seen = torch.softmax(query @ key.transpose(1, 2), -1) @ value
        state = self.seen_norm(state + self.seen(seen.transpose(0, 1).reshape(-1, WIDTH)))
        return self.norm(state + self.outer(functional.gelu(self.inner(state))))


def pretrained(folder: Path, categories: int) -> Language:
    """Return MiniLM with a new last line. Raises `OSError` or `ValueError` where the folder holds no such model."""
    stored: dict[str, Any] = {
        name: torch.from_numpy(each.copy()) for name, each in read_safetensors(folder / "model.safetensors").items()
    }
    words = stored["embeddings.word_embeddings.weight"]
    model = Language(len(words), categories, len(stored["embeddings.position_embeddings.weight"]))
    into = model.state_dict()
    into["words.weight"] = words
    # All texts are of the first type; its embedding is the same everywhere and is added to the places.
    into["places.weight"] = (
        stored["embeddings.position_embeddings.weight"] + stored["embeddings.token_type_embeddings.weight"][0]
    )
    names = {"norm": "embeddings.LayerNorm"}
    for number in range(LAYERS):
        there = f"encoder.layer.{number}."
        names |= {
            f"layers.{number}.{ours}": there + theirs
            for ours, theirs in {
                "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
                "seen": "attention.output.dense", "seen_norm": "attention.output.LayerNorm",
                "inner": "intermediate.dense", "outer": "output.dense", "norm": "output.LayerNorm",
            }.items()
        }  # fmt: skip
    for ours, theirs in names.items():
        for part in ("weight", "bias"):
            into[f"{ours}.{part}"] = stored[f"{theirs}.{part}"]
    model.load_state_dict(into)
    return model
