"""The third stage: a small language model (MiniLM, fine-tuned), in int8, run by onnxruntime."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wardmote.detect.errors import WeightsError
from wardmote.detect.models.deobfuscate import as_meant
from wardmote.detect.text.wordpiece import WordPiece

if TYPE_CHECKING:
    from wardmote.detect.models.stage import Choose
    from wardmote.detect.scoring import F64
    from wardmote.detect.text.folding import FoldTables

WIDTH = 72
"""Word pieces that the model sees at once: a post. Of a longer text it sees the stretches that the cascade chooses."""
MOST_READ = 8
"""Stretches of one text that are read; a longer text costs no more than that."""
RUN = 8
"""What asking about one text costs beside its pieces, in pieces."""
_SURELY_LONGER = 8 * WIDTH
"""Characters; a text of more is not cut into pieces to see whether it is longer than the model is wide."""


def first_part(text: str) -> Sequence[str]:
    """Choose the beginning."""
    return (text[:_SURELY_LONGER],)


class Transformer:
    """Reads its two files at the first text. Safe to share between threads.

    Texts go through one by one: in int8 a text's neighbours in a batch would change its score.
    """

    width = WIDTH
    most_read = MOST_READ

    def __init__(self, model: Path, vocabulary: Path) -> None:
        self._model, self._vocabulary = model, vocabulary

    def logits(self, texts: Sequence[str], tables: FoldTables, choose: Choose = first_part) -> F64:
        """Return logits, shape (texts, categories): the highest of what is read of a text. Releases the GIL."""
        run = self._session.run
        rows = []
        for text in texts:
            found = [
                run(None, {"ids": np.array([each], np.int64)})[0][0] for each in self._read_as(text, tables, choose)
            ]
            rows.append(np.max(found, axis=0))
        return np.array(rows, np.float64)

    def cost(self, text: str, tables: FoldTables) -> int:
        """Return what it costs to read `text`, or one stretch of it where it is longer, in pieces."""
        if len(text) > _SURELY_LONGER:
            return WIDTH + RUN
        return min(len(self._cut(text, tables)) + 2, WIDTH) + RUN

    def _read_as(self, text: str, tables: FoldTables, choose: Choose) -> list[list[int]]:
        """Return the pieces, with their marks, of each stretch that is read: of all of a text that is short enough."""
        if len(text) <= _SURELY_LONGER:
            whole = self._cut(text, tables)
            if len(whole) <= WIDTH - 2:
                return [self._marked(whole)]
        return [self._marked(self._cut(stretch, tables)) for stretch in choose(text)[:MOST_READ]]

    def _cut(self, text: str, tables: FoldTables) -> list[int]:
        return self._pieces(as_meant(text, tables))

    def _marked(self, pieces: Sequence[int]) -> list[int]:
        return [self._pieces.begin, *pieces[: WIDTH - 2], self._pieces.end]

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of both files together. Raises `WeightsError`."""
        return hashlib.sha256(self._read(self._model) + self._read(self._vocabulary)).hexdigest()

    @cached_property
    def _session(self) -> Any:
        self.digest  # noqa: B018 - a file that cannot be read has one clear error
        # Else it keeps a device's id and events in the user's cache from its import on, and sends them to its maker.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        onnxruntime = import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        # One thread a text: whoever has many texts has many threads.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Texts differ in length: what was kept from one for the next would only grow.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        options.log_severity_level = 3
        try:
            # Given the file and not its bytes it needs thirty MiB less.
            return onnxruntime.InferenceSession(str(self._model), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 - onnxruntime's own errors have no common base
            raise WeightsError(f"{self._model} is not a model that can be run: {error}") from None

    @cached_property
    def _pieces(self) -> WordPiece:
        lines = self._read(self._vocabulary).decode("utf-8", "replace").split("\n")
        return WordPiece({piece: number for number, piece in enumerate(lines) if piece})

    @staticmethod
    def _read(path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise WeightsError(f"cannot read {path}: {error.strerror}") from None
