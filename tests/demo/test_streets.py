"""The demo city's ground: cells that lie side by side, and ask nothing of a real place."""

import pytest

from demo.streets import plots
from schema.geodesy import area


def test_neighbours_share_their_corners() -> None:
    corners = [tuple(point) for plot in plots("330106") for point in plot.ring]
    assert len(set(corners)) == 20  # 5 × 4 corners of 4 × 3 cells
    assert max(corners.count(corner) for corner in corners) == 4


@pytest.mark.parametrize("plot", plots("330106"), ids=lambda plot: plot.code)
def test_a_cell_is_of_a_size_to_walk(plot: object) -> None:
    assert 250_000 < area(plot.ring) < 400_000  # type: ignore[attr-defined]


def test_the_district_is_the_sites() -> None:
    assert {plot.code[:6] for plot in plots("650102")} == {"650102"}


def test_no_two_cells_have_one_name() -> None:
    assert len({plot.name for plot in plots("330106")}) == 12
