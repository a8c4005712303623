"""The third stage: a small language model (MiniLM, fine-tuned), in int8, run by onnxruntime."""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wardmote.detect.errors import WeightsError
from wardmote.detect.reading import as_meant
from wardmote.detect.wordpiece import WordPiece, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardmote.detect.folding import FoldTables
    from wardmote.detect.kernel import F64

WIDTH = 128
"""Word pieces that the model sees at once; a longer text is read in windows that overlap by half."""
MOST_WINDOWS = 12
"""Windows of one text that are read, the first ones: about 800 words. A longer text costs no more than that."""


class LanguageModel:
    """Reads its two files at the first text. Safe to share between threads.

    Texts go through one by one: in int8 a text's neighbours in a batch would change its score.
    """

    def __init__(self, model: Path, vocabulary: Path) -> None:
        self._model, self._vocabulary = model, vocabulary

    def logits(self, texts: Sequence[str], tables: FoldTables) -> F64:
        """Return logits, shape (texts, categories): the highest of a text's windows. Releases the GIL."""
        run, pieces = self._session.run, self._pieces
        rows = []
        for text in texts:
            seen = windows(pieces(as_meant(text, tables)), pieces.begin, pieces.end, WIDTH)[:MOST_WINDOWS]
            found = [run(None, {"ids": np.array([each], np.int64)})[0][0] for each in seen]
            rows.append(np.max(found, axis=0))
        return np.array(rows, np.float64)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of both files together. Raises `WeightsError`."""
        return hashlib.sha256(self._read(self._model) + self._read(self._vocabulary)).hexdigest()

    @cached_property
    def _session(self) -> Any:
        self.digest  # noqa: B018 - a file that cannot be read has one clear error
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
