"""Many texts at once: the columns that the cascade reads them from, and what it found of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """`scores` has shape (texts, categories), rounded; `stages` says of each text which stage was the last, 1 to 3."""

    scores: F64
    stages: NDArray[np.int8]


class Texts(Protocol):
    """Texts by their places; `judge` reads few of them."""

    def __len__(self) -> int:
        """How many there are."""

    def __getitem__(self, place: int, /) -> str:
        """Return one."""


class Lazy:
    """A column of texts of which few are ever read as Python strings."""

    def __init__(self, column: pa.LargeStringArray) -> None:
        self._column = column

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, place: int, /) -> str:
        return str(self._column[place].as_py())


def chance(logits: F64) -> F64:
    """Return the probabilities of log-odds."""
    import numpy as np

    return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float64)


def gather(
    data: NDArray[np.uint8], offsets: NDArray[np.int64], places: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of some of the texts, one after another, and their offsets."""
    import numpy as np

    begins = np.zeros(len(places) + 1, np.int64)
    np.cumsum(offsets[places + 1] - offsets[places], out=begins[1:])
    taken = [data[offsets[place] : offsets[place + 1]] for place in places.tolist()]
    return np.concatenate([*taken, np.zeros(1, np.uint8)]), begins
