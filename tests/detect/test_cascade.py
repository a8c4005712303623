"""The cascade: who is asked about what, and what is shown for it."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray
from tests.detect.models import random_detector

from wardmote.detect import CascadeDetector, Screener, WeightsError
from wardmote.detect.explain.occlusion import carriers, without
from wardmote.detect.models.plan import Plan
from wardmote.detect.models.stage import Choose
from wardmote.detect.models.student import Network, Student
from wardmote.detect.models.transformer import Transformer, first_part
from wardmote.detect.text.folding import FoldTables

BURN, PLAIN = "burn it all down tonight", "the tulips need water"
BLENDS = ({"one": (0.0, 0.0, 1.0)}, {"one": (0.0, 0.0, 0.0, 1.0)})


class Asked(Transformer):
    """In place of the language model: sure of whatever holds the word burn, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(Path("model"), Path("vocabulary"))
        self.texts: list[str] = []

    digest = "asked"

    def logits(
        self,
        texts: Sequence[str],
        tables: FoldTables,  # noqa: ARG002
        choose: Choose = first_part,  # noqa: ARG002
    ) -> NDArray[np.float64]:
        self.texts += texts
        return np.array([[3.0 if "burn" in text else -3.0] for text in texts])

    def cost(self, text: str, tables: FoldTables) -> int:  # noqa: ARG002
        return len(text.split())


def student(path: Path) -> Path:
    """A student of random weights for the head `one`."""
    rng = np.random.default_rng(3)

    def drawn(*shape: int) -> NDArray[np.float32]:
        return rng.normal(0, 0.3, shape).astype(np.float32)

    vectors = rng.integers(-90, 90, (1 << 10, 8)).astype(np.int8)
    network = Network(vectors, 0.02, drawn(24, 6), drawn(6), drawn(12, 5), drawn(5), drawn(5, 1), drawn(1))
    path.write_bytes(Student(("one",), network).to_bytes())
    return path


def cascade(folder: Path, *, student_gate: float = 0.0, transformer_gate: float = 0.0) -> tuple[CascadeDetector, Asked]:
    asked = Asked()
    plan = Plan(("one",), student_gate, transformer_gate, BLENDS, {"one": 0.5, "two": 0.5}, {"one": 0.9, "two": 0.9})
    second = partial(Student.load, student(folder / "student.npz"))
    return CascadeDetector(random_detector(), second, asked, plan), asked


def test_a_stage_is_asked_only_above_its_gate(tmp_path: Path) -> None:
    """Below the second gate the linear model has the last word, below the third the student."""
    linear = random_detector().scores(BURN)
    shut, asked = cascade(tmp_path, student_gate=1.1)
    assert shut.scores(BURN) == linear
    assert not asked.texts
    half, asked = cascade(tmp_path, transformer_gate=1.1)
    assert half.scores(BURN)["one"] != linear["one"]
    assert half.scores(BURN)["two"] == linear["two"]
    assert not asked.texts
    whole, asked = cascade(tmp_path)
    assert whole.scores(BURN)["one"] == round(1 / (1 + np.exp(-3.0)), 4)
    assert asked.texts == [BURN]


def test_one_text_and_many_get_the_same_scores(tmp_path: Path) -> None:
    """A text's neighbours change nothing, whichever stages they reach."""
    found, _ = cascade(tmp_path, student_gate=0.25, transformer_gate=0.3)
    texts = [BURN, PLAIN, "", "x" * 500, "burn", "k1ll the lights \U0001f525", "we burn wood"] * 9
    table = found.examine_batch(pa.array(texts))
    assert table.to_pylist() == [found.scores(text) for text in texts]


def test_the_student_says_the_same_from_its_file(tmp_path: Path) -> None:
    """What was saved is what is read, and the same weights make the same bytes."""
    path = student(tmp_path / "student.npz")
    read = Student.load(path)
    assert read.to_bytes() == path.read_bytes()
    assert read.heads == ("one",)


@pytest.mark.parametrize("content", [b"", b"PK", b"nonsense"])
def test_a_damaged_student_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    """The error names the file."""
    (tmp_path / "student.npz").write_bytes(content)
    with pytest.raises(WeightsError, match=r"student\.npz holds no student"):
        Student.load(tmp_path / "student.npz")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"heads": 1}'])
def test_a_damaged_plan_is_one_clear_error(content: str) -> None:
    """Whatever is wrong with the file."""
    with pytest.raises(WeightsError, match="plan is damaged"):
        Plan.from_json(content)


def test_a_plan_is_read_as_it_was_written() -> None:
    """Its file is JSON."""
    plan = Plan(("one",), 0.1, 0.2, BLENDS, {"one": 0.5}, {"one": 0.9})
    assert Plan.from_json(plan.to_json()) == plan
    assert json.loads(plan.to_json())["heads"] == ["one"]


def test_the_words_shown_are_those_without_which_the_flag_falls(tmp_path: Path) -> None:
    """Of a text that the language model flags, the spans are what it takes to un-flag it."""
    found, _ = cascade(tmp_path)
    signal = found.examine(BURN)[0]
    assert [BURN[span.start : span.end] for span in signal.spans] == ["burn"]
    text = without(BURN, [(span.start, span.end) for span in signal.spans])
    assert found.scores(text)["one"] < 0.5
    wanted = {"one": [False, True]}
    assert found.spans_batch(pa.array([PLAIN, BURN]), wanted) == [(1, "one", span) for span in signal.spans]


def test_where_two_words_each_carry_a_flag_both_are_shown() -> None:
    """Leaving out either alone changes nothing; leaving out both does."""

    def passes(text: str) -> bool:
        return "kill" not in text and "burn" not in text

    text = "kill them and burn it"
    words = [(0, 4), (5, 9), (10, 13), (14, 18), (19, 21)]
    spans = carriers(text, words, np.array([0.3, 0.2, 0.1, 0.3, -0.1]), passes)
    assert [text[span.start : span.end] for span in spans] == ["kill", "burn"]


def test_where_no_more_may_be_asked_the_strongest_words_are_shown() -> None:
    """Those that lower the score by a good part of what the strongest does."""
    text = "kill them and burn it"
    words = [(0, 4), (5, 9), (10, 13), (14, 18), (19, 21)]
    spans = carriers(text, words, np.array([0.3, 0.04, 0.0, 0.2, -0.1]), lambda rest: None)
    assert [text[span.start : span.end] for span in spans] == ["kill", "burn"]


def test_a_text_without_words_shows_nothing() -> None:
    """And asks nobody."""
    assert carriers("!!!", [], np.zeros(0), bool) == ()


def test_the_shipped_cascade_uses_every_stage() -> None:
    """An ordinary post stays with the linear model; a plain threat goes through all three and is flagged."""
    detector = CascadeDetector.shipped()
    judged = detector.judge_texts(["I love this song so much", "I will find you and kill you, Bob"])
    assert judged.stages.tolist() == [1, 3]
    threat = detector.categories.index("violence.threat")
    assert judged.scores[0, threat] < detector.plan.levels["violence.threat"] < judged.scores[1, threat]
    assert Screener.default().detectors == (detector,)


def test_ordinary_remarks_are_left_alone_and_a_threat_is_not() -> None:
    """What ships flags a plain threat at the strictest level, and neither threat nor incitement in plain remarks."""
    detector = CascadeDetector.shipped()
    violent = ("violence.threat", "violence.incitement")
    for remark in ("The library opens at nine on Monday", "The lime trees are in flower.", "good morning everyone"):
        scores = detector.scores(remark)
        assert not {head: scores[head] for head in violent if scores[head] >= detector.plan.levels[head]}
    assert detector.scores("I will find you and kill you")["violence.threat"] >= detector.plan.rare["violence.threat"]
