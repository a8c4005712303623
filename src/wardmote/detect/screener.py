"""Several detectors asked as one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from wardmote.detect.contract import COVERED, Accepts, Coverage, Detector, GivesScores, PointsInBatches, Signal, WarmsUp

if TYPE_CHECKING:
    import pyarrow as pa

    from wardmote.detect.contract import Found, Wanted


@dataclass(frozen=True, slots=True)
class Screening:
    """What all detectors said of one text.

    `detectors` holds (name, version) pairs in the order asked; `fingerprint` stands for exactly that list.
    Where `covered` is false the text is in a language that they do not read: the scores are a guess, for a person to
    make good.
    """

    signals: tuple[Signal, ...]
    detectors: tuple[tuple[str, str], ...]
    fingerprint: str
    covered: Coverage = COVERED

    @property
    def scores(self) -> dict[str, float]:
        """The highest score of each category, in the order first seen."""
        best: dict[str, float] = {}
        for signal in self.signals:
            best[signal.category] = max(signal.score, best.get(signal.category, 0.0))
        return best

    def score(self, category: str) -> float:
        """Return the highest score in `category`, or 0.0 where no detector covers it."""
        return self.scores.get(category, 0.0)

    def strongest(self, category: str) -> Signal | None:
        """Return the signal that gave `category` its score, or None where no detector covers it."""
        found = [signal for signal in self.signals if signal.category == category]
        return max(found, key=lambda signal: signal.score, default=None)


class Screener:
    """Asks a fixed list of detectors about each text. Safe to share between threads."""

    def __init__(self, detectors: Iterable[Detector]) -> None:
        self.detectors: tuple[Detector, ...] = tuple(detectors)
        names = [detector.name for detector in self.detectors]
        if len(set(names)) != len(names):
            raise ValueError(f"two detectors share a name: {', '.join(sorted(names))}")
        # Asked once: whether a class has a protocol's methods takes longer to tell than a score.
        self._scorers = tuple(_scorer(detector) for detector in self.detectors)

    @classmethod
    def default(cls) -> Self:
        """Return a screener with the detectors that ship with Wardmote. Nothing is read until the first text."""
        from wardmote.detect.models.cascade import CascadeDetector

        return cls([CascadeDetector.shipped()])

    @classmethod
    def attributes(cls) -> Self:
        """Return the default detectors and the model of attributes, for the moderation API."""
        from wardmote.detect.models.cascade import CascadeDetector
        from wardmote.detect.models.linear import LinearDetector

        return cls([CascadeDetector.shipped(), LinearDetector.attributes()])

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """(name, version) of each detector, in the order they are asked."""
        return tuple((detector.name, detector.version) for detector in self.detectors)

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change whenever any score could change."""
        listed = "\n".join(f"{name}@{version}" for name, version in self.versions)
        return hashlib.sha256(listed.encode()).hexdigest()[:16]

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that some detector scores, in the order first seen."""
        return tuple(dict.fromkeys(category for detector in self.detectors for category in detector.categories))

    def warm(self) -> None:
        """Read every file and compile every kernel, so that no text waits for it: seconds once, then a moment."""
        import pyarrow as pa

        for detector in self.detectors:
            if isinstance(detector, WarmsUp):
                detector.warm()
        text = pa.array(["Ready."])
        self.screen("Ready.")
        self.screen_batch(text)
        self.spans_batch(text, {category: [True] for category in self.categories})

    def screen(self, text: str) -> Screening:
        """Return all signals about `text`. Raises `TextError` for text that cannot be examined."""
        signals = tuple(signal for detector in self.detectors for signal in detector.examine(text))
        return Screening(signals, self.versions, self.fingerprint, self.covered(text))

    def covered(self, text: str) -> Coverage:
        """Return whether `text` is in a language that the detectors read, in a few microseconds. Raises `TextError`."""
        import numpy as np

        from wardmote.detect import coverage

        longest = max((detector.accepts.max_characters for detector in self.detectors), default=len(text))
        data = np.frombuffer(Accepts(longest, ()).check(text) or b"\0", np.uint8)
        return coverage.coverage_of(data, np.array([0, len(data)], np.int64))[0]

    def covered_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table) -> list[Coverage]:
        """Return what `covered` does for each text; a null text is covered. The batch must be fit for screening."""
        from wardmote.detect import coverage
        from wardmote.detect.text import arrow

        return coverage.coverage_of(*arrow.bytes_and_offsets(arrow.text_column(texts)))

    def scores(self, text: str) -> dict[str, float]:
        """Return `screen(text).scores` without looking for the words behind them: a fraction of the work."""
        best: dict[str, float] = {}
        for scores in self._scorers:
            for category, score in scores(text).items():
                if score >= best.get(category, 0.0):
                    best[category] = score
        return best

    def spans_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table, wanted: Wanted) -> list[Found]:
        """Return the stretches behind the wanted scores of many texts: (row, category, span), ordered by row.

        `wanted` maps a category to one bool a text. The spans of a row are those of `screen`, in its order.
        """
        from wardmote.detect.text import arrow

        found: list[Found] = []
        for detector in self.detectors:
            if isinstance(detector, PointsInBatches):
                found += detector.spans_batch(texts, wanted)
                continue
            for row, text in enumerate(arrow.text_column(texts).to_pylist()):
                asked = [category for category in detector.categories if category in wanted and wanted[category][row]]
                if asked and text is not None:
                    for signal in detector.examine(text):
                        found += [(row, signal.category, span) for span in signal.spans if signal.category in asked]
        return sorted(found, key=_row_of)

    def screen_batch(self, texts: pa.Array | pa.ChunkedArray | pa.Table) -> pa.Table:
        """Return one float64 column per category: the highest score of any detector, one row per text.

        The table's schema metadata carries the fingerprint under `fingerprint`. Raises as `Detector.examine_batch`.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        columns: dict[str, pa.Array] = {}
        for detector in self.detectors:
            scores = detector.examine_batch(texts)
            for category in detector.categories:
                fresh = scores[category]
                known = columns.get(category)
                columns[category] = fresh if known is None else pc.max_element_wise(known, fresh, skip_nulls=False)
        return pa.table(columns).replace_schema_metadata({"fingerprint": self.fingerprint})


def _scorer(detector: Detector) -> Callable[[str], Mapping[str, float]]:
    if isinstance(detector, GivesScores):
        return detector.scores
    return lambda text: {signal.category: signal.score for signal in detector.examine(text)}


def _row_of(found: Found) -> int:
    return found[0]
