"""What the cascade asks of its later stages. Whatever has these can take a stage's place; see `files.py` for where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wardmote.detect.text.folding import FoldTables

    F64 = NDArray[np.float64]
    I32 = NDArray[np.int32]
    I64 = NDArray[np.int64]

Choose = Callable[[str], Sequence[str]]
"""Given a text that is longer than a stage is wide: the stretches of it that are to be read."""


class Stage(Protocol):
    """A later stage. The columns of its logits begin with the plan's heads, in their order."""

    @property
    def digest(self) -> str:
        """The SHA-256 of all that its scores depend on: a part of the cascade's version. Raises `WeightsError`."""


class Studied(Protocol):
    """What a `WordStage` saw in one text, word by word; word k covers the code points `begins[k]` to `finishes[k]`."""

    @property
    def begins(self) -> I32:
        """Where each word begins."""

    @property
    def finishes(self) -> I32:
        """Where each word ends."""

    def alone(self, firsts: I64, lasts: I64) -> F64:
        """Return the logits of stretches of words, half-open, each as if it were the text; shape (stretches, heads)."""

    def without(self, firsts: I64, lasts: I64) -> F64:
        """Return the logits of the text without each stretch of words, shape (stretches, heads)."""


class WordStage(Stage, Protocol):
    """The second stage: so fast that all suspicious posts are given to it at once, and that its words are weighed."""

    def logits(self, data: NDArray[np.uint8], offsets: I64, tables: FoldTables) -> F64:
        """Return the logits of UTF-8 texts, shape (texts, heads). Releases the GIL."""

    def study(self, data: NDArray[np.uint8], tables: FoldTables) -> Studied:
        """Return what is seen in one UTF-8 text: about as much work as its logits."""


class ReadingStage(Stage, Protocol):
    """The third stage: it reads a text as text, one by one, and of a long one the stretches that it is told to."""

    width: int
    """Pieces that it sees at once, its two marks among them."""
    most_read: int
    """Stretches of one text that are read; a longer text costs no more than that."""

    def logits(self, texts: Sequence[str], tables: FoldTables, choose: Choose = ...) -> F64:
        """Return logits, shape (texts, heads or more): the highest of what is read of a text. Releases the GIL."""

    def cost(self, text: str, tables: FoldTables) -> int:
        """Return what it costs to read `text`, or one stretch of it where it is longer, in pieces."""
