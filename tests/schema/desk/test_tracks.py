"""What is stored about where a worker was on a day."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from schema.desk.tracks import bounds, day_track, days_with_track, seen_on_duty
from tests.schema.desk.test_positions import LON, NOW, STEP, Street, at
from tests.schema.desk.test_positions import street as street_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 24)
street = street_of


def test_a_day_is_the_local_one_with_its_hours_on_duty_and_all_that_is_stored(street: Street) -> None:
    street.keep(*[at(second, second / 10) for second in range(-600, 0, 10)], at(-5, 9000))
    street.keep(at(-605), device="hs-2", worker=street.other)
    with street.store.read() as session:
        track = day_track(session, street.worker, DAY, SHANGHAI)
        assert day_track(session, street.worker, DAY + timedelta(days=1), SHANGHAI).rows == []
        assert days_with_track(session, street.worker, SHANGHAI) == (DAY, DAY)
        assert days_with_track(session, street.other, SHANGHAI) is None
    assert track.duties == [(NOW - timedelta(hours=1), None)]
    assert len(track.rows) == 61 and track.flagged == {"jump": 1} and len(track.spots) == 60
    # Straight to the east, a metre a second: two points say it all.
    assert [len(line) for line in track.lines(10.0)] == [2]
    assert track.metres == pytest.approx(590 * 0.96, rel=0.05)


def test_duty_is_cut_to_the_day(street: Street) -> None:
    start, end = bounds(DAY, SHANGHAI)
    assert (end - start, start.utcoffset()) == (timedelta(days=1), timedelta(hours=8))
    street.clock(street.hs1, False, NOW)
    street.clock(street.hs1, True, NOW)
    street.now = NOW + timedelta(days=2)
    with street.store.read() as session:
        today = day_track(session, street.worker, DAY, SHANGHAI).duties
        tomorrow = day_track(session, street.worker, DAY + timedelta(days=1), SHANGHAI).duties
    assert today == [(NOW - timedelta(hours=1), NOW), (NOW, None)]
    assert tomorrow == [(end, None)]


def test_who_is_on_duty_is_seen_where_they_were_last_in_these_hours(street: Street) -> None:
    street.keep(at(-30), at(-20, 1))
    since = NOW - timedelta(minutes=5)
    with street.store.read() as session:
        (seen,) = seen_on_duty(session, since)
        assert (seen.worker, seen.device, seen.at) == (street.worker, "hs-1", NOW - timedelta(seconds=20))
        assert LON < seen.lon < LON + STEP and 0 < seen.accuracy < 8
        assert seen_on_duty(session, NOW - timedelta(seconds=19)) == []
    street.clock(street.hs1, False, NOW - timedelta(seconds=10))
    with street.store.read() as session:
        assert seen_on_duty(session, since) == []
    # Clocked on again: what is known is of the hours before.
    street.clock(street.hs1, True, NOW - timedelta(seconds=5))
    with street.store.read() as session:
        assert seen_on_duty(session, since) == []
