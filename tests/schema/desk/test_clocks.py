"""Clocks as rows: an old one explains itself by what it was counted with, one from before there were rows is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete

from demo.workdays import city_calendar
from schema.cases import Case
from schema.clocks import ClockRow, IntervalRow
from schema.desk.clocks import clock_of, clocks_of, light_of
from schema.desk.deadlines import calendar_at, keep_calendar
from schema.rules.calendar import Calendar
from schema.rules.clocks import deadline
from schema.rules.duewords import explain
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring, do

CITY = city_calendar("Asia/Shanghai")


def keep(desk: Office, calendar: Calendar) -> int:
    with desk.store.work() as work:
        return keep_calendar(work, calendar)


def at(desk: Office, text: str) -> datetime:
    """Set the store's clock, in local time."""
    now = datetime.fromisoformat(text).replace(tzinfo=desk.store.zone).astimezone(UTC)
    desk.store.clock = lambda: now
    return now


def local(desk: Office, case: Case) -> str:
    due = desk.look(case.id).due_at
    return due.astimezone(desk.store.zone).strftime("%m-%d %H:%M") if due else ""


def test_suspending_subtracts_working_time_and_the_case_says_so(desk: Office) -> None:
    keep(desk, CITY)
    at(desk, "2026-11-24 09:00")  # Tuesday; 8 working hours
    case = desk.case(kind="consultation")
    assert local(desk, case) == "11-25 09:30"
    at(desk, "2026-11-24 16:30")
    do(desk, "suspend", case.id)
    assert local(desk, case) == ""
    at(desk, "2026-11-26 09:30")
    do(desk, "resume", case.id)
    # It stood still for an hour, a whole day of 7 h 30 and an hour: 2 of its 8 hours are left.
    assert local(desk, case) == "11-26 11:30"
    assert (
        explain(desk.look(case.id).due_words, "en")
        == "8 working hours; suspended for 9 h 30 min of working time"
    )


def test_a_new_calendar_changes_nothing_that_was_counted(desk: Office) -> None:
    assert keep(desk, CITY) == 1 and keep(desk, CITY) == 1
    at(desk, "2026-11-24 09:00")
    old = desk.case()
    assert local(desk, old) == "12-01 17:30"
    shut = replace(CITY, days_off={**CITY.days_off, date(2026, 11, 26): "雪"})
    assert keep(desk, shut) == 2
    new = desk.case()
    assert local(desk, new) == "12-02 17:30" and "雪" in desk.look(new.id).due_words
    do(desk, "ask-extension", old.id)
    do(desk, "grant-extension", old.id)
    assert local(desk, old) == "12-03 17:30" and "雪" not in desk.look(old.id).due_words
    with desk.store.read() as session:
        clock = clock_of(session, old)
        assert clock is not None and (clock.version, clock.calendar) == (1, "city")
        found = deadline(clock, calendar_at(session, desk.store.zone, clock.calendar, clock.version))
        assert found is not None and found.at == desk.look(old.id).due_at
        (fresh,) = clocks_of(session, new.id)
        assert fresh.calendar_version == 2


def test_without_a_calendar_a_clock_counts_by_weekdays_and_is_not_sure(desk: Office) -> None:
    case = desk.case()
    with desk.store.read() as session:
        (clock,) = clocks_of(session, case.id)
    assert clock.calendar_version == 0 and '"certain":false' in case.due_words


@pytest.mark.parametrize("state", ["filed", "closed"])
def test_a_case_from_before_there_were_rows_has_its_clock_and_keeps_it_when_it_changes(
    desk: Office, state: str
) -> None:
    keep(desk, CITY)
    at(desk, "2026-11-24 09:00")
    case = desk.case(state)
    with desk.store.work() as work:
        work.session.execute(delete(IntervalRow))
        work.session.execute(delete(ClockRow))
    with desk.store.read() as session:
        clock = clock_of(session, desk.look(case.id))
        assert clock is not None and (clock.units, clock.version) == (5, 1)
        assert (clock.ended is None) is (state == "filed")
    do(desk, "suspend" if state == "filed" else "reopen", case.id)
    with desk.store.read() as session:
        rows = clocks_of(session, case.id)
    if state == "filed":
        assert [one.running for one in rows[0].intervals] == [True, False] and len(rows) == 1
    else:
        assert [row.number for row in rows] == [1, 2] and rows[1].after == rows[0].id


def test_the_light_of_a_case(desk: Office) -> None:
    keep(desk, CITY)
    now = at(desk, "2026-11-24 09:00")
    case = desk.case(kind="consultation")
    with desk.store.read() as session:
        seen = desk.look(case.id)
        lights = [light_of(session, desk.store.zone, seen, now + timedelta(hours=h)) for h in (0, 8, 23, 25)]
        assert [light and light.colour for light in lights] == ["green", "yellow", "yellow", "red"]
        assert light_of(session, desk.store.zone, bring(desk, "accepted"), now) is None
