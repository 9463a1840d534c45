"""The working calendar goes into the store and comes out the same."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from demo.workdays import city_calendar
from schema.clocks import CalendarVersion
from schema.desk.deadlines import calendar_at, find_calendar, keep_calendar, newest_calendar
from schema.desk.rulebooks import policy_for
from schema.rules.calendar import URGENT_HOURS, WORKING_HOURS, Calendar, Due, Span
from schema.rules.clocks import deadline, start
from schema.rules.limits import CITY as CITY_NAME
from schema.rules.limits import HOTLINE, Limit, Policy
from schema.store import Store

CITY = city_calendar("Asia/Shanghai")
ALWAYS = Calendar(ZoneInfo("Asia/Shanghai"), (Span(0, 1440),), date.max, week=frozenset(range(7)))


def due_by(session: Session, store: Store, policy: Policy, at: datetime) -> Due:
    limit = policy.limit
    version, calendar = newest_calendar(session, store.zone, limit.calendar)
    found = deadline(start(limit.units, limit.unit, limit.calendar, version, at), calendar)
    assert found is not None
    return found


def test_a_calendar_is_kept_and_found(store: Store) -> None:
    with store.work() as work:
        keep_calendar(work, CITY)
    with store.read() as session:
        assert find_calendar(session, store.zone) == CITY
        assert find_calendar(session, store.zone, "night") is None


def test_a_calendar_is_replaced_whole(store: Store) -> None:
    shorter = replace(CITY, spans=(Span(540, 600),), days_off={date(2026, 5, 1): "劳动节"}, workdays={})
    for calendar in (CITY, shorter):
        with store.work() as work:
            keep_calendar(work, calendar)
    with store.read() as session:
        assert find_calendar(session, store.zone) == shorter


def test_each_kind_of_case_goes_by_its_limit(store: Store) -> None:
    with store.work() as work:
        keep_calendar(work, CITY)
    tuesday = datetime(2026, 11, 24, 2, tzinfo=UTC)  # Tuesday 10:00 in Shanghai
    with store.read() as session:
        limits = [
            policy_for(session, class_, kind, "")
            for class_, kind in (
                ("government", "consultation"), ("government", "complaint"), ("social", "service"),
                ("social", "suggestion"),
            )
        ]  # fmt: skip
        ends = [due_by(session, store, limit, tuesday).at.astimezone(store.zone) for limit in limits]
    assert [end.strftime("%m-%d %H:%M") for end in ends] == [
        "11-25 10:30",
        "12-01 17:30",
        "11-25 10:00",
        "12-10 00:00",
    ]


def test_every_version_stays_and_the_same_again_is_none(store: Store) -> None:
    half = replace(CITY, hours={date(2026, 12, 31): (Span(510, 720),)}, week=frozenset(range(6)))
    found = []
    for calendar in (CITY, CITY, half, CITY):
        with store.work() as work:
            found.append(keep_calendar(work, calendar))
    assert found == [1, 1, 2, 3]
    with store.read() as session:
        assert [calendar_at(session, store.zone, CITY_NAME, n) for n in (1, 2, 3)] == [CITY, half, CITY]
        assert not calendar_at(session, store.zone, CITY_NAME, 9).days_off


def test_the_database_refuses_to_change_or_remove_a_version(store: Store) -> None:
    with store.work() as work:
        keep_calendar(work, CITY)
    for change in (update(CalendarVersion).values(body={}), delete(CalendarVersion)):
        with pytest.raises(IntegrityError, match="never changed"), store.work() as work:
            work.session.execute(change)


def test_calendars_of_several_names_do_not_meet(store: Store) -> None:
    with store.work() as work:
        keep_calendar(work, CITY)
        keep_calendar(work, ALWAYS, "hotline")
    with store.read() as session:
        assert find_calendar(session, store.zone, "hotline") == ALWAYS
        assert find_calendar(session, store.zone) == CITY


def test_the_hotline_s_calendar_never_closes_though_nobody_stored_it(store: Store) -> None:
    saturday = datetime(2026, 11, 28, 16, tzinfo=UTC)
    with store.read() as session:
        found = due_by(session, store, Policy(Limit(3, WORKING_HOURS, HOTLINE), "x"), saturday)
        bare = due_by(session, store, Policy(Limit(3, WORKING_HOURS), "x"), saturday)
        urgent = due_by(session, store, Policy(Limit(3, URGENT_HOURS), "x"), saturday)
    assert found.at == urgent.at == datetime(2026, 11, 28, 19, tzinfo=UTC) and found.certain
    assert bare.at > found.at and not bare.certain
