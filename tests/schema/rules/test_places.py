"""Cells and points: codes in their parts, rings that enclose ground, and every point in one of the neighbours."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.streets import COLUMNS, ROWS, plots
from schema.rules.places import contains, is_point, read_cell_code, ring_fault

SQUARE = [[120.0, 30.0], [120.01, 30.0], [120.01, 30.01], [120.0, 30.01]]
PLOTS = plots("330106")


def test_a_code_comes_apart_and_together() -> None:
    code = read_cell_code("330106002001003")
    assert (code.district, code.street, code.community, code.cell) == ("330106", "002", "001", "003")
    assert str(code) == "330106002001003"


@pytest.mark.parametrize(
    "text", ["", "33010600200100", "3301060020010030", "33010600200100x", "330106 02001003",
             "３３０１０６００２００１００３", "000000002001003", "330106000001003", "330106002000003",
             "330106002001000", "330106002001003\n"]
)  # fmt: skip
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="grid cell code"):
        read_cell_code(text)


@pytest.mark.parametrize(("lon", "lat"), [(math.nan, 0), (0, math.inf), (180.1, 0), (0, -90.1)])
def test_nowhere_on_earth(lon: float, lat: float) -> None:
    assert not is_point(lon, lat)


def test_inside_and_outside() -> None:
    assert contains(SQUARE, 120.005, 30.005)
    for lon, lat in ((119.999, 30.005), (120.011, 30.005), (120.005, 29.999), (120.005, 30.011)):
        assert not contains(SQUARE, lon, lat)
        assert not contains(SQUARE[::-1], lon, lat)


def test_a_notch_is_outside() -> None:
    horseshoe = [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3]]
    assert contains(horseshoe, 0.5, 2) and contains(horseshoe, 2.5, 2) and contains(horseshoe, 1.5, 0.5)
    assert not contains(horseshoe, 1.5, 2)


@given(st.floats(120.1505, 120.1735), st.floats(30.2605, 30.2745))
def test_every_point_of_the_city_lies_in_exactly_one_cell(lon: float, lat: float) -> None:
    assert sum(contains(plot.ring, lon, lat) for plot in PLOTS) == 1


def test_points_on_shared_edges_and_corners_lie_in_exactly_one_cell() -> None:
    """On the very lines where floating point could let a point fall between two neighbours, or into both."""
    for plot in PLOTS:
        for (x1, y1), (x2, y2) in pairwise([*plot.ring, plot.ring[0]]):
            for part in range(1, 8):
                lon, lat = x1 + (x2 - x1) * part / 8, y1 + (y2 - y1) * part / 8
                if 120.1505 < lon < 120.1735 and 30.2605 < lat < 30.2745:
                    assert sum(contains(other.ring, lon, lat) for other in PLOTS) == 1
    inner = {tuple(point) for plot in PLOTS for point in plot.ring if 120.1505 < point[0] < 120.1735}
    for lon, lat in inner:
        if 30.2605 < lat < 30.2745:
            assert sum(contains(plot.ring, lon, lat) for plot in PLOTS) == 1


def test_the_city_has_a_dozen_cells_with_codes_of_their_own() -> None:
    assert len({str(read_cell_code(plot.code)) for plot in PLOTS}) == COLUMNS * ROWS == 12
    assert all(ring_fault(plot.ring) == "" for plot in PLOTS)


@pytest.mark.parametrize(
    ("ring", "why"),
    [
        (SQUARE[:2], "three points"),
        ([*SQUARE, SQUARE[0]], "same point twice"),
        ([[0, 0], [1, 1], [1, 0], [0, 1]], "cross itself"),
        ([[0, 0], [4, 0], [4, 4], [2, 0], [0, 4]], "cross itself"),
        ([[0, 0], [1, 1], [2, 2]], "ground"),
        ([[0, 0], [1, 0], [1, 200]], "degrees"),
        ([[0, 0], [1, 0], [1, math.nan]], "degrees"),
        ([[0, 0], [1, 0], [1]], "degrees"),
    ],
)
def test_a_boundary_that_encloses_nothing_is_refused(ring: list[list[float]], why: str) -> None:
    assert why in ring_fault(ring)


def test_a_boundary_may_run_either_way_round() -> None:
    assert ring_fault(SQUARE) == ring_fault(SQUARE[::-1]) == ""
