"""The texts that are measured with where no data sets are at hand."""

import pyarrow as pa
import pytest
from benchmarks.texts import LONGEST, texts

from wardmote.detect import Screener
from wardmote.edges.cli.screen.thresholds import guidance


def test_of_our_own_texts_about_one_in_a_hundred_is_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    """As among what members write: to find the words behind flags is not what most of the time goes into."""
    monkeypatch.delenv("WARDMOTE_DATA", raising=False)
    found = texts(2_000)
    scores = Screener.default().screen_batch(pa.array(found, pa.large_string())).to_pylist()
    flagged = sum(any(row[category] >= least for category, least in guidance().items()) for row in scores)

    assert all(0 < len(text) <= LONGEST for text in found)
    assert len(set(found)) > 500
    assert 0 < flagged <= 60
