"""Whether the shown words are why, and the list of the worst errors."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
from tests.detect.held import guesses, knows_ships, toy_test_set

from wardmote.detect import Accepts, Signal, Span
from wardmote.detect.training.data.testset import HEADLINE
from wardmote.detect.training.measure.faithfulness import as_many_words, faithfulness, without
from wardmote.detect.training.measure.judge import Held, score
from wardmote.detect.training.measure.worst import worst


class Ships:
    """Flags ships. `shows` is the word it points at."""

    name, version, categories, accepts = "ships", "1", ("ship",), Accepts(1000, ("en",))

    def __init__(self, shows: str) -> None:
        self._shows = shows

    def examine(self, text: str) -> tuple[Signal, ...]:
        start = text.find(self._shows)
        spans = (Span(start, start + len(self._shows), 1.0),) if start >= 0 else ()
        return (Signal(self.name, self.version, "ship", 0.9 if "ship" in text else 0.1, spans),)

    def examine_batch(self, texts: Any) -> Any:
        return pa.table({"ship": pa.array([self.examine(text)[0].score for text in texts.to_pylist()], pa.float64())})


TEXTS = {"test": ["the ship left in the rain today"] * 40, "ordinary": ["roses bloom here", "a ship"]}


def test_words_that_are_why_take_the_flag_along() -> None:
    """Where the shown word made the score, cutting it un-flags each time and cutting other words seldom does."""
    found = faithfulness(Ships("ship"), TEXTS, {"ship": 0.5}, seed=1)["ship"]

    assert found["test"]["flagged"] == 40
    assert found["test"]["below"]["value"] == 1.0
    assert found["test"]["below"]["low"] > 0.9
    assert found["test"]["at_random"]["value"] < 0.5
    assert found["test"]["shown"] == round(4 / len(TEXTS["test"][0]), 3)
    assert found["ordinary"]["flagged"] == 1
    assert found["all"]["flagged"] == 41
    assert json.loads(json.dumps(found)) == found


def test_words_that_are_not_why_leave_it() -> None:
    """Where something else is shown, or nothing, cutting it changes nothing, and that is what is said."""
    assert faithfulness(Ships("rain"), TEXTS, {"ship": 0.5}, seed=1)["ship"]["test"]["below"]["value"] == 0.0
    assert faithfulness(Ships("nothing"), TEXTS, {"ship": 0.5}, seed=1)["ship"]["all"]["below"]["value"] == 0.0


def test_nothing_flagged_is_no_figure() -> None:
    """Without a flagged text there is nothing to say."""
    found = faithfulness(Ships("ship"), {"test": ["roses"]}, {"ship": 0.5}, seed=1)["ship"]["all"]

    assert found == {"flagged": 0, "below": None, "shown": None, "at_random": None}


def test_cutting_leaves_the_rest_apart() -> None:
    """Cut stretches leave one space; stretches may touch, overlap and come in any order."""
    assert without("one two three", [(4, 7)]) == "one three"
    assert without("onetwothree", [(3, 6)]) == "one three"
    assert without("one two three", [(8, 13), (0, 5), (4, 7)]) == ""


def test_as_many_random_words_are_cut() -> None:
    """The random words have at least as many characters as the spans, and not a word more than is needed."""
    text = "aa bb cc dd ee"
    drawn = as_many_words(text, [(0, 2), (3, 4)], np.random.default_rng(1))

    assert len(drawn) == 2
    assert all(text[start:end] in text.split() for start, end in drawn)


def test_the_worst_are_named_by_row() -> None:
    """Misses are the positives that score least, alarms the negatives that score most, and no text is among them."""
    test = toy_test_set()
    held = Held.of(test, seed=1, rounds=1)
    scored = score(held, guesses, ["a post"])
    found = worst(held, scored, most=5)
    scores = dict(zip(test.orders[test.counted].tolist(), scored.rows[HEADLINE].tolist(), strict=True))
    ships = {int(order) for order, ship in zip(test.orders, test.labels[HEADLINE], strict=True) if ship}

    assert [row["score"] for row in found["misses"]] == sorted(scores[order] for order in ships)[:5]
    assert {row["order"] for row in found["misses"]} <= ships
    assert not {row["order"] for row in found["alarms"]} & ships
    assert found["alarms"][0]["score"] == max(value for order, value in scores.items() if order not in ships)
    assert found["misses"][0]["labels"] == ["violence.threat"]
    assert not any(text in json.dumps(found) for text in test.texts)


def test_a_scorer_that_knows_has_no_bad_miss() -> None:
    """All that it should find scores above all that it should not."""
    held = Held.of(toy_test_set(), seed=1, rounds=1)
    found = worst(held, score(held, knows_ships, ["a post"]))

    assert found["misses"][0]["score"] > found["alarms"][0]["score"]
