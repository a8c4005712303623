"""The weighted measures: against scikit-learn, against their definitions, and the intervals against known spreads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmote.detect.training.data.ranking import threshold_at
from wardmote.detect.training.measure import weighted

metrics = pytest.importorskip("sklearn.metrics")


def toy(rows: int = 300, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, scores with ties, and weights from 1 to 50."""
    rng = np.random.default_rng(seed)
    truth = rng.random(rows) < 0.2
    scores = np.round(np.clip(0.3 * truth + rng.random(rows) * 0.7, 0, 1), 2)
    return truth, scores, rng.choice([1.0, 4.0, 50.0], rows)


@pytest.mark.parametrize("seed", range(5))
def test_areas_are_those_of_scikit_learn(seed: int) -> None:
    """Weighted AUC and average precision are what scikit-learn finds with sample weights."""
    truth, scores, weights = toy(seed=seed)

    assert metrics.roc_auc_score(truth, scores, sample_weight=weights) == pytest.approx(
        float(weighted.auc(truth, scores, weights))
    )
    assert metrics.average_precision_score(truth, scores, sample_weight=weights) == pytest.approx(
        float(weighted.average_precision(truth, scores, weights))
    )


def test_reweighting_is_scaling_the_two_kinds() -> None:
    """Average precision at a prevalence is scikit-learn's with the positives scaled to that part; AUC stays."""
    truth, scores, weights = toy()
    scaled = np.where(truth, 0.028 * weights / weights[truth].sum(), 0.972 * weights / weights[~truth].sum())

    assert scaled[truth].sum() / scaled.sum() == pytest.approx(0.028)
    assert metrics.average_precision_score(truth, scores, sample_weight=scaled) == pytest.approx(
        float(weighted.average_precision(truth, scores, weights, 0.028))
    )
    assert weighted.auc(truth, scores, weights) == pytest.approx(float(weighted.auc(truth, scores, scaled)))


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 4)), min_size=2, max_size=30))
def test_whole_weights_are_repeated_rows(rows: list[tuple[bool, int, int]]) -> None:
    """A row of weight n counts as n rows, in every measure; a row of weight 0 is not there."""
    truth, scores, weights = (np.array(part) for part in zip(*rows, strict=True))
    scores, weights = scores / 5, weights.astype(np.float64)
    again = np.repeat(np.arange(len(rows)), weights.astype(int))
    even = np.ones(len(again))

    for measure in (weighted.auc, weighted.average_precision):
        if truth[again].any() and not truth[again].all():
            assert float(measure(truth[again], scores[again], even)) == pytest.approx(
                float(measure(truth, scores, weights))
            )
    if truth[again].any():
        assert float(weighted.recall(truth[again], scores[again], even, 0.5)) == pytest.approx(
            float(weighted.recall(truth, scores, weights, 0.5))
        )
    if len(again):
        assert float(weighted.calibration_error(truth[again], scores[again], even)) == pytest.approx(
            float(weighted.calibration_error(truth, scores, weights))
        )


def test_all_resamples_at_once_are_each_alone() -> None:
    """A table of weights gives what each of its lines gives."""
    truth, scores, weights = toy(60)
    table = weights * weighted.resample(["a"] * 30 + ["b"] * 30, seed=1, rounds=5)

    for measure in (weighted.auc, weighted.average_precision):
        assert measure(truth, scores, table) == pytest.approx([float(measure(truth, scores, line)) for line in table])


def test_a_resample_keeps_each_stratum() -> None:
    """The first line is the sample; each stratum keeps its rows' sum on the whole and a lone row stays as it is."""
    strata = ["wide"] * 40 + ["small"] * 3 + ["alone"]
    factors = weighted.resample(strata, seed=2)

    assert factors.shape == (weighted.ROUNDS + 1, 44)
    assert (factors[0] == 1).all()
    assert factors[:, :40].sum(axis=1) == pytest.approx(np.full(len(factors), 40.0))
    assert factors[:, 40:43].sum(axis=1) == pytest.approx(np.full(len(factors), 3.0))
    assert (factors[:, 43] == 1).all()
    assert np.array_equal(factors, weighted.resample(strata, seed=2))


def test_resamples_of_small_strata_vary_as_they_should() -> None:
    """The variance of a stratum's mean over resamples is its rows' variance (by m - 1) over m, at three rows too."""
    values = np.array([0.0, 1.0, 5.0])
    means = weighted.resample(["x"] * 3, seed=4, rounds=20_000)[1:] @ values / 3

    assert float(means.var()) == pytest.approx(float(values.var(ddof=1) / 3), rel=0.05)


def test_an_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Of many samples, about 95 in 100 give an interval that holds the recall of the population."""
    rng = np.random.default_rng(6)
    held = 0
    for seed in range(150):
        scores = rng.random(120)
        table = weighted.resample(["all"] * 120, seed, rounds=200)
        found = weighted.interval(weighted.recall(np.ones(120, bool), scores, table, 0.4))
        held += found.low <= 0.6 <= found.high

    assert 135 <= held <= 150


def test_a_cut_flags_no_more_than_its_share() -> None:
    """At most the share of ordinary posts score more than the cut; resampled cuts scatter around it."""
    ordinary = np.round(np.random.default_rng(1).random(5000), 4)
    found = weighted.cuts(ordinary, 0.01, 1000, seed=1)

    assert 0.009 <= (ordinary > found[0]).mean() <= 0.01
    assert threshold_at(ordinary, 0.01) == pytest.approx(found[0] + 0.0001)
    assert float(found[1:].mean()) == pytest.approx(float(found[0]), abs=0.001)
    # The standard deviation of the 99% quantile of 5,000 uniforms.
    assert float(found[1:].std()) == pytest.approx((0.01 * 0.99 / 5000) ** 0.5, rel=0.2)


def test_calibration_error_is_nought_for_honest_scores() -> None:
    """Scores that come true as often as they say have a small error; scores twice too high have a large one."""
    rng = np.random.default_rng(5)
    scores = rng.random(20_000) / 2
    truth = rng.random(20_000) < scores

    assert float(weighted.calibration_error(truth, scores, np.ones(20_000))) < 0.015
    assert float(weighted.calibration_error(truth, scores * 2, np.ones(20_000))) == pytest.approx(0.25, abs=0.02)


def test_a_difference_on_the_same_resamples_is_tighter_than_its_parts() -> None:
    """Two scorers that err on the same rows differ by less than either is uncertain; one differs from itself by 0."""
    truth, scores, weights = toy(400)
    table = weights * weighted.resample(["all"] * 400, seed=1)
    ours = weighted.auc(truth, scores, table)
    theirs = weighted.auc(truth, scores + 0.02 * truth, table)
    gap, alone = weighted.difference(theirs, ours), weighted.interval(ours)

    assert gap.value > 0
    assert gap.high - gap.low < alone.high - alone.low
    assert weighted.difference(ours, ours).high == 0


def test_no_positive_is_no_figure() -> None:
    """Where there is nothing to find, a measure is nan and its JSON null."""
    table = np.ones((3, 2))

    for figures in (
        weighted.auc(np.zeros(2, bool), np.array([0.1, 0.2]), table),
        weighted.average_precision(np.zeros(2, bool), np.array([0.1, 0.2]), table, 0.028),
        weighted.recall(np.zeros(2, bool), np.array([0.1, 0.2]), table, 0.1),
    ):
        assert np.isnan(figures).all()
        assert weighted.as_json(weighted.interval(figures)) is None
