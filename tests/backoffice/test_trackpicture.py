"""The picture of a track."""

from backoffice.trackpicture import HIGH, WIDE, draw
from schema.rules.simplifying import Spot

LON, LAT = 120.159, 30.267


def test_nothing_is_no_picture() -> None:
    assert draw([]) is None


def test_a_way_fits_into_the_picture_and_north_is_up() -> None:
    spots: list[Spot] = [(n * 10.0, LON + n * 1e-3, LAT + n * 1e-4) for n in range(20)]
    picture = draw(spots)
    assert picture is not None and len(picture.ways) == 1
    points = [tuple(map(float, one.split(","))) for one in picture.ways[0].split()]
    assert all(0 < x < WIDE and 0 < y < HIGH for x, y in points)
    assert points[0][0] < points[-1][0] and points[0][1] > points[-1][1]
    assert (picture.start.at, picture.end.at) == (0.0, 190.0)
    units, metres = picture.scale
    assert 0 < units <= WIDE / 5 and metres in (100, 200, 500)


def test_who_stands_still_is_a_dot_in_the_middle() -> None:
    picture = draw([(0.0, LON, LAT), (10.0, LON, LAT)])
    assert picture is not None and (picture.end.x, picture.end.y) == (WIDE / 2, HIGH / 2)


def test_cells_near_by_are_drawn_and_others_are_not() -> None:
    near = [[LON - 0.01, LAT - 0.01], [LON + 0.01, LAT - 0.01], [LON, LAT + 0.01]]
    far = [[lon + 1, lat] for lon, lat in near]
    picture = draw(
        [(0.0, LON, LAT), (5.0, LON + 1e-3, LAT)],
        [("here", near), ("there", far), ("none", [])],
        [(3.0, LON, LAT)],
    )
    assert (
        picture is not None and [name for name, _ in picture.cells] == ["here"] and len(picture.reports) == 1
    )
