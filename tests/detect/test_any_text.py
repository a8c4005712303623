"""Any text at all: no kernel breaks, spans lie within the text, a batch says what each text alone is given."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.detect.models import random_detector

from wardmote.detect import InvalidText, LinearDetector, Screener, TextTooLong
from wardmote.detect.models.linear import MAX_CHARACTERS

DETECTORS = (random_detector(), LinearDetector.shipped(), LinearDetector.attributes())
SCREENER = Screener(DETECTORS[1:])

AWKWARD = st.sampled_from(
    "kill $0135 17!@*#._-'/:\n\t"
    "\u2019\u00a0\u200b\u200d\u200f\u202e\u202c\u2066\u2069\u0301\u0489\u0336\ufe0f\u0430\u0456\u03bf\u13a5\u15ea\ufb03\ufdfa"
    "\u1e9e\u0130\u3164\u2800\ud55c\u0e33\U0001f52a\U0001f3fd\U0001f1fa\U0001d424\U0010ffff\x00\x7f"
)
PARTS = ("k i l l", "\u202ekill", "\u202c", "\u0455\u043e", "http://a", "www.", "@b", "$", "11", "**", "e\u0301" * 9)
WHOLE = st.characters(codec="utf-8")
TEXTS = st.one_of(
    st.text(WHOLE, max_size=120),
    st.text(AWKWARD, max_size=120),
    st.lists(st.sampled_from(PARTS)).map(" ".join),
    st.builds(lambda part, times: (part * times)[:3000], st.text(AWKWARD, min_size=1, max_size=4), st.integers(1, 900)),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS)
@example(text="")
@example(text="\u202e")
@example(text="a\u202eb c\nd e\u202c f\u202eg h")
@example(text="\ufdfa" * 400)
@example(text="\U0010ffff" * 300)
@example(text="k" + "\u0301" * 2000)
@example(text="x " * 400)
def test_no_text_breaks_a_detector_and_its_spans_lie_within(text: str) -> None:
    """Scores are probabilities; spans are in order, apart, not empty and within the text; so are an account's words."""
    for detector in DETECTORS:
        for signal in detector.examine(text):
            edges = [0, *(edge for span in signal.spans for edge in (span.start, span.end)), len(text)]
            assert 0.0 <= signal.score <= 1.0
            assert edges == sorted(edges)
            assert all(span.start < span.end for span in signal.spans)
        assert all(0 <= word.start < word.end <= len(text) for word in detector.explain(text).words)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(TEXTS, max_size=8))
def test_a_batch_says_what_each_text_alone_is_given(texts: list[str]) -> None:
    """Scores, coverage and spans of many texts are those of each."""
    column = pa.array(texts, pa.large_string())
    table = SCREENER.screen_batch(column)
    alone = [SCREENER.screen(text) for text in texts]
    wanted = {category: [True] * len(texts) for category in SCREENER.categories}
    spans = [
        (row, signal.category, span)
        for row, said in enumerate(alone)
        for signal in said.signals
        for span in signal.spans
    ]

    assert [said.scores for said in alone] == table.to_pylist()
    assert [said.covered for said in alone] == SCREENER.covered_batch(column)
    assert sorted(spans, key=repr) == sorted(SCREENER.spans_batch(column, wanted), key=repr)


@given(before=st.text(WHOLE, max_size=20), lone=st.integers(0xD800, 0xDFFF), after=st.text(WHOLE, max_size=20))
@settings(max_examples=60, deadline=None)
def test_a_lone_surrogate_is_refused_by_its_place(before: str, lone: int, after: str) -> None:
    """One clear line says where, whatever is asked of the text."""
    text = f"{before}{chr(lone)}{after}"
    for ask in (SCREENER.screen, SCREENER.scores, SCREENER.covered):
        with pytest.raises(InvalidText, match=f"^text holds a lone surrogate at character {len(before)}$"):
            ask(text)


def test_the_longest_text_is_judged_and_a_longer_one_refused() -> None:
    """Fifty thousand characters of any size, and not one more; single letters give the most words."""
    for unit in ("a ", "\U0001f52a", "\ufdfa", "k i l l ", "\u0430", "e\u0301"):
        text = (unit * MAX_CHARACTERS)[:MAX_CHARACTERS]
        assert 0.0 <= SCREENER.scores(text)["violence.threat"] <= 1.0
    with pytest.raises(TextTooLong, match="at most"):
        SCREENER.covered("a" * (MAX_CHARACTERS + 1))
