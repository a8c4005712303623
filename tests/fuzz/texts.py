"""Feeds the detectors with whatever bytes a coverage-guided fuzzer thinks of. Run it as `docs/howto/fuzz.md` says.

A text with lone surrogates must be refused with a `TextError`; any other must be judged, with spans within it, alone
as in a batch.
"""

import sys
import warnings
from contextlib import nullcontext
from importlib import import_module
from os import environ

import pyarrow as pa

INTERPRETED = environ.get("NUMBA_DISABLE_JIT") == "1"
"""Then the kernels run as Python, with every index checked and every branch seen by the fuzzer, but slowly."""

atheris = import_module("atheris")
with atheris.instrument_imports(include=["wardmote.detect"]) if INTERPRETED else nullcontext():
    from wardmote.detect import InvalidText, LinearDetector, Screener, coverage, scoring
    from wardmote.detect.explain import attribution

SCREENER = Screener([LinearDetector.shipped(), LinearDetector.attributes()])
CATEGORIES = SCREENER.categories
BLOCKS = (
    *(0x20, 0x30, 0x60, 0x68, 0x70, 0x2020, 0x200B, 0x2028, 0x300, 0x430, 0x440, 0x3B0, 0x1F520, 0x13A0, 0x1D420),
    0xFE00,
)
"""Where sixteen characters each begin: signs, digits, letters, marks, overrides, look-alikes, emoji."""


def judge(data: bytes) -> None:
    """Judge the bytes as a text; raise `AssertionError` where a promise of the detectors is broken."""
    # Half of what a fuzzer makes is no UTF-8: there each byte is taken for a character of some block instead.
    text = _decoded(data) or "".join(chr(BLOCKS[byte & 15] + (byte >> 4)) for byte in data)
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            SCREENER.screen(text)
        except InvalidText:
            return
        raise AssertionError("a lone surrogate was not refused") from None
    screening = SCREENER.screen(text)
    for signal in screening.signals:
        edges = [0, *(edge for span in signal.spans for edge in (span.start, span.end)), len(text)]
        assert 0.0 <= signal.score <= 1.0, signal
        assert edges == sorted(edges), signal
    batch = pa.array(["before", text, "after"], pa.large_string())
    assert SCREENER.screen_batch(batch).slice(1, 1).to_pylist() == [screening.scores]
    assert SCREENER.covered_batch(batch)[1] == screening.covered
    wanted = {category: [False, True, False] for category in CATEGORIES}
    found = sorted((category, span.start, span.end) for _, category, span in SCREENER.spans_batch(batch, wanted))
    alone = sorted((signal.category, span.start, span.end) for signal in screening.signals for span in signal.spans)
    assert found == alone


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return ""


def main() -> None:
    # Interpreted, the hashes overflow as they are meant to, with a warning each.
    warnings.simplefilter("ignore")
    judge(f"{len((coverage, scoring, attribution))} modules are read before the clock starts.".encode())
    atheris.Setup(sys.argv, judge if INTERPRETED else atheris.instrument_func(judge))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
