"""Who is on duty."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.desk.duty import devices_on_duty, set_duty
from schema.desk.handsets import block, enrol
from schema.handsets import Duty, Handset
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
