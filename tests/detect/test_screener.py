"""The screener: several detectors asked as one."""

from collections.abc import Mapping

import pyarrow as pa
import pytest
from tests.detect.models import random_detector

from wardmote.detect import Accepts, Detector, InvalidText, Screener, Signal, Span


class Constant:
    """Gives the same scores to every text."""

    accepts = Accepts(1000, ("en",))

    def __init__(self, name: str, scores: Mapping[str, float], version: str = "1") -> None:
        self.name = name
        self.version = version
        self.categories = tuple(scores)
        self._scores = scores

    def examine(self, text: str) -> tuple[Signal, ...]:
        self.accepts.check(text)
        spans = (Span(0, len(text), 1.0),) if text else ()
        return tuple(Signal(self.name, self.version, *item, spans) for item in self._scores.items())

    def examine_batch(self, texts: pa.Array) -> pa.Table:
        columns = {
            name: [None if text is None else score for text in texts.to_pylist()]
            for name, score in self._scores.items()
        }
        return pa.table({name: pa.array(column, pa.float64()) for name, column in columns.items()})


CALM: Detector = Constant("calm", {"harassment": 0.1, "spam": 0.2})
WARY: Detector = Constant("wary", {"harassment": 0.7, "violence.threat": 0.4})


def test_the_highest_score_of_each_category_counts() -> None:
    """A screening keeps every signal, and its scores are the highest of each category."""
    screening = Screener([CALM, WARY]).screen("hello")

    assert [signal.detector for signal in screening.signals] == ["calm", "calm", "wary", "wary"]
    assert screening.scores == {"harassment": 0.7, "spam": 0.2, "violence.threat": 0.4}
    assert screening.score("harassment") == 0.7
    assert screening.score("self_harm") == 0.0


def test_the_strongest_signal_explains_a_category() -> None:
    """The signal behind a category's score can be asked for; a category that nobody covers has none."""
    screening = Screener([CALM, WARY]).screen("hello")
    strongest = screening.strongest("harassment")

    assert strongest is not None
    assert strongest.detector == "wary"
    assert screening.strongest("self_harm") is None


def test_a_batch_agrees_with_single_screenings() -> None:
    """Each row of a batch has the scores of its text alone, nulls stay null, and the fingerprint goes along."""
    screener = Screener([CALM, random_detector(), WARY])
    table = screener.screen_batch(pa.array(["hello", None, "you"]))

    assert list(screener.categories) == table.column_names
    assert [
        screener.screen("hello").scores,
        dict.fromkeys(screener.categories),
        screener.screen("you").scores,
    ] == table.to_pylist()
    assert {b"fingerprint": screener.fingerprint.encode()} == table.schema.metadata


def test_the_fingerprint_stands_for_the_detectors() -> None:
    """The fingerprint is the same for the same detectors and changes with any version, addition or order."""
    newer: Detector = Constant("wary", {"harassment": 0.7, "violence.threat": 0.4}, version="2")
    prints = [Screener(each).fingerprint for each in ([CALM, WARY], [CALM, newer], [CALM], [WARY, CALM])]

    assert Screener([CALM, WARY]).fingerprint == prints[0]
    assert len(set(prints)) == 4
    assert prints[0] == Screener([CALM, WARY]).screen("hello").fingerprint


def test_two_detectors_of_one_name_are_refused() -> None:
    """A name stands for one detector in a record, so a screener takes it once."""
    with pytest.raises(ValueError, match="share a name: calm, calm"):
        Screener([CALM, CALM])


def test_the_default_covers_its_eight_categories() -> None:
    """The shipped screener answers for violence, harassment, identity attacks, self-harm, doxxing and spam."""
    violence = ("violence.threat", "violence.incitement", "violence.glorification")
    expected = (*violence, "harassment", "identity_attack", "self_harm", "doxxing", "spam")

    assert expected == Screener.default().categories
    assert expected == tuple(Screener.default().screen("hello").scores)


def test_bad_text_is_refused_once_and_clearly() -> None:
    """A screener raises what its detectors raise."""
    with pytest.raises(InvalidText):
        Screener.default().screen("\udfff")
