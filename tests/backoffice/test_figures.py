"""The day's figures: they add up, and each has its denominator."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backoffice.figures import KEPT, Day, Share, Today, Waits, figures, midnight
from schema.calls import QueueEntryRow, SeatSpellRow, SegmentRow
from schema.ids import uuid7
from tests.backoffice.conftest import NOW, Town

ZONE = ZoneInfo("Asia/Shanghai")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def wait(
    town: Town, result: str = "", after: float | None = None, queue: str = "hotline", begun: float = 0, n: int = 1,
    call: UUID | None = None,
) -> UUID:  # fmt: skip
    """A wait that began at `begun` and ended `after` so many seconds."""
    if call is None:
        call = town.call(queued_at=at(begun)).id
    ended = None if after is None else at(begun + after)
    with town.store.work() as work:
        work.session.add(
            QueueEntryRow(
                call=call, n=n, node="pbx1", queue=queue, entered_at=at(begun), ended_at=ended, result=result
            )
        )
    return call


def day(town: Town) -> Day:
    with town.store.read() as session:
        return figures(session, midnight(NOW, ZONE), at(3600))


def test_every_wait_is_in_one_place_and_the_sum_is_what_was_offered(town: Town) -> None:
    for seconds in (10, 15, 40.5):
        wait(town, "answered", seconds)
    wait(town, "abandoned", 5)
    wait(town, "abandoned", 30)
    overflowed = wait(town, "overflowed", 90)
    wait(town, "answered", 2, "water", 90, 2, overflowed)
    wait(town, "called back", 60)
    wait(town)
    town.call(queued_at=None, outcome="abandoned", stage="ivr")
    town.call(direction="out", queued_at=None, outcome="answered")
    found = day(town)
    hotline, water = found.queues["hotline"], found.queues["water"]
    assert hotline == Waits(3, 2, 1, 1, 1, 2, 1, hotline.wait_sum) and hotline.offered == 8
    assert round(hotline.wait_sum, 1) == 65.5
    assert (water.offered, water.answered, water.in_time) == (1, 1, 1)
    assert found.total.offered == 9 and found.before_queue == 1
    assert hotline.connect_rate == Share(3, 7)
    assert hotline.service_level == Share(2, 4), "answered within 15 s of answered and abandoned after 15 s"
    assert found.total.connect_rate == Share(4, 8) and found.total.speed_of_answer.whole == 4


def test_who_waited_at_midnight_is_the_new_days_and_who_was_served_before_is_not(town: Town) -> None:
    before = -16 * 3600 - 8 * 60  # eight minutes before the site's midnight
    wait(town, "answered", 600, begun=before - 3600)
    wait(town, "answered", 900, begun=before)
    wait(town, begun=before)
    found = day(town).total
    assert (found.offered, found.answered, found.waiting) == (2, 1, 1)


def test_talk_is_what_seats_talked_and_occupancy_of_the_time_they_were_there_for_it(town: Town) -> None:
    call = town.call().id
    with town.store.work() as work:
        for n, (kind, begin, end, leg_kind) in enumerate([
            ("talk", 0, 30, "seat"), ("hold", 30, 50, "seat"), ("conference", 50, 60, "seat"),
            ("talk", 60, None, "seat"),
            ("talk", 0, 60, "citizen"), ("consult", 30, 50, "seat"),
        ]):  # fmt: skip
            work.session.add(
                SegmentRow(node="pbx1", leg="1", n=n, call=call, leg_kind=leg_kind, kind=kind, others=[],
                           started_at=at(begin), ended_at=None if end is None else at(end))
            )  # fmt: skip
        for begin, end, state in [
            (-18 * 3600, -16 * 3600 + 100, "ready"), (0, 300, "talking"), (300, 400, "wrapup"), (400, 3000, "paused"),
            (3000, None, "ready"),
        ]:  # fmt: skip
            work.session.add(
                SeatSpellRow(node="pbx1", seat="101", started_at=at(begin), user=uuid7(), state=state,
                             ended_at=None if end is None else at(end))
            )  # fmt: skip
    found = day(town)
    assert (round(found.talk.part, 3), found.talk.whole) == (40, 1)
    assert (round(found.occupancy.part, 3), round(found.occupancy.whole, 3)) == (400, 400 + 100 + 600)


def test_a_day_without_calls_has_no_rates(town: Town) -> None:
    found = day(town)
    assert found.total.offered == 0
    shares = (found.total.connect_rate, found.total.service_level, found.total.speed_of_answer, found.talk)
    assert [share.value for share in (*shares, found.occupancy)] == [None] * 5


def test_many_who_ask_are_one_question(town: Town) -> None:
    now = [0.0]
    today = Today(town.store, ZONE, lambda: now[0])
    first = today.now()
    wait(town, "answered", 1)
    now[0] = KEPT - 0.1
    assert today.now() is first
    now[0] = KEPT
    assert today.now().total.answered == 1


def test_the_day_begins_at_the_sites_midnight() -> None:
    late: Any = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
    assert midnight(late, ZONE).astimezone(UTC) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert midnight(NOW, ZONE).astimezone(UTC) == datetime(2026, 11, 23, 16, tzinfo=UTC)
