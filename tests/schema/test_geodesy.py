"""Geodesy against a check vector and what geometry demands; never by a ballpark transformation."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.geodesy import OutOfZone, area, distance, from_grid, to_grid, zone_of

LON, LAT = 120.159, 30.267


def test_the_check_vector() -> None:
    assert to_grid(LON, LAT) == pytest.approx((40515300.0941, 3349722.3021), abs=0.0001)
    assert to_grid(LON, LAT, prefixed=False) == pytest.approx((515300.0941, 3349722.3021), abs=0.0001)


@given(st.floats(73.6, 134.9), st.floats(3.5, 53.5))
def test_there_and_back(lon: float, lat: float) -> None:
    east, north = to_grid(lon, lat)
    assert from_grid(east, north) == pytest.approx((lon, lat), abs=1e-9)
    east, north = to_grid(lon, lat, prefixed=False)
    assert from_grid(east, north, zone=zone_of(lon)) == pytest.approx((lon, lat), abs=1e-9)


def test_a_neighbouring_zone_may_be_asked_for() -> None:
    east, north = to_grid(LON, LAT, zone=39)
    assert 39_000_000 < east < 40_000_000
    assert from_grid(east, north) == pytest.approx((LON, LAT), abs=1e-9)


@pytest.mark.parametrize("lon", [0.0, 73.4, 136.6, -120.0, float("nan"), float("inf")])
def test_what_lies_in_no_zone_is_refused(lon: float) -> None:
    with pytest.raises(OutOfZone):
        to_grid(lon, LAT)


@pytest.mark.parametrize("zone", [1, 24, 46, 60])
def test_a_zone_there_is_not_is_refused(zone: int) -> None:
    with pytest.raises(OutOfZone, match=f"zone {zone} "):
        to_grid(LON, LAT, zone=zone)


def test_an_easting_without_a_zone_number_is_refused() -> None:
    with pytest.raises(OutOfZone):
        from_grid(515300.0, 3349722.0)


def test_distance_is_on_the_ellipsoid() -> None:
    # A minute of the meridian at 30° N is 1847.5 m, of the equator 1855.3 m (WGS-84).
    assert distance(120, 30, 120, 30 + 1 / 60) == pytest.approx(1847.5, abs=0.5)
    assert distance(0, 0, 1 / 60, 0) == pytest.approx(1855.3, abs=0.1)
    assert distance(120, 30, 120, 30) == 0


def test_area_agrees_with_the_plane_where_the_plane_is_true() -> None:
    ring = [[120.0, 30.0], [120.001, 30.0], [120.001, 30.001], [120.0, 30.001]]
    points = [to_grid(*point) for point in ring]
    plane = (
        abs(
            sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))
        )
        / 2
    )
    assert area(ring) == pytest.approx(plane, rel=1e-4)
    assert area(ring[::-1]) == pytest.approx(area(ring))


def test_threads_do_not_share_a_transformation() -> None:
    found: list[tuple[float, float]] = []
    threads = [
        threading.Thread(target=lambda: found.extend(to_grid(LON, LAT) for _ in range(50))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200 and len(set(found)) == 1
