"""Tasks over the API."""

from datetime import timedelta
from typing import Any

from schema.ids import uuid7
from tests.backoffice.api.conftest import Program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.api.roads import brought


def of(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [one["case"] for one in answer.json["items"]]


def test_tasks_are_found_by_every_filter(crm: Program) -> None:
    done = brought(crm.town, "handled").case_no
    crm.town.clock.now += timedelta(hours=1)
    asked = brought(crm.town, "verifying").case_no
    worker = crm.town.users["worker"].id
    for query, wanted in {
        "": [asked, done], "?state=open": [asked], "?state=recalled": [done], "?kind=verify": [asked],
        f"?worker={worker}": [asked, done], f"?worker={uuid7()}": [], f"?case={done}": [done],
        "?since=2026-11-24T08:30:00Z": [asked], "?until=2026-11-24T08:30:00Z": [done],
    }.items():  # fmt: skip
        assert of(crm.get(f"/tasks{query}")) == wanted, query
    first = crm.get("/tasks?limit=1").json
    assert of(crm.get(f"/tasks?limit=1&cursor={first['next']}")) == [done]
    assert crm.get("/tasks?case=ZW-20200101-0001").status_code == 404


def test_one_task_says_whose_it_is_and_for_which_case(crm: Program) -> None:
    case = brought(crm.town, "dispatched")
    (row,) = crm.get(f"/tasks?case={case.case_no}").json["items"]
    task = crm.get(f"/tasks/{row['id']}").json
    assert task == row and (task["case"], task["note"], task["state"]) == (case.case_no, "请带梯子", "made")
    assert task["answer_by"] is None
    assert task["worker"] == {"id": str(crm.town.users["worker"].id), "login": "worker", "name": "worker 某"}
    assert crm.get(f"/tasks/{uuid7()}").status_code == 404
