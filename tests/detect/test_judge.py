"""The judge: what it says of a scorer that knows, of one that guesses, and of the two together."""

import json

import numpy as np
import pytest
from tests.detect.held import WORDS, guesses, knows_ships, toy_test_set
from tests.detect.models import garden_rows, random_detector

from wardmote.detect.training.data.ordinary import some_of
from wardmote.detect.training.data.testset import HEADLINE
from wardmote.detect.training.measure.judge import Held, judge, score
from wardmote.detect.training.measure.scorers import detector_scorer, linear_scorer, plain_scorer

POSTS = [f"we saw {word} number {number}" for number in range(60) for word in WORDS]


def quiet(line: str) -> None:
    assert line


def test_a_scorer_that_knows_beats_one_that_guesses() -> None:
    """Who knows gets 1 everywhere, who guesses is near chance, and the difference's interval leaves 0 out."""
    found = judge(toy_test_set(), {"knows": knows_ships, "guesses": guesses}, POSTS, 1, quiet, rounds=200)
    knows = found["scorers"]["knows"]["categories"][HEADLINE]
    other = found["scorers"]["guesses"]["categories"][HEADLINE]
    gap = found["differences"][0]

    assert knows["auc"] == knows["ap_reweighted"] == knows["recall_0.01"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert other["auc"]["low"] < 0.6
    assert other["ap_reweighted"]["value"] < 0.2
    assert (gap["first"], gap["second"]) == ("knows", "guesses")
    assert gap["ap_reweighted"]["low"] > 0.5
    assert gap["auc"]["value"] == pytest.approx(1 - other["auc"]["value"], abs=1e-4)
    assert json.loads(json.dumps(found)) == found


def test_figures_weigh_rows_and_leave_other_languages_out() -> None:
    """The base rate is weighted, rows that are not English count nowhere, and rare categories are not reported."""
    test = toy_test_set()
    found = judge(test, {"knows": knows_ships}, POSTS, 1, quiet, rounds=20)
    figures = found["scorers"]["knows"]["categories"]
    ships = test.labels[HEADLINE] & test.counted

    assert set(figures) == {HEADLINE, "violence.threat"}
    assert (found["rows"], found["not_english"]) == (239, 1)
    assert figures[HEADLINE]["positive"] == int(ships.sum())
    assert figures[HEADLINE]["base_rate"] == pytest.approx(
        test.weights[ships].sum() / test.weights[test.counted].sum(), abs=1e-4
    )
    assert set(figures[HEADLINE]["sources"]) == {"a"}
    assert sum(group["share"] for group in figures[HEADLINE]["reliability"]) == pytest.approx(1, abs=1e-3)


def test_a_slow_scorer_is_given_fewer_ordinary_posts() -> None:
    """`most` limits the ordinary posts of the scorer it names, and fewer are among more."""
    found = judge(
        toy_test_set(), {"knows": knows_ships, "guesses": guesses}, POSTS, 1, quiet, most={"guesses": 50}, rounds=5
    )

    assert found["scorers"]["knows"]["ordinary_posts"] == len(POSTS)
    assert found["scorers"]["guesses"]["ordinary_posts"] == 50
    assert set(some_of(POSTS, 50, 1)) < set(some_of(POSTS, 90, 1)) < set(POSTS)


def test_what_is_drawn_again_is_what_was_drawn() -> None:
    """Resamples draw rows that are not English too, and then leave them out: the counted weight varies."""
    held = Held.of(toy_test_set(), seed=1, rounds=30)

    assert held.table.shape == (31, 239)
    assert len(set(held.table[1:].sum(axis=1).round(6).tolist())) > 1


def test_a_detector_and_its_weights_score_alike() -> None:
    """Asked one by one or all at once, the same model gives the same scores."""
    detector = random_detector()
    one, all_at_once = detector_scorer(detector)(POSTS[:5]), linear_scorer(detector.weights)(POSTS[:5])

    assert set(one) == set(all_at_once) == {"one", "two"}
    assert np.array_equal(one["two"], all_at_once["two"])


def test_the_plain_pipeline_learns_the_rows_it_is_given() -> None:
    """Trained on texts about gardens and ships it tells them apart; a head that nobody speaks of it leaves out."""
    pytest.importorskip("sklearn")
    plain = plain_scorer(garden_rows(), ("garden", "ship", "castle"))
    assert plain is not None
    found = plain(["roses and tulips", "the anchor of the ship"])

    assert set(found) == {"garden", "ship"}
    assert found["garden"][0] > found["garden"][1]
    assert found["ship"][1] > found["ship"][0]


def test_a_score_set_holds_what_the_scorer_knows() -> None:
    """Only categories that a scorer gives, or whose parts it gives, are scored."""
    held = Held.of(toy_test_set(), seed=1, rounds=2)

    assert set(score(held, knows_ships, POSTS[:9]).rows) == {HEADLINE, "violence.threat", "violence.incitement"}
    assert set(score(held, guesses, POSTS[:9]).rows) == {HEADLINE}
