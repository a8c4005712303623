"""What a text may cost, counted in word pieces that the language model reads: the same on every machine."""

from typing import Any, cast

import pytest
from benchmarks.worst import SHAPES

from wardmote.detect import CascadeDetector
from wardmote.detect.models.cascade import BUDGET
from wardmote.detect.models.transformer import MOST_READ, RUN, WIDTH, Transformer


class Count:
    """In place of the language model's session: counts what it reads."""

    def __init__(self, session: Any) -> None:
        self.session, self.runs, self.pieces = session, 0, 0

    def run(self, wanted: Any, given: dict[str, Any]) -> Any:
        self.runs, self.pieces = self.runs + 1, self.pieces + given["ids"].size
        return self.session.run(wanted, given)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Count:
    """The shipped language model, with a counter before it."""
    language = cast("Transformer", CascadeDetector.shipped().language)
    count = Count(language._session)  # noqa: SLF001 - the seam where what is read can be counted
    monkeypatch.setitem(vars(language), "_session", count)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_no_post_costs_more_than_its_budget(counted: Count, shape: str) -> None:
    """A thousand characters of any shape, with the words behind their scores, cost so many pieces at most."""
    found = CascadeDetector.shipped()
    text = (SHAPES[shape] * 1_000)[:1_000]

    signals = found.examine(text)

    assert counted.pieces + RUN * counted.runs <= BUDGET
    assert signals == found.examine(text)


def test_a_short_threat_is_explained_within_the_same_budget(counted: Count) -> None:
    """The fewest words are still tried out."""
    text = "I will kill you tonight and burn your house down"
    found = CascadeDetector.shipped()

    threat = next(signal for signal in found.examine(text) if signal.category == "violence.threat")

    assert counted.pieces + RUN * counted.runs <= BUDGET
    assert counted.runs > 1
    assert "kill" in " ".join(text[span.start : span.end] for span in threat.spans)


def test_the_longest_text_costs_a_few_stretches(counted: Count) -> None:
    """However long it is."""
    CascadeDetector.shipped().examine("I will kill you. " * 2_800)

    assert counted.pieces <= MOST_READ * WIDTH
