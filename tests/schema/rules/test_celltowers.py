"""Where a handset is by the cell towers it hears."""

import pytest

from schema.rules.celltowers import FARTHEST, NEAREST, Heard, Place, Tower, locate, score

NOW = 1_795_507_200.0
DAY = 86_400


def tower(
    cid: int, lon: float, lat: float, *, lac: int = 7, range: float = 800, samples: int = 1024
) -> Tower:
    return Tower((460, 0, lac, cid), lon, lat, range, samples, NOW - 100 * DAY, NOW - 5 * DAY)


A, B, C = tower(1, 120.15, 30.26), tower(2, 120.17, 30.26), tower(3, 121.0, 31.0, lac=8)
TABLE = {one.key: one for one in (A, B, C)}


def test_one_cell_is_where_it_is_heard() -> None:
    place = locate([Heard(A.key)], TABLE, NOW)
    assert place == Place(A.lon, A.lat, NEAREST)
    wide = tower(9, 120.0, 30.0, range=7_000)
    assert locate([Heard(wide.key)], {wide.key: wide}, NOW) == Place(120.0, 30.0, 7_000)
    endless = tower(9, 120.0, 30.0, range=90_000)
    found = locate([Heard(endless.key)], {endless.key: endless}, NOW)
    assert found is not None and found.accuracy == FARTHEST and found.sigma == pytest.approx(20_427, abs=1)


def test_unknown_cells_say_nothing() -> None:
    assert locate([Heard((460, 1, 7, 1))], TABLE, NOW) is None
    assert locate([], TABLE, NOW) is None


def test_a_stronger_signal_draws_nearer_and_an_old_one_less() -> None:
    even = locate([Heard(A.key, -80), Heard(B.key, -80)], TABLE, NOW)
    near_b = locate([Heard(A.key, -110), Heard(B.key, -55)], TABLE, NOW)
    stale_b = locate([Heard(A.key, -80), Heard(B.key, -80, age=200_000)], TABLE, NOW)
    assert even and near_b and stale_b
    assert even.lon == pytest.approx(120.16) and near_b.lon == pytest.approx(120.166)
    # √(2000/200000) is a tenth.
    assert stale_b.lon == pytest.approx(120.15 + 0.02 / 11)


def test_areas_are_not_mixed_and_the_better_known_one_wins() -> None:
    place = locate([Heard(A.key), Heard(B.key), Heard(C.key, -40)], TABLE, NOW)
    assert place is not None and place.lon == pytest.approx(120.16)


def test_how_far_off_is_the_95th_percentile_of_the_distances() -> None:
    ring = [
        tower(n, 120.0 + lon, 30.0 + lat)
        for n, (lon, lat) in enumerate(((0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1)))
    ]
    place = locate([Heard(one.key, -80) for one in ring], {one.key: one for one in ring}, NOW)
    assert place is not None and (place.lon, place.lat) == (pytest.approx(120), pytest.approx(30))
    assert place.accuracy == pytest.approx(11_119.5, abs=1)


def test_a_tower_is_trusted_by_its_age_its_days_and_its_samples() -> None:
    assert score(A, NOW) == 10
    assert score(tower(1, 0, 0, samples=2), NOW) == 1
    assert score(tower(1, 0, 0, samples=1), NOW) == 0.5
    assert score(tower(1, 0, 0, range=0), NOW) == 0.5  # the same observation a thousand times
    year_old = Tower(A.key, 0, 0, 1, 1024, NOW - 500 * DAY, NOW - 365 * DAY)
    assert score(year_old, NOW) == pytest.approx(10 / 13**0.5)
    one_day = Tower(A.key, 0, 0, 1, 1024, NOW - DAY, NOW - DAY)
    assert score(one_day, NOW) == pytest.approx(1.0)
