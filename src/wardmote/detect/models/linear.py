"""The linear model over hashed word and character n-grams: the detector that ships with Wardmote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from wardmote.detect.contract import Accepts, Signal, Span

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from wardmote.detect.contract import Found, Wanted
    from wardmote.detect.models.weights import Weights

NAME = "wardmote-linear"
WEIGHTS_PATH = Path(__file__).parents[1] / "weights" / f"{NAME}.npz"
ATTRIBUTES_NAME = "wardmote-attributes"
ATTRIBUTES_PATH = WEIGHTS_PATH.with_name(f"{ATTRIBUTES_NAME}.npz")
READING = 4
"""Which way of reading a text into features this is: it changes whenever the same weights would score otherwise."""
MAX_CHARACTERS = 50_000
SHOWN_SPANS = 12
"""A signal points at no more than this many stretches, the strongest."""
SHOWN_SHARE = 0.15
"""A word is shown if it adds at least this share of what the strongest word adds."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one word of the original text, `text[start:end]`, adds to the logit of each head, in the heads' order."""

    start: int
    end: int
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The arithmetic behind the scores: for each head, bias + the words' weights = logit; score = sigmoid(logit)."""

    heads: tuple[str, ...]
    bias: tuple[float, ...]
    words: tuple[Contribution, ...]
    logits: tuple[float, ...]
    scores: tuple[float, ...]


class LinearDetector:
    """Scores text with one weights file, read on the first examination.

    `examine` takes about 0.1 ms for a post; `examine_batch` releases the GIL while it scores.
    """

    accepts = Accepts(MAX_CHARACTERS, ("en",))

    def __init__(self, weights: Weights | Path, name: str = NAME) -> None:
        self._source = weights
        self.name = name

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> Self:
        """Return the detector with the weights in the package; one for the whole process."""
        return cls(WEIGHTS_PATH)

    @classmethod
    @lru_cache(maxsize=1)
    def attributes(cls) -> Self:
        """Return the second shipped model: the attributes that the moderation API speaks of; one for the process."""
        return cls(ATTRIBUTES_PATH, ATTRIBUTES_NAME)

    @property
    def weights(self) -> Weights:
        """The weights, read now if they have not been. Raises `WeightsError`."""
        if isinstance(self._source, Path):
            from wardmote.detect.models.weights import Weights

            # Two threads may both read the file on the first call; both get the same weights.
            self._source = Weights.load(self._source)
        return self._source

    @property
    def version(self) -> str:
        """`READING`, `+` and the first twelve hex digits of the weights' SHA-256."""
        return f"{READING}+{self.weights.digest[:12] or 'unsaved'}"

    @property
    def categories(self) -> tuple[str, ...]:
        """The heads in the weights."""
        return self.weights.heads

    def examine(self, text: str) -> tuple[Signal, ...]:
        """Return one signal per head, each with the words that raised it most."""
        import numpy as np

        from wardmote.detect.explain import attribution

        model = self.weights
        data, offsets = self._bytes(text)
        scores = self._scored(data, offsets)[0].tolist()
        every = np.ones((1, len(model.heads)), bool)
        found = attribution.spans(
            data, offsets, model.tables, model.weights, model.scale, every, SHOWN_SHARE, SHOWN_SPANS
        )
        spans: list[list[Span]] = [[] for _ in model.heads]
        for head, start, end, weight in zip(*(part.tolist() for part in found[1:]), strict=True):
            spans[head].append(Span(start, end, weight))
        version = self.version
        return tuple(
            Signal(self.name, version, category, score, tuple(shown))
            for category, score, shown in zip(model.heads, scores, spans, strict=True)
        )

    def scores(self, text: str) -> dict[str, float]:
        """Return the score of each head alone: a fraction of the work of `examine`."""
        return dict(zip(self.weights.heads, self._scored(*self._bytes(text))[0].tolist(), strict=True))

    def explain(self, text: str) -> Explanation:
        """Return the exact additive account of every score of `text`."""
        from wardmote.detect import scoring
        from wardmote.detect.explain import attribution

        model = self.weights
        data, offsets = self._bytes(text)
        logits = scoring.score(data, offsets, model.tables, model.weights, model.scale, model.bias)
        begins, ends, shares = attribution.explain(data, model.tables, model.weights, model.scale)
        words = zip(begins.tolist(), ends.tolist(), map(tuple, shares.tolist()), strict=True)
        return Explanation(
            model.heads,
            tuple(model.bias.tolist()),
            tuple(Contribution(*word) for word in words),
            tuple(logits[0].tolist()),
            tuple(scoring.probability(logits)[0].tolist()),
        )

    def examine_batch(self, texts: pa.Array[Any] | pa.ChunkedArray[Any] | pa.Table) -> pa.Table:
        """Return one float64 column of scores per head, one row per text; null texts have null scores."""
        import pyarrow as pa

        from wardmote.detect.text import arrow

        column = arrow.text_column(texts)
        arrow.check_column(column, self.accepts.max_characters)
        scores = self._scored(*arrow.bytes_and_offsets(column))
        absent = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
        heads = enumerate(self.weights.heads)
        return pa.table({category: pa.array(scores[:, head], mask=absent) for head, category in heads})

    def spans_batch(self, texts: pa.Array[Any] | pa.ChunkedArray[Any] | pa.Table, wanted: Wanted) -> list[Found]:
        """Return the stretches that raised the wanted scores: (row, category, span), by row, head and place.

        `wanted` maps a category to one bool a text; the spans are those that `examine` gives.
        """
        import numpy as np

        from wardmote.detect.explain import attribution
        from wardmote.detect.text import arrow

        model = self.weights
        column = arrow.text_column(texts)
        arrow.check_column(column, self.accepts.max_characters)
        data, offsets = arrow.bytes_and_offsets(column)
        nothing = np.zeros(len(column), bool)
        marked = np.stack([np.asarray(wanted.get(head, nothing), bool) for head in model.heads], axis=1)
        found = attribution.spans(
            data, offsets, model.tables, model.weights, model.scale, marked, SHOWN_SHARE, SHOWN_SPANS
        )
        columns = (part.tolist() for part in found)
        return [(row, model.heads[head], Span(*span)) for row, head, *span in zip(*columns, strict=True)]

    def _bytes(self, text: str) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """The text as the kernels read it. Raises `TextError`."""
        import numpy as np

        data = np.frombuffer(self.accepts.check(text) or b"\0", np.uint8)
        return data, np.array([0, len(data)], np.int64)

    def _scored(self, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
        """Rounded probabilities, shape (texts, heads)."""
        from wardmote.detect import scoring

        model = self.weights
        return scoring.probability(scoring.score(data, offsets, model.tables, model.weights, model.scale, model.bias))
