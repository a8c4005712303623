"""An alarm means something: seldom where nothing changed, and always where much did."""

import numpy as np
from scipy import stats

from wardmote.detect.statistics.drift import CHANCE, FEWEST, FLAGGED, Shift, shifts


def _alarms(found: tuple[Shift, ...]) -> set[str]:
    return {shift.name for shift in found if shift.alarm}


def test_two_weeks_alike_raise_an_alarm_no_oftener_than_it_says() -> None:
    """Of 300 pairs of weeks with the same scores at most a handful raise any, whatever the number of categories."""
    rng = np.random.default_rng(3)
    raised = 0
    for _ in range(300):
        before, now = ({str(name): rng.beta(0.3, 6, 400) for name in range(5)} for _ in range(2))
        raised += bool(_alarms(shifts(before, now, before["0"] > 0.2, now["0"] > 0.2)))

    assert stats.binomtest(raised, 300, CHANCE, alternative="greater").pvalue > 0.001


def test_the_category_that_changed_is_named() -> None:
    """Scores that rose in one category alarm for that one, and for the flagged where more are."""
    rng = np.random.default_rng(4)
    before, now = ({name: rng.beta(1, 9, 2000) for name in ("threat", "insult")} for _ in range(2))
    now["threat"] = rng.beta(2, 8, 2000)
    found = shifts(before, now, before["threat"] > 0.4, now["threat"] > 0.4)

    assert _alarms(found) == {"threat", FLAGGED}
    assert [shift.name for shift in found] == ["threat", "insult", FLAGGED]


def test_a_difference_that_matters_to_nobody_is_no_alarm() -> None:
    """With 200,000 posts a shift of a hundredth is certain, and still no alarm."""
    rng = np.random.default_rng(5)
    before, now = rng.normal(0.5, 0.1, 200_000), rng.normal(0.504, 0.1, 200_000)
    found = shifts({"threat": before}, {"threat": now}, before > 0.7, now > 0.7)

    assert found[0].chance < 1e-9
    assert not found[0].alarm


def test_of_too_few_posts_nothing_is_said() -> None:
    """With 199 posts in either week there is no answer."""
    many, few = np.zeros(FEWEST), np.ones(FEWEST - 1)

    assert shifts({"threat": many}, {"threat": few}, many > 0.5, few > 0.5) == ()
    assert shifts({"threat": few}, {"threat": many}, few > 0.5, many > 0.5) == ()


def test_the_chances_are_those_of_another_library() -> None:
    """The distance is exact, and its chance, which counts twice for two questions, is close to the exact one."""
    rng = np.random.default_rng(6)
    before, now = rng.normal(0, 1, 600), rng.normal(0.15, 1, 400)
    ours = shifts({"threat": before}, {"threat": now}, before > 9, now > 9)[0]
    theirs = stats.ks_2samp(before, now)

    assert abs(ours.size - theirs.statistic) < 1e-12
    assert 0.8 < ours.chance / 2 / theirs.pvalue < 1.2
