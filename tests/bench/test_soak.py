"""The slope of memory over time."""

import pytest

from bench.soak import slope


def test_a_slope_is_per_unit_whatever_the_level() -> None:
    assert slope([(0.0, 100.0), (0.5, 102.5), (1.0, 105.0)]) == pytest.approx(5)
    assert slope([(0.0, 100.0), (1.0, 100.0)]) == 0


def test_one_point_has_no_slope() -> None:
    with pytest.raises(ValueError, match="two points"):
        slope([(0.0, 1.0)])
