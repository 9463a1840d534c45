"""Of a handset that falls silent on duty people are told once, until it is heard of again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from schema.base import table_of
from schema.desk.handsets import enrol
from schema.desk.silence import Silent, tell_silent
from schema.handsets import Duty, Handset
from schema.ids import uuid7
from schema.notices import Notice
from schema.outbox import OutboxRow
from tests.schema.desk.casework import Office

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
LONG = timedelta(minutes=30)


def write(language: str, silent: Sequence[Silent]) -> tuple[str, str]:
    return language, " ".join(one.device for one in silent)


@pytest.fixture
def street(desk: Office) -> Office:
    """Two on duty since two hours, of which nothing was heard for one; a third is blocked."""
    desk.store.clock = lambda: NOW
    with desk.store.work() as work:
        for name in ("hs-1", "hs-2", "hs-3"):
            row = enrol(work, device=name, worker=desk.worker, secret="sixteen letters!")
            row.seen_at, row.blocked = NOW - timedelta(hours=1), name == "hs-3"
            begun = NOW - timedelta(hours=2)
            work.session.add(
                Duty(id=uuid7(), worker=desk.worker, device=name, started_at=begun, ended_at=None)
            )
    return desk


def tell(desk: Office, after: timedelta = LONG) -> list[str]:
    with desk.store.work() as work:
        return [one.device for one in tell_silent(work, after, write)]


def test_all_that_fell_silent_are_told_in_one_notice_to_those_who_look_after_the_street(
    street: Office,
) -> None:
    assert tell(street, timedelta()) == [] and tell(street, timedelta(hours=3)) == []
    assert tell(street) == ["hs-1", "hs-2"]
    with street.store.read() as session:
        told = session.scalars(select(Notice).where(Notice.kind == "silent", Notice.way == "message")).all()
        facts = session.scalars(select(OutboxRow).where(OutboxRow.name == "HandsetSilent")).all()
    assert {one.receiver for one in told} == {street.supervisor, street.clerk}
    assert {one.text for one in told} == {"hs-1 hs-2"} and len(facts) == 2


def test_a_silence_is_told_once_and_the_next_one_again(street: Office) -> None:
    assert tell(street) == ["hs-1", "hs-2"] and tell(street) == []
    later = NOW + timedelta(hours=1)
    street.store.clock = lambda: later
    assert tell(street) == [], "the same silence, an hour on"
    with street.store.work() as work:
        seen = update(table_of(Handset)).where(Handset.device == "hs-1").values(seen_at=later)
        work.session.execute(seen)
    assert tell(street) == []
    again = later + timedelta(hours=1)
    street.store.clock = lambda: again
    assert tell(street) == ["hs-1"]
    with street.store.work() as work:
        work.session.execute(update(table_of(Duty)).values(ended_at=again))
        begun = again + timedelta(minutes=1)
        work.session.add(
            Duty(id=uuid7(), worker=street.worker, device="hs-2", started_at=begun, ended_at=None)
        )
    street.store.clock = lambda: again + timedelta(minutes=20)
    assert tell(street) == [], "off duty nobody has to be heard of, and a new duty has just begun"
    street.store.clock = lambda: again + timedelta(minutes=40)
    assert tell(street) == ["hs-2"]
