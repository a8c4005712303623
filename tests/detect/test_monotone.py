"""Maps that never fall."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmote.detect.statistics.monotone import MonotoneMap, fit_monotone

unit = st.floats(0, 1).map(lambda value: round(value, 4))
pairs = st.lists(st.tuples(unit, unit), min_size=1, max_size=40)


@given(found=pairs)
def test_a_fitted_map_never_falls(found: list[tuple[float, float]]) -> None:
    """Whatever the pairs, a higher score never means less."""
    line = fit_monotone([x for x, _ in found], [y for _, y in found])
    read = [line(step / 50) for step in range(51)]

    assert all(high >= low - 1e-12 for low, high in pairwise(read))


def test_pairs_out_of_order_are_pooled() -> None:
    """Two neighbours that fall become one point at their means; the others stay."""
    line = fit_monotone([0.1, 0.2, 0.4, 0.9], [0.0, 0.6, 0.4, 1.0])

    assert line.given == pytest.approx((0.1, 0.3, 0.9))
    assert line.meant == pytest.approx((0.0, 0.5, 1.0))


def test_the_least_score_of_a_level_lies_on_the_line() -> None:
    """The threshold of a level is where the line reaches it; a level above the line has none."""
    line = MonotoneMap((0.2, 0.6), (0.1, 0.9))

    assert line.least(0.5) == 0.4
    assert line.least(0.05) == 0.2
    assert line.least(0.95) is None


def test_nothing_to_fit_is_refused() -> None:
    """No pairs, or more scores of one kind than of the other, raise `ValueError`."""
    with pytest.raises(ValueError, match="at least one pair"):
        fit_monotone([], [])
    with pytest.raises(ValueError, match="as many"):
        fit_monotone([0.1], [0.1, 0.2])
