"""Who is on duty, and the positions of those hours."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.desk.duty import NewPosition, devices_on_duty, keep_positions, last_position, set_duty
from schema.desk.handsets import block, enrol
from schema.handsets import Duty, Handset, Position
from schema.ids import uuid7
from tests.schema.desk.casework import Office

MINUTE = timedelta(minutes=1)


@pytest.fixture
def handset(desk: Office) -> Handset:
    with desk.store.work() as work:
        enrol(work, device="hs-2", worker=desk.worker2, secret="sixteen letters!")
        return enrol(work, device="hs-1", worker=desk.worker, secret="sixteen letters!")


def clock(desk: Office, handset: Handset, on: bool, made: datetime) -> None:
    with desk.store.work() as work:
        set_duty(work, handset, id=uuid7(), made=made, on=on)


def point(at: datetime, flag: str = "") -> NewPosition:
    return NewPosition(at, 120.1, 30.2, 5.0, "gps", flag)


def test_hours_on_duty_follow_each_other(desk: Office, handset: Handset) -> None:
    start = datetime.now(UTC) - 60 * MINUTE
    for minutes, on in ((0, True), (10, False), (20, True)):
        clock(desk, handset, on, start + minutes * MINUTE)
    with desk.store.read() as session:
        spans = [(d.started_at, d.ended_at) for d in session.query(Duty).order_by(Duty.started_at)]
        assert spans == [(start, start + 10 * MINUTE), (start + 20 * MINUTE, None)]
        assert devices_on_duty(session) == [(desk.worker, "hs-1")]
        assert devices_on_duty(session, desk.worker2) == []


def test_duty_never_ends_before_it_began(desk: Office, handset: Handset) -> None:
    start = datetime.now(UTC) - MINUTE
    clock(desk, handset, True, start)
    clock(desk, handset, False, start - 30 * MINUTE)
    with desk.store.read() as session:
        assert session.query(Duty).one().ended_at == start


def test_a_blocked_device_is_on_duty_no_more(desk: Office, handset: Handset) -> None:
    clock(desk, handset, True, datetime.now(UTC))
    with desk.store.work() as work:
        block(work, "hs-1")
    with desk.store.read() as session:
        assert devices_on_duty(session) == []


def test_another_devices_hours_do_not_count(desk: Office, handset: Handset) -> None:
    clock(desk, handset, True, datetime.now(UTC) - 10 * MINUTE)
    with desk.store.work() as work:
        other = work.session.get_one(Handset, "hs-2")
        assert keep_positions(work, other, [point(work.now)]) == 1
        assert keep_positions(work, handset, [point(work.now)]) == 0


def test_the_ends_of_duty_are_part_of_it_and_a_fast_clock_does_not_stretch_it(
    desk: Office, handset: Handset
) -> None:
    start = datetime.now(UTC) - 60 * MINUTE
    clock(desk, handset, True, start)
    clock(desk, handset, False, start + 10 * MINUTE)
    times = [
        start - timedelta(seconds=1),
        start,
        start + 10 * MINUTE,
        start + 11 * MINUTE,
        start + 120 * MINUTE,
    ]
    with desk.store.work() as work:
        assert keep_positions(work, handset, [point(at) for at in times]) == 3
    with desk.store.read() as session:
        assert [p.fixed_at for p in session.query(Position).order_by(Position.fixed_at)] == times[1:3]


def test_the_last_position_is_the_newest_trusted_one(desk: Office, handset: Handset) -> None:
    start = datetime.now(UTC) - 60 * MINUTE
    clock(desk, handset, True, start)
    with desk.store.read() as session:
        assert last_position(session, "hs-1") is None
    with desk.store.work() as work:
        keep_positions(
            work,
            handset,
            [point(start + 2 * MINUTE), point(start + MINUTE), point(start + 3 * MINUTE, "jump")],
        )
    with desk.store.read() as session:
        last = last_position(session, "hs-1")
        assert last is not None and last.fixed_at == start + 2 * MINUTE
