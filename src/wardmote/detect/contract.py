"""What every detector promises: it examines text and answers with signals that point into it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wardmote.detect.errors import InvalidText, TextTooLong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Wanted = Mapping[str, Sequence[bool] | NDArray[np.bool_]]
    """Category to one bool a text: whether the words behind that score are asked for."""
    Found = tuple[int, str, "Span"]
    """A stretch behind the score of a text in a batch: the text's row, the category, the stretch."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original text that carried a score.

    `start` and `end` are half-open offsets in Unicode code points, so `text[start:end]` is the stretch.
    `weight` is what it added to the score, in the detector's own units (log-odds for the linear model).
    """

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Signal:
    """One detector's opinion of one text in one category.

    `score` is a probability in [0, 1], rounded to four decimals. `spans` are in order of `start` and do not overlap.
    """

    detector: str
    version: str
    category: str
    score: float
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepts:
    """What a detector can be given: texts of at most `max_characters` code points, judged well in `languages`."""

    max_characters: int
    languages: tuple[str, ...]

    def check(self, text: str) -> bytes:
        """Return `text` as UTF-8, or raise `InvalidText` or `TextTooLong`."""
        if not isinstance(text, str):
            raise InvalidText(f"text must be a string, not {type(text).__name__}")
        if len(text) > self.max_characters:
            raise TextTooLong(f"text has {len(text)} characters; at most {self.max_characters} are accepted")
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidText(f"text holds a lone surrogate at character {error.start}") from None


class NotRead(StrEnum):
    """Why a text is not covered."""

    SCRIPT = "script"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether the detectors can judge a text, true or false by itself; where they cannot, `reason` says why."""

    reason: NotRead | None = None

    def __bool__(self) -> bool:
        return self.reason is None


COVERED = Coverage()


@runtime_checkable
class Detector(Protocol):
    """Something that examines text.

    A detector holds no state that an examination changes: it may be shared by threads, gives the same answer for the
    same text, and gives a text the same scores alone and in a batch. `tests/detect/test_contract.py` holds every
    registered detector to that.
    """

    @property
    def name(self) -> str:
        """A stable name, used in records."""

    @property
    def version(self) -> str:
        """Changes whenever any score could change."""

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories it scores, in the order of its signals."""

    @property
    def accepts(self) -> Accepts:
        """What it can be given."""

    def examine(self, text: str) -> tuple[Signal, ...]:
        """Return one signal per category, in order. Raises `TextError` for text that cannot be examined."""

    def examine_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table) -> pa.Table:
        """Return one float64 column of scores per category, one row per text; a null text has null scores.

        A table is read from its column `text`. Raises `TextError`, naming the row, if any text cannot be examined.
        """


@runtime_checkable
class GivesScores(Protocol):
    """A detector that can leave out the spans when nobody asks for them. Others are asked to `examine`."""

    def scores(self, text: str) -> dict[str, float]:
        """Return the score of each category, as `examine` gives it. Raises `TextError`."""


@runtime_checkable
class PointsInBatches(Protocol):
    """A detector that finds the spans of many texts at once. Others are asked to `examine` each."""

    def spans_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table, wanted: Wanted) -> list[Found]:
        """Return the spans that `examine` gives, of the wanted rows and categories, by row, category and place."""


@runtime_checkable
class WarmsUp(Protocol):
    """A detector that does only part of its work for an ordinary text. Others are warm once they have seen one."""

    def warm(self) -> None:
        """Read every file and compile every kernel, so that no text waits for it."""
