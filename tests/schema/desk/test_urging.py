"""Clocks climb the ladder of urging once each, by themselves; people urge by hand."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from demo.workdays import city_calendar
from schema.cases import Case
from schema.clocks import ClockRow
from schema.desk.clocks import clock_of
from schema.desk.deadlines import calendar_at, keep_calendar
from schema.desk.urging import beat, climb, due_to_be_urged
from schema.rules.lights import LADDER, moments
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import do

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Clock:
    """Stands until it is moved."""

    now = MONDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(desk: Office) -> Iterator[Clock]:
    clock = Clock()
    desk.store.clock = clock
    with desk.store.work() as work:
        keep_calendar(work, city_calendar(work.zone.key))
    yield clock


def urgings(desk: Office, case: UUID) -> list[str]:
    return [step.detail["rung"] for step in desk.steps(case) if step.hop == "case.urged"]


def when(desk: Office, case: UUID) -> list[datetime]:
    with desk.store.read() as session:
        found = clock_of(session, session.get_one(Case, case))
        assert found is not None
        calendar = calendar_at(session, desk.store.zone, found.calendar, found.version)
        return [at for _, at in moments(found, calendar) if at is not None]


def test_each_step_is_taken_once_at_its_moment(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    for place, at in enumerate(when(desk, case.id)):
        clock.now = at - timedelta(seconds=1)
        assert beat(desk.store) == 0
        clock.now = at
        assert beat(desk.store) == 1
        for _ in range(3):
            clock.now += timedelta(minutes=1)
            assert beat(desk.store) == 0
        assert urgings(desk, case.id) == [rung.what for rung in LADDER[: place + 1]]
    clock.now += timedelta(days=300)
    assert beat(desk.store) == 0 and desk.look(case.id).urge_at is None
    told = [row.body["rung"] for row in desk.said() if row.name == "CaseUrged"]
    assert told == ["urge", "urge-again", "supervise"]


def test_what_the_system_does_makes_nobody_look_again(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    clock.now = when(desk, case.id)[1]
    beat(desk.store)
    after = desk.look(case.id)
    assert urgings(desk, case.id) and after.version == case.version
    assert (after.due_at, after.due_words) == (case.due_at, case.due_words)


def test_after_a_silence_only_the_highest_step_is_taken(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    clock.now = when(desk, case.id)[2] + timedelta(days=1)
    beat(desk.store)
    assert urgings(desk, case.id) == ["supervise"]
    assert desk.steps(case.id)[-1].detail["passed"] == ["urge", "urge-again"]
    assert beat(desk.store) == 0


def test_a_clock_that_jumps_back_urges_nobody_twice(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    first, second, _ = when(desk, case.id)
    clock.now = first
    beat(desk.store)
    clock.now = MONDAY
    assert beat(desk.store) == 0
    clock.now = first
    assert beat(desk.store) == 0
    clock.now = second
    beat(desk.store)
    assert urgings(desk, case.id) == ["urge", "urge-again"]


def test_a_suspended_clock_stands_still_and_goes_on_where_it_was(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    first = when(desk, case.id)[0]
    clock.now = first - timedelta(hours=1)
    do(desk, "suspend", case.id)
    assert desk.look(case.id).urge_at is None
    clock.now = first + timedelta(days=30)
    assert beat(desk.store) == 0 and urgings(desk, case.id) == []
    do(desk, "resume", case.id)
    again = desk.look(case.id).urge_at
    assert again is not None and again > clock.now
    clock.now = again
    beat(desk.store)
    assert urgings(desk, case.id) == ["urge"]


def test_more_time_puts_off_what_was_to_come_and_repeats_nothing(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    first, second, _ = when(desk, case.id)
    clock.now = first
    beat(desk.store)
    do(desk, "ask-extension", case.id)
    do(desk, "grant-extension", case.id)
    later = desk.look(case.id).urge_at
    assert later is not None and later > second
    clock.now = second
    assert beat(desk.store) == 0
    clock.now = later
    beat(desk.store)
    assert urgings(desk, case.id) == ["urge", "urge-again"]


def test_a_case_opened_again_has_a_ladder_of_its_own(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    clock.now = when(desk, case.id)[0]
    beat(desk.store)
    with desk.store.work() as work:
        for step in ("handled", "checked", "closed"):
            desk.move(work, work.session.get_one(Case, case.id), step)
    assert desk.look(case.id).urge_at is None
    do(desk, "reopen", case.id)
    clock.now = when(desk, case.id)[0]
    beat(desk.store)
    assert urgings(desk, case.id) == ["urge", "urge"]


def test_a_case_filed_before_there_was_a_ladder_is_looked_at_once(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    first = when(desk, case.id)[0]
    with desk.store.work() as work:
        row = work.session.get_one(Case, case.id)
        row.urge_at = row.made_at  # as the migration leaves it
    clock.now += timedelta(minutes=1)
    assert beat(desk.store) == 1
    assert urgings(desk, case.id) == [] and desk.look(case.id).urge_at == first


def test_of_two_who_look_at_once_one_urges(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    clock.now = when(desk, case.id)[0]
    gate, took = threading.Barrier(2), []

    def look() -> None:
        gate.wait()
        with desk.store.work() as work:
            took.append(climb(work, case.id))

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(took) == ["", "urge"] and urgings(desk, case.id) == ["urge"]


def test_a_crash_before_the_commit_leaves_it_to_the_next_look(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    clock.now = when(desk, case.id)[0]
    with pytest.raises(RuntimeError), desk.store.work() as work:
        assert climb(work, case.id) == "urge"
        raise RuntimeError("killed")
    assert urgings(desk, case.id) == []
    beat(desk.store)
    assert urgings(desk, case.id) == ["urge"]


def test_a_look_takes_no_more_than_it_may_and_the_longest_due_first(desk: Office, clock: Clock) -> None:
    cases = []
    for _ in range(3):
        cases.append(desk.case("dispatched"))
        clock.now += timedelta(minutes=1)
    clock.now = when(desk, cases[-1].id)[0]
    with desk.store.read() as session:
        assert due_to_be_urged(session, clock.now, 2) == [cases[0].id, cases[1].id]
    assert [beat(desk.store, 2), beat(desk.store, 2), beat(desk.store, 2)] == [2, 1, 0]


def test_by_hand_the_second_time_is_a_second_urging(desk: Office, clock: Clock) -> None:
    case = desk.case("dispatched")
    do(desk, "urge", case.id, text="市民又来电")
    do(desk, "urge", case.id)
    assert urgings(desk, case.id) == ["urge", "urge-again"]
    with desk.store.read() as session:
        rungs = session.scalars(select(ClockRow.rungs).where(ClockRow.case == case.id)).all()
    assert set(rungs) <= {0}, "the clock's own ladder is not climbed by hand"
    with desk.store.work() as work:
        for step in ("handled", "checked", "closed"):
            desk.move(work, work.session.get_one(Case, case.id), step)
    do(desk, "reopen", case.id)
    do(desk, "urge", case.id)
    assert urgings(desk, case.id)[-1] == "urge"
