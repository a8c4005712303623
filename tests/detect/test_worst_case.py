"""What a text may cost, counted in word pieces that the language model reads: the same on every machine."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from wardmote.detect import CascadeDetector
from wardmote.detect.cascade import BUDGET
from wardmote.detect.language import MOST_READ, RUN, WIDTH

SHAPES = {
    "knives": "\U0001f52a",
    "two emoji": "\U0001f52a\U0001f52b",
    "a plain threat again and again": "I will kill you. ",
    "letters apart": "k.i.l.l y.o.u ",
    "no spaces": "killyou",
    "combining marks": "k\u0336i\u0336l\u0336l\u0336 you ",
    "zero width": "k\u200bi\u200bl\u200bl you ",
    "mixed scripts": "\u043aill \u0443\u043eu ",
    "signs": "k!ll $$$ y0u ",
    "threats each in other words": "shoot stab burn hang gut choke drown behead ",
}


class Count:
    """In place of the language model's session: counts what it reads."""

    def __init__(self, session: Any) -> None:
        self.session, self.runs, self.pieces = session, 0, 0

    def run(self, wanted: Any, given: dict[str, Any]) -> Any:
        self.runs, self.pieces = self.runs + 1, self.pieces + given["ids"].size
        return self.session.run(wanted, given)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Count]:
    """The shipped language model, with a counter before it."""
    language = CascadeDetector.shipped().language
    count = Count(language._session)
    monkeypatch.setitem(vars(language), "_session", count)
    yield count


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


def test_a_threat_deep_in_a_long_text_is_read(counted: Count) -> None:
    """The stretch that is read is the suspicious one, not the first."""
    rng = random.Random(5)
    plain = "the library opens at nine and the lime trees by the river are in flower this week again".split()
    around = [" ".join(rng.choices(plain, k=80)) for _ in range(2)]

    scores = CascadeDetector.shipped().scores(". I will find you and kill you with a knife. ".join(around))

    assert scores["violence.threat"] >= CascadeDetector.shipped().plan.levels["violence.threat"]
    assert counted.runs == 1


@pytest.mark.parametrize("sign", ["$", "1!", "a ", "0$", "*", "\u0436", "a$", "fool ", "\u202ea"])
def test_reading_takes_as_many_steps_as_the_text_is_long(sign: str) -> None:
    """Four times the text takes nowhere near sixteen times as long; measured in the work of the linear model."""
    import time

    linear = CascadeDetector.shipped().linear

    def least(text: str) -> float:
        took = []
        for _ in range(5):
            begun = time.thread_time()
            linear.examine(text)
            took.append(time.thread_time() - begun)
        return float(np.min(took))

    short, long = (sign * 12_000)[:12_000], (sign * 48_000)[:48_000]
    assert least(long) < 10 * least(short) + 0.01
