"""Cases over the API: found by filters and pages, read with their history, filed once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from schema.cases import Case, Citizen
from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.api.roads import brought
from tests.backoffice.conftest import CELL
from tests.conftest import store_url  # noqa: F401 (on both databases)

NEW = {"class": "social", "kind": "service", "title": "井盖", "text": "井盖坏了\n很危险", "cell": CELL}


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [one["number"] for one in answer.json["items"]]


def test_cases_are_found_by_every_filter(crm: Program) -> None:
    town = crm.town
    old = brought(town, "closed", number="13800000009", class_="social", kind="service")
    town.clock.now += timedelta(hours=1)
    new = brought(town, "dispatched")
    for query, wanted in {
        "": [new, old], "?open=true": [new], "?open=false": [old], "?state=closed": [old], "?class=social": [old],
        "?kind=complaint": [new], "?number=13800000009": [old], "?area=330106": [new, old], "?area=330107": [],
        f"?worker={town.users['worker'].id}": [new, old], f"?citizen={new.citizen}": [new],
        "?since=2026-11-24T08:30:00Z": [new], "?until=2026-11-24T08:30:00Z": [old],
        "?due_before=2026-11-24T00:00:00Z": [],
    }.items():  # fmt: skip
        assert numbers(crm.get(f"/cases{query}")) == [one.case_no for one in wanted], query
    assert crm.get("/cases?state=sleeping").status_code == 400


def test_pages_do_not_shift_when_cases_are_filed(crm: Program) -> None:
    filed = [brought(crm.town, "filed").case_no for _ in range(3)]
    first = crm.get("/cases?limit=2").json
    brought(crm.town, "filed")
    rest = crm.get(f"/cases?limit=2&cursor={first['next']}")
    assert sorted([*(one["number"] for one in first["items"]), *numbers(rest)]) == filed
    assert rest.json["next"] is None


def test_one_is_read_by_number_and_by_id_with_its_version_as_etag(crm: Program) -> None:
    case = brought(crm.town, "dispatched")
    answer = crm.get(f"/cases/{case.case_no}", Accept_Language="en")
    assert answer.headers["ETag"] == f'"{case.version}"' and answer.json["version"] == case.version
    assert answer.json == crm.get(f"/cases/{case.id}", Accept_Language="en").json
    assert answer.json["light"]["colour"] == "green" and answer.json["due_because"].startswith(
        "5 working days"
    )
    assert {"handle", "send-back", "suspend"} <= set(answer.json["orders"]) and answer.json[
        "extension"
    ] is None
    assert answer.json["class"] == "government" and answer.json["telephone"] == "13800000001"
    assert crm.get(f"/cases/{uuid7()}").status_code == crm.get("/cases/ZW-20261124-9999").status_code == 404


def test_an_extension_that_is_asked_for_is_shown(crm: Program) -> None:
    case = brought(crm.town, "asked")
    asked = crm.get(f"/cases/{case.case_no}").json["extension"]
    assert (asked["units"], asked["unit"], asked["reason"]) == (1, "working-days", "等零件")


def test_the_history_says_who_did_what_in_the_readers_language(crm: Program) -> None:
    case = brought(crm.town, "dispatched")
    steps = crm.get(f"/cases/{case.case_no}/history", Accept_Language="zh").json["items"]
    assert [one["what"] for one in steps] == [
        "case.collected",
        "case.accepted",
        "case.filed",
        "case.dispatched",
    ]
    assert steps[-1]["by"]["login"] == "agent" and steps[-1]["state"] == "dispatched"
    assert "agent 某" in steps[-1]["sentence"] and "请带梯子" in steps[-1]["sentence"]
    english = crm.get(f"/cases/{case.case_no}/history", Accept_Language="en").json["items"]
    assert english[-1]["sentence"] != steps[-1]["sentence"]


def test_a_case_goes_to_the_worker_of_its_cell_first(crm: Program) -> None:
    case = brought(crm.town, "filed")
    (worker,) = crm.get(f"/cases/{case.case_no}/workers").json["items"]
    assert worker["id"] == str(crm.town.users["worker"].id) and worker["own"] and not worker["on_duty"]


def test_a_request_is_filed_once_however_often_it_is_sent(crm: Program) -> None:
    answers = [
        crm.post("/cases", NEW | {"number": "13900000007", "citizen": "刘女士"}, key="a") for _ in range(2)
    ]
    first = answers[0].json
    assert [one.status_code for one in answers] == [201, 201] and first == answers[1].json
    assert first["case"]["number"].startswith("SH-") and first["case"]["text"] == "井盖坏了\n很危险"
    assert answers[0].headers["ETag"] == f'"{first["case"]["version"]}"' and answers[0].headers[
        "Location"
    ].endswith(f"/orders/{first['id']}")
    order = crm.get(f"/orders/{first['id']}").json
    assert (order["name"], order["state"], order["case"]) == ("FileCase", "observed", first["case"]["number"])
    with crm.town.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalars(select(Citizen)).one().name == "刘女士"
        assert session.scalars(select(AuditRow.subject).where(AuditRow.what == "case.file")).all() == [
            first["case"]["number"]
        ]
        assert session.scalars(select(Case)).one().made_by == crm.town.users["supervisor"].id


def test_one_by_coordinates_that_is_only_taken_in_has_no_clock(crm: Program) -> None:
    body = {name: value for name, value in NEW.items() if name != "cell"}
    answer = crm.post("/cases", body | {"lon": 120.16, "lat": 30.27, "file": False})
    assert answer.status_code == 201 and answer.json["name"] == "TakeInCase"
    case = answer.json["case"]
    assert (case["cell"], case["state"], case["due_at"]) == (CELL, "accepted", None)
    assert crm.get(f"/cases/{case['number']}").json["light"] is None


def test_what_the_desk_refuses_is_told_by_field_and_leaves_the_key_free(crm: Program) -> None:
    answer = crm.post("/cases", NEW | {"cell": "330106001001999", "title": "   "}, key="a")
    assert (answer.status_code, answer.json["code"]) == (422, "refused")
    assert {one["field"] for one in answer.json["errors"]} == {"cell", "title"}
    assert crm.post("/cases", NEW, key="a").status_code == 201


def test_each_right_opens_its_own_routes_alone(crm: Program) -> None:
    case = brought(crm.town, "filed").case_no
    reader, filer = program(crm.town, "clerk", "case.read"), program(crm.town, "clerk", "case.file")
    assert reader.get(f"/cases/{case}").status_code == 200
    assert reader.post("/cases", NEW).status_code == reader.get("/tasks").status_code == 403
    assert filer.post("/cases", NEW).status_code == 201
    assert filer.get("/cases").status_code == filer.get(f"/cases/{case}/history").status_code == 403


def test_a_look_is_noted_once(crm: Program) -> None:
    case = brought(crm.town, "filed").case_no
    for _ in range(3):
        crm.get(f"/cases/{case}")
    with crm.town.store.read() as session:
        subjects = session.scalars(select(AuditRow.subject).where(AuditRow.what == "case.read")).all()
    assert subjects == [case]


def test_a_program_files_a_confidential_case_with_the_right_to_make_one_alone(crm: Program) -> None:
    wanted = NEW | {"confidential": True}
    refused = program(crm.town, "agent", "case.file", "case.read").post("/cases", wanted)
    assert refused.status_code == 403 and "case.conceal" in refused.json["detail"]
    made = program(
        crm.town, "supervisor", "case.file", "case.read", "case.conceal", "case.confidential"
    ).post("/cases", wanted)
    assert made.status_code == 201 and made.json["case"]["confidential"] is True
