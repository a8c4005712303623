"""The contract that every registered detector keeps."""

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detect.models import random_detector

from wardmote.detect import Detector, InvalidText, Screener, Signal, TextTooLong

DETECTORS = [*Screener.attributes().detectors, random_detector()]
TEXTS = [
    "",
    " ",
    "Carol will be at the fountain at ten.",
    "I will find you and kill you, Bob",
    "K\u0131ll \u212bll \ufb01ve \ufdfa \u1e9e STRASSE stra\u00dfe",
    "k\u200bi\u200bl\u200bl e\u0301 \u0301 y\u200d\u0335o\u0335u",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd \u2764\ufe0f" * 3,
    "\U0001f600" * 1000,
    "\0\0kill\0you\0",
    "\u202eyou kill lliw I\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "\U00020000\uffff\U0010ffff\ue000",
    "https://example.org/kill?you=1 @alice www.kill.example (http://x) #killyou",
    "a$$h0le k1ll 1234 5th covid19 don\u2019t ''' a'b",
    "x" * 9999,
    "no " * 3000,
]

detectors = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: str(detector.name))
texts = pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
anything = st.text(st.characters(codec="utf-8"), max_size=200)


def assert_signals(detector: Detector, text: str, signals: tuple[Signal, ...]) -> None:
    assert detector.categories == tuple(signal.category for signal in signals)
    for signal in signals:
        assert (detector.name, detector.version) == (signal.detector, signal.version)
        assert 0.0 <= signal.score <= 1.0
        assert round(signal.score, 4) == signal.score
        edges = [edge for span in signal.spans for edge in (span.start, span.end)]
        assert sorted(edges) == edges
        assert all(0 <= span.start < span.end <= len(text) for span in signal.spans)


@detectors
def test_a_detector_says_who_it_is(detector: Detector) -> None:
    """A detector has a name, a version, categories and a limit, and is a `Detector`."""
    assert isinstance(detector, Detector)
    assert detector.name
    assert detector.version
    assert detector.categories
    assert len(set(detector.categories)) == len(detector.categories)
    assert detector.accepts.max_characters >= 1000


@detectors
@texts
def test_signals_are_well_formed(detector: Detector, text: str) -> None:
    """Every text gets one signal per category, with a rounded probability and ordered spans inside the text."""
    assert_signals(detector, text, detector.examine(text))


@detectors
@texts
def test_the_same_text_gives_the_same_answer(detector: Detector, text: str) -> None:
    """Two examinations of one text are equal."""
    assert detector.examine(text) == detector.examine(text)


@detectors
def test_one_and_batch_agree(detector: Detector) -> None:
    """A text has the same scores alone and in a batch, in every Arrow shape that is accepted."""
    alone = [{signal.category: signal.score for signal in detector.examine(text)} for text in TEXTS]
    padded = pa.array(["left out", *TEXTS, "left out"])[1:-1]
    shapes = [pa.array(TEXTS), pa.array(TEXTS, pa.large_string()), pa.chunked_array([TEXTS[:3], TEXTS[3:]]), padded]

    assert alone == detector.examine_batch(pa.table({"text": TEXTS})).to_pylist()
    assert all(alone == detector.examine_batch(shape).to_pylist() for shape in shapes)


@detectors
@settings(max_examples=60, deadline=None)
@given(found=st.lists(anything, max_size=8))
def test_any_texts_can_be_examined(detector: Detector, found: list[str]) -> None:
    """Whatever Unicode text comes, spans lie inside it and the batch agrees."""
    batch = detector.examine_batch(pa.array(found, pa.string())).to_pylist()

    for text, row in zip(found, batch, strict=True):
        signals = detector.examine(text)
        assert_signals(detector, text, signals)
        assert row == {signal.category: signal.score for signal in signals}


@detectors
def test_scores_alone_are_those_of_an_examination(detector: Detector) -> None:
    """A detector that gives scores without spans gives the scores that it gives with them."""
    alone = Screener([detector])

    for text in TEXTS:
        assert {signal.category: signal.score for signal in detector.examine(text)} == alone.scores(text)
    with pytest.raises(InvalidText, match="lone surrogate"):
        alone.scores("abc\ud800def")


@detectors
def test_spans_in_a_batch_are_those_of_an_examination(detector: Detector) -> None:
    """The stretches behind many texts are the ones found text by text; what is not wanted is not given."""
    wanted = {category: [row % 2 == 0 for row in range(len(TEXTS))] for category in detector.categories[::2]}
    expected = [
        (row, signal.category, span)
        for row, text in enumerate(TEXTS)
        for signal in detector.examine(text)
        for span in signal.spans
        if row % 2 == 0 and signal.category in wanted
    ]

    assert expected
    assert expected == Screener([detector]).spans_batch(pa.array(TEXTS), wanted)


@detectors
def test_null_texts_have_null_scores(detector: Detector) -> None:
    """A null in a batch is answered by nulls, and does not disturb its neighbours."""
    rows = detector.examine_batch(pa.array(["one", None, "two"])).to_pylist()

    assert dict.fromkeys(detector.categories) == rows[1]
    assert rows[0] == detector.examine_batch(pa.array(["one"])).to_pylist()[0]
    assert rows[2] == detector.examine_batch(pa.array(["two"])).to_pylist()[0]


@detectors
def test_an_empty_batch_has_all_columns(detector: Detector) -> None:
    """No texts give no rows, and every category still has its column."""
    for empty in (pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.array([], pa.null())):
        found = detector.examine_batch(empty)
        assert (list(detector.categories), 0) == (found.column_names, found.num_rows)


@detectors
def test_a_lone_surrogate_is_refused(detector: Detector) -> None:
    """A string that is not Unicode text raises `InvalidText` and says where."""
    with pytest.raises(InvalidText, match="lone surrogate at character 3"):
        detector.examine("abc\ud800def")


@detectors
def test_broken_utf8_is_refused(detector: Detector) -> None:
    """A batch that is not UTF-8 raises `InvalidText` and names the row."""
    broken = pa.array([b"fine", b"also fine", b"\xff\xfe"], pa.binary()).view(pa.string())

    with pytest.raises(InvalidText, match="row 2"):
        detector.examine_batch(broken)


@detectors
@pytest.mark.parametrize("wrong", [None, 7, b"bytes"])
def test_what_is_no_string_is_refused(detector: Detector, wrong: object) -> None:
    """Anything but a string raises `InvalidText`."""
    with pytest.raises(InvalidText, match="must be a string"):
        detector.examine(wrong)  # type: ignore[arg-type]  # the wrong type is the test


@detectors
def test_what_are_no_strings_are_refused_in_a_batch(detector: Detector) -> None:
    """A batch of numbers, or a table without a text column, raises `InvalidText`."""
    with pytest.raises(InvalidText, match="Arrow strings"):
        detector.examine_batch(pa.array([1, 2]))
    with pytest.raises(InvalidText, match="no column text"):
        detector.examine_batch(pa.table({"body": ["a"]}))


@detectors
def test_texts_over_the_limit_are_refused(detector: Detector) -> None:
    """The limit is counted in characters, not bytes, and is itself accepted; one more raises `TextTooLong`."""
    longest = "\U0001f600" * detector.accepts.max_characters

    assert_signals(detector, longest, detector.examine(longest))
    with pytest.raises(TextTooLong, match=str(detector.accepts.max_characters)):
        detector.examine(longest + "x")
    with pytest.raises(TextTooLong, match="row 1"):
        detector.examine_batch(pa.array(["short", longest + "x"]))


@detectors
def test_threads_may_share_a_detector(detector: Detector) -> None:
    """Eight threads that examine at once get what one thread gets."""
    alone = [detector.examine(text) for text in TEXTS]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(detector.examine, TEXTS * 8))
    assert alone * 8 == together


@detectors
def test_a_batch_is_left_as_it_was(detector: Detector) -> None:
    """Examining a batch changes nothing in it."""
    batch = pa.array(TEXTS)
    before = [buffer.to_pybytes() for buffer in batch.buffers() if buffer is not None]

    detector.examine_batch(batch)
    assert before == [buffer.to_pybytes() for buffer in batch.buffers() if buffer is not None]
