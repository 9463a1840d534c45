"""The calendars desk: versions by order; clocks that run keep theirs."""

import json
from typing import Any

import pytest

from schema.desk.calendars import calendar_body, change_calendar
from schema.desk.clocks import clocks_of
from schema.desk.errors import Refused
from schema.orders import ChangeCalendar
from tests.schema.desk.casework import Office

BODY: dict[str, Any] = {
    "week": [0, 1, 2, 3, 4], "spans": [[510, 720], [810, 1050]], "known_to": "2027-12-31",
    "days_off": {"2026-12-25": "x"}, "workdays": {}, "hours": {},
}  # fmt: skip
MANY = {f"{year}-01-{day:02}": "x" for year in range(2000, 2500) for day in range(1, 12)}


def change(desk: Office, body: dict[str, Any] = BODY, version: int = 0, **more: Any) -> int:
    with desk.store.work() as work:
        order = {"by": desk.admin, "name": "city", "body": body, "version": version} | more
        return change_calendar(work, ChangeCalendar(**order | {"body": json.dumps(order["body"])}))


def test_the_next_version_counts_for_the_next_case_and_the_clock_that_runs_keeps_its_own(
    desk: Office,
) -> None:
    assert change(desk) == 1
    before = desk.case()
    assert change(desk, BODY | {"week": [0, 1]}, version=1) == 2
    after = desk.case()
    with desk.store.read() as session:
        told = [clocks_of(session, case.id)[0].calendar_version for case in (before, after)]
        assert calendar_body(session, desk.store.zone, "city") == (2, BODY | {"week": [0, 1]})
        assert calendar_body(session, desk.store.zone, "night")[0] == 0
    assert told == [1, 2]
    assert [row.body["version"] for row in desk.said() if row.name == "CalendarChanged"] == [1, 2]


def test_the_same_again_is_no_new_version_and_an_older_one_seen_is_told(desk: Office) -> None:
    assert change(desk) == change(desk) == 1
    with pytest.raises(Refused) as refused:
        change(desk, BODY | {"week": [0]}, version=0)
    assert refused.value.code == "stale"
    assert [row.name for row in desk.said()] == ["CalendarChanged"]


@pytest.mark.parametrize("post", ["agent", "supervisor", "expert", "worker", "clerk"])
def test_only_an_administrator_changes_a_calendar(desk: Office, post: str) -> None:
    with pytest.raises(Refused) as refused:
        change(desk, by=getattr(desk, post))
    assert refused.value.code == "not-allowed"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": "hotline"}, "name"), ({"name": "Night"}, "name"), ({"name": ""}, "name"),
        ({"body": {}}, "body"), ({"body": BODY | {"spans": []}}, "body"), ({"body": BODY | {"spans": [[1]]}}, "body"),
        ({"body": BODY | {"days_off": {"2026-12-25": 1}}}, "body"), ({"body": BODY | {"week": [9]}}, "body"),
        ({"body": BODY | {"hours": {"2026-12-25": [[0, 9]]}}}, "body"), ({"body": BODY | {"known_to": "soon"}}, "body"),
        ({"body": BODY | {"workdays": MANY}}, "body"),
    ],
)  # fmt: skip
def test_what_is_no_calendar_is_refused(desk: Office, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        change(desk, **more)
    assert (
        refused.value.code == "bad-field"
        and (refused.value.field or next(iter(refused.value.fields))) == field
    )
    assert desk.said() == []
