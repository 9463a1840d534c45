"""Calendars over the API: in their versions, and what they say of a moment and of a deadline."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backoffice.api.calendars import state_at
from backoffice.api.problems import Problem
from schema.desk.deadlines import keep_calendar
from schema.rules.calendar import Calendar, Span
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)

ZONE = ZoneInfo("Asia/Shanghai")
WEEKS = Calendar(
    ZONE,
    (Span(540, 720), Span(780, 1020)),
    date(2026, 12, 31),
    {date(2026, 11, 27): "Holiday"},
    {date(2026, 11, 28): "Holiday"},
    {date(2026, 11, 25): (Span(540, 720),)},
)
DAY_AND_NIGHT = Calendar(ZONE, (Span(0, 1440),), date(2026, 12, 31), week=frozenset(range(7)))


@pytest.fixture
def offices(crm: Program) -> Program:
    """With the city's offices and the hotline, which is always open."""
    with crm.town.store.work() as work:
        keep_calendar(work, DAY_AND_NIGHT)
        keep_calendar(work, WEEKS)
        keep_calendar(work, DAY_AND_NIGHT, name="hotline")
    return crm


def test_each_is_listed_by_its_newest_version_and_read_in_any(offices: Program) -> None:
    listed = offices.get("/calendars").json["items"]
    assert [(one["name"], one["version"]) for one in listed] == [("city", 2), ("hotline", 1)]
    newest = offices.get("/calendars/city").json
    assert (newest["version"], newest["zone"], newest["week"]) == (2, "Asia/Shanghai", [0, 1, 2, 3, 4])
    assert [(day["day"], day["kind"], day["name"]) for day in newest["days"]] == [
        ("2026-11-25", "hours", ""),
        ("2026-11-27", "off", "Holiday"),
        ("2026-11-28", "workday", "Holiday"),
    ]
    assert offices.get("/calendars/city/versions/1").json["spans"] == [{"opens": 0, "closes": 1440}]
    for path in ("night", "city/versions/3", "night/working", "night/deadline?units=1&unit=working-days"):
        assert offices.get(f"/calendars/{path}").status_code == 404


@pytest.mark.parametrize(
    ("at", "open_", "until"),
    [
        ("2026-11-24T11:59:00+08:00", True, "2026-11-24T12:00:00+08:00"),
        ("2026-11-24T12:00:00+08:00", False, "2026-11-24T13:00:00+08:00"),
        ("2026-11-25T14:00:00+08:00", False, "2026-11-26T09:00:00+08:00"),
        ("2026-11-27T10:00:00+08:00", False, "2026-11-28T09:00:00+08:00"),
        ("2026-11-28T10:00:00+08:00", True, "2026-11-28T12:00:00+08:00"),
    ],
    ids=["open", "lunch", "half day", "holiday", "make-up workday"],
)
def test_a_moment_is_working_time_or_not_up_to_when(
    offices: Program, at: str, open_: bool, until: str
) -> None:
    found = offices.get("/calendars/city/working", query={"at": at}).json
    assert found["working"] is open_ and found["certain"]
    assert datetime.fromisoformat(found["until"]) == datetime.fromisoformat(until)


def test_a_calendar_that_never_rests_says_so_for_more_than_a_year(offices: Program) -> None:
    found = offices.get("/calendars/hotline/working").json
    assert found["working"] and datetime.fromisoformat(found["at"]) == offices.town.clock()
    assert datetime.fromisoformat(found["until"]) - offices.town.clock() > timedelta(days=366)


def test_a_calendar_that_never_works_has_no_answer() -> None:
    never = Calendar(ZONE, (Span(0, 1),), date(2026, 12, 31), week=frozenset())
    with pytest.raises(Problem, match="wrong-state"):
        state_at(never, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_deadline_is_counted_and_explained(offices: Program) -> None:
    asked = {"units": 3, "unit": "working-days", "from": "2026-11-24T10:00:00+08:00"}
    found = offices.get("/calendars/city/deadline", query=asked, Accept_Language="en").json
    assert datetime.fromisoformat(found["due_at"]) == datetime(2026, 11, 28, 17, tzinfo=ZONE)
    assert found["certain"] and "2026-11-28 is a make-up workday" in found["because"]
    beyond = offices.get("/calendars/city/deadline", query=asked | {"from": "2027-02-01T10:00:00Z"}).json
    assert beyond["certain"] is False


def test_what_cannot_be_counted_is_refused(offices: Program) -> None:
    for query in (
        "",
        "?units=0&unit=working-days",
        "?units=1&unit=fortnights",
        "?units=1&unit=working-days&from=1",
    ):
        assert offices.get(f"/calendars/city/deadline{query}").status_code == 400, query
    far = offices.get("/calendars/city/working?at=0001-01-01T00:00:00Z")
    assert (far.status_code, far.json["code"]) == (422, "refused")


def test_who_reads_calendars_needs_the_right(offices: Program) -> None:
    assert program(offices.town, "clerk", "case.read").get("/calendars").status_code == 403
    assert program(offices.town, "clerk", "calendar.read").get("/calendars/city").status_code == 200
