"""The calendar editor: read, seed, save; who may, and what is refused."""

from typing import Any

import pytest
from sqlalchemy import select

from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice.conftest import Town

BODY = {
    "week": [0, 1, 2, 3, 4], "spans": [[510, 720], [810, 1050]], "known_to": "2026-12-31",
    "days_off": {"2026-10-01": "国庆节"}, "workdays": {"2026-10-10": "国庆节"}, "hours": {"2026-12-31": [[510, 720]]},
}  # fmt: skip


def save(town: Town, body: Any = BODY, name: str = "city", version: Any = 0, **more: Any) -> Any:
    typed = {"order": str(uuid7()), "version": version, "body": body} | more
    return town.visit("admin").post(f"/rules/calendars/{name}", json=typed)


def test_a_calendar_is_saved_shown_and_its_old_versions_stay(town: Town) -> None:
    assert save(town).json == {"version": 1}
    assert save(town, BODY | {"week": [0, 1, 2]}, version=1).json == {"version": 2}
    admin = town.visit("admin")
    assert "2026-10-10" in admin.text("/rules/calendars/city?year=2026")
    assert admin.get("/rules/calendars/city/1").json["body"] == BODY
    assert admin.get("/rules/calendars/city/7").status_code == 404
    with town.store.read() as session:
        looks = session.scalars(select(AuditRow.subject).where(AuditRow.what == "rules.set")).all()
    assert list(looks) == ["calendar city 1", "calendar city 2"]


def test_a_calendar_that_nobody_saved_begins_bare_and_the_hotline_s_is_not_edited(town: Town) -> None:
    admin = town.visit("admin")
    assert "还没有保存过" in admin.text("/rules/calendars/night")
    assert admin.get("/rules/calendars/hotline").status_code == 404
    assert admin.get("/rules/calendars/city?year=9").status_code == 404
    assert admin.get("/rules/calendars").location == "/rules/calendars/city"


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"body": BODY | {"spans": [[720, 510]]}}, 400),
        ({"body": BODY | {"week": [7]}}, 400),
        ({"body": {"week": [0]}}, 400),
        ({"body": BODY | {"days_off": {"2026-13-01": "x"}}}, 400),
        ({"body": BODY | {"days_off": {"2026-10-10": "x"}}}, 400),
        ({"body": BODY | {"days_off": {"2026-10-01": "长" * 41}}}, 400),
        ({"body": BODY | {"days_off": {"2026-10-01": 7}}}, 400),
        ({"body": BODY | {"days_off": ["2026-10-01"]}}, 400),
        ({"body": "x"}, 400),
        ({"version": True}, 400),
        ({"order": "x"}, 400),
        ({"name": "hotline"}, 400),
        ({"name": "Night shift"}, 400),
        ({"version": 3}, 409),
    ],
)
def test_what_is_no_calendar_is_refused_and_nothing_is_stored(
    town: Town, more: dict[str, Any], status: int
) -> None:
    answer = save(town, **more)
    assert answer.status_code == status and answer.json["text"]
    assert town.visit("admin").get("/rules/calendars/city/1").status_code == 404


def test_the_announced_holidays_are_given_to_look_through(town: Town) -> None:
    found = town.visit("admin").get("/api/holidays/2026").json
    assert found["days_off"]["2026-10-01"] == found["workdays"]["2026-10-10"] == "国庆节"
    answer = town.visit("admin").get("/api/holidays/2099")
    assert answer.status_code == 404 and "2026" in answer.json["text"]
