"""A position has a place or cells, and a time of this age."""

from datetime import UTC, datetime

import pytest

from field_gateway.points import Cell, Point, fault

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CELL = Cell(460, 0, 1, 2)


@pytest.mark.parametrize(
    ("point", "where"),
    [
        (Point(NOW, 120.0, 30.0), ""),
        (Point(NOW, cells=(CELL,)), ""),
        (Point(NOW), "$.points[1]"),
        (Point(NOW, 120.0), "$.points[1]"),
        (Point(NOW, lat=30.0, cells=(CELL,)), "$.points[1]"),
        (Point(NOW.replace(year=1999), 120.0, 30.0), "$.points[1].fixed_at"),
        (Point(NOW.replace(year=2200), 120.0, 30.0), "$.points[1].fixed_at"),
    ],
)
def test_what_is_wrong_with_a_point_is_said_with_its_place(point: Point, where: str) -> None:
    told = fault([Point(NOW, 120.0, 30.0), point])
    assert (where == told == "") or f"`{where}`" in told
