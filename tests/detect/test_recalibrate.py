"""The correction of scores: its fit, what it refuses, and what it does to a detector."""

import json

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import minimize
from tests.scenario import THREAT, Dictated, dictated_screener

from wardmote.detect import Detector, Screener
from wardmote.detect.statistics.recalibrate import (
    _PULL,
    FEWEST,
    BadCorrection,
    Correction,
    fit,
    log_loss,
    logits,
    needed,
    recalibrate,
)


def drawn(count: int, slope: float, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores, and whether each text broke the rule, drawn so that this slope and shift are the true ones."""
    rng = np.random.default_rng(7)
    scores = np.round(rng.uniform(0.05, 0.95, count), 4)
    chance = 1 / (1 + np.exp(-(slope * logits(scores) + shift)))
    return scores, (rng.random(count) < chance).astype(float)


def correction(slope: float = 2.0, shift: float = -1.0, screener: str = "s") -> Correction:
    page = {"screener": screener, "decisions": "d", "factors": {THREAT: {"slope": slope, "shift": shift}}}
    return Correction.read(json.dumps(page).encode())


def test_the_fit_is_the_minimum_that_a_general_optimiser_finds() -> None:
    """Newton's method and SciPy agree to six digits, and both are near the truth."""
    scores, broke = drawn(20_000, 0.6, -1.2)
    points = logits(scores)

    def cost(place: np.ndarray) -> float:
        pull = 0.5 * _PULL * ((place[0] - 1) ** 2 + place[1] ** 2)
        return log_loss(place[0] * points + place[1], broke) + float(pull)

    expected = minimize(cost, [1.0, 0.0], method="BFGS", options={"gtol": 1e-9}).x

    assert fit(points, broke) == pytest.approx(tuple(expected), abs=1e-5)
    assert fit(points, broke) == pytest.approx((0.6, -1.2), abs=0.06)


def test_the_fit_ends_where_the_texts_lie_wholly_apart() -> None:
    """Without the pull to no change the slope would grow for ever."""
    slope, shift = fit(logits([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]))

    assert 1 <= slope < 10
    assert abs(shift) < 1e-6


def test_scores_that_are_too_high_are_corrected_and_the_held_out_half_says_so() -> None:
    """The loss falls beyond chance and the calibration error with it."""
    found = recalibrate(*drawn(1500, 0.7, -1.5))

    assert found.kept
    assert found.loss[1].value < found.loss[0].value
    assert found.error[1].high < found.error[0].low
    assert found.loss[1].low < found.loss[1].value < found.loss[1].high


def test_scores_that_are_right_are_left_alone() -> None:
    """Where the truth is no change, chance alone does not make a correction."""
    assert not recalibrate(*drawn(1500, 1.0, 0.0)).kept


def test_scores_that_rank_the_wrong_way_round_are_not_turned_over() -> None:
    """A falling correction would be better on paper; it is none."""
    found = recalibrate(*drawn(1500, -1.0, 0.0))

    assert found.slope < 0
    assert not found.kept


def test_too_few_texts_of_either_kind_are_refused_by_how_many_are_missing() -> None:
    """One short of the fewest is one more needed."""
    broke = [1.0] * (FEWEST - 1) + [0.0] * 500

    assert needed(broke) == 1
    with pytest.raises(ValueError, match="not enough decisions: 1 more needed"):
        recalibrate([0.5] * len(broke), broke)


def test_a_corrected_detector_says_the_same_alone_in_a_batch_and_without_spans() -> None:
    """Its scores are the formula's, the words behind them the inner detector's, and its version is another."""
    shipped = dictated_screener()
    screener = correction().apply(shipped)
    texts = [f"You. [{THREAT} {score}]" for score in ("0.0", "0.2", "0.5", "0.9371", "1.0")]
    points = logits([0.0, 0.2, 0.5, 0.9371, 1.0])
    expected = np.round(1 / (1 + np.exp(-(2 * points - 1))), 4).tolist()

    assert isinstance(screener.detectors[0], Detector)
    assert [screener.screen(text).score(THREAT) for text in texts] == expected
    assert [screener.scores(text)[THREAT] for text in texts] == expected
    assert screener.screen_batch(pa.array([*texts, "Plain."]))[THREAT].to_pylist()[:5] == expected
    assert [correction().scores(shipped.scores(text))[THREAT] for text in texts] == expected
    assert screener.screen(texts[3]).strongest(THREAT).spans == shipped.screen(texts[3]).strongest(THREAT).spans  # type: ignore[union-attr]
    assert screener.scores(texts[1])["harassment"] == shipped.scores(texts[1])["harassment"]
    assert len({shipped.fingerprint, screener.fingerprint, correction(shift=-2).apply(shipped).fingerprint}) == 3


def test_a_null_text_has_null_scores() -> None:
    """As every detector promises."""

    class Nulls(Dictated):
        def examine_batch(self, texts: object) -> pa.Table:  # noqa: ARG002
            return pa.table({category: pa.array([None], pa.float64()) for category in self.categories})

    table = correction().apply(Screener([Nulls()])).screen_batch(pa.array([None], pa.large_string()))

    assert table[THREAT].to_pylist() == [None]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff", "no correction of scores"),
        (b"[]", "no correction of scores"),
        (b'{"screener": "s", "decisions": "d", "factors": {}}', "at least one category"),
        (b'{"screener": "s", "decisions": "d", "factors": {"a": {"slope": NaN, "shift": 0}}}', "a: a slope is from"),
        (b'{"screener": "s", "decisions": "d", "factors": {"a": {"slope": 1, "shift": 11}}}', "a: a slope is from"),
        (b'{"screener": "s", "decisions": "d", "factors": {"a": {"slope": -1, "shift": 0}}}', "a: a slope is from"),
    ],
)
def test_a_file_that_is_no_correction_is_refused_with_what_is_wrong(data: bytes, why: str) -> None:
    """One clear error each."""
    with pytest.raises(BadCorrection, match=why):
        Correction.read(data)
