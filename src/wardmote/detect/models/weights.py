"""The weights file: what the linear model needs to score, in one compressed file named by its hash."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.errors import WeightsError
from wardmote.detect.text.folding import FoldTables

FORMAT = 1
OPTIONAL = ("listed", "names")


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return a compressed `.npz` of the arrays; the same arrays give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            # A fixed date: the hash must depend on the weights alone.
            entry = zipfile.ZipInfo(f"{name}.npy", (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as member:
                content = io.BytesIO()
                # `ascontiguousarray` would give a number one dimension.
                np.lib.format.write_array(content, np.asarray(array, order="C"), allow_pickle=False)
                member.write(content.getvalue())
    return packed.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """`weights` has shape (buckets, heads), int8; `scale` and `bias`, shape (heads,), turn sums into logits.

    `heads` names the categories in column order. `digest` is the SHA-256 of the file, empty before it is saved.
    """

    heads: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float64]
    bias: NDArray[np.float64]
    tables: FoldTables
    digest: str = ""

    def __post_init__(self) -> None:
        buckets = len(self.weights)
        shape = (buckets, len(self.heads))
        if self.weights.shape != shape or buckets & (buckets - 1) or not buckets:
            raise WeightsError(f"weights have the shape {self.weights.shape}, not (a power of two, {len(self.heads)})")
        if self.scale.shape != (len(self.heads),) or self.bias.shape != (len(self.heads),):
            raise WeightsError("scale and bias do not match the heads")

    def to_bytes(self) -> bytes:
        """Return the file's content; the same weights give the same bytes."""
        arrays: dict[str, NDArray[np.generic]] = {
            "format": np.array([FORMAT]),
            "heads": np.array(self.heads),
            "weights": self.weights,
            "scale": self.scale,
            "bias": self.bias,
            **{
                f"fold_{name}": table
                for name, table in self.tables._asdict().items()
                if name not in OPTIONAL or len(table)
            },
        }
        return pack(arrays)

    @classmethod
    def from_bytes(cls, content: bytes, source: str) -> Weights:
        """Read a weights file; `source` names it in a `WeightsError`."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                made_as = int(stored["format"].item())
                if made_as != FORMAT:
                    raise WeightsError(f"{source} has the format {made_as}, not {FORMAT}")
                # Weights without a word list, or without names, were stored without the field.
                kept = [name for name in FoldTables._fields if f"fold_{name}" in stored]
                tables = FoldTables(**{name: stored[f"fold_{name}"] for name in kept})
                return cls(
                    tuple(str(head) for head in stored["heads"]),
                    np.ascontiguousarray(stored["weights"], np.int8),
                    stored["scale"].astype(np.float64),
                    stored["bias"].astype(np.float64),
                    tables,
                    hashlib.sha256(content).hexdigest(),
                )
        except (KeyError, OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise WeightsError(f"{source} is not a weights file: {error}") from None

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Read the weights file at `path`. Raises `WeightsError`."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise WeightsError(f"cannot read {path}: {error.strerror}") from None
        return cls.from_bytes(content, str(path))

    def save(self, path: Path) -> str:
        """Write the file and return its SHA-256. Raises `WeightsError`."""
        content = self.to_bytes()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise WeightsError(f"cannot write {path}: {error.strerror}") from None
        return hashlib.sha256(content).hexdigest()
