"""Every order of a case's life cycle over the API: done when answered, once, by who may, on what was seen."""

import threading
from typing import Any

import pytest

from backoffice.api.casework import ROUTES
from backoffice.api.route import Route
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.api.roads import ALLOWS, brought
from tests.conftest import store_url  # noqa: F401 (on both databases)

WHY = {"reason": "因为"}
PARTS = {"parts": [{"title": "一", "text": "东边"}, {"title": "二", "text": "西边", "kind": "service"}]}
BODIES: dict[str, Any] = {
    "verify": {"worker": "worker"}, "confirm": {"found": True}, "file-accepted": {}, "reject": WHY,
    "dispatch": {"worker": "worker", "note": "请带梯子"}, "handle": {"text": "已修好"}, "check": {"passed": True},
    "close": {"visit": False}, "send-back": WHY, "rate": {"score": 2}, "suspend": WHY, "resume": {},
    "ask-extension": {"units": 2, **WHY}, "decide-extension": {"granted": True}, "reopen": WHY, "void": WHY,
    "merge": {}, "unmerge": {}, "split": PARTS,
    "sign": {}, "delegate": {"department": "section"}, "conceal": WHY, "reveal": WHY,
    "ask-check": {"worker": "worker", "answer_by": "2026-11-26T08:00:00+08:00"}, "recall-check": {},
    "urge": {}, "supervise": {"text": "尽快", "answer_by": "2026-11-26T08:00:00+08:00"}, "answer": {"text": "在办"},
}  # fmt: skip
LEADS = {
    "verify": "verifying", "confirm": "verified", "file-accepted": "filed", "reject": "rejected",
    "dispatch": "dispatched", "handle": "handled", "check": "checked", "close": "closed", "send-back": "filed",
    "rate": "rated", "suspend": "suspended", "resume": "filed", "ask-extension": "filed", "decide-extension": "filed",
    "reopen": "accepted", "void": "void", "merge": "merged", "unmerge": "filed", "split": "split",
    "sign": "dispatched", "delegate": "dispatched", "conceal": "filed", "reveal": "filed",
    "urge": "dispatched", "supervise": "dispatched", "answer": "dispatched",
    "ask-check": "handled", "recall-check": "handled",
}  # fmt: skip


def verb(route: Route) -> str:
    return route.name.removeprefix("case-")


@pytest.mark.parametrize("route", ROUTES, ids=verb)
def test_an_order_is_carried_out_once_by_who_may(crm: Program, route: Route) -> None:
    what = verb(route)
    case = brought(crm.town, ALLOWS[what])
    body = dict(BODIES[what])
    if what == "merge":
        body["into"] = brought(crm.town, "filed").case_no
    path = route.path.replace("{case}", case.case_no)
    other = next(right for right in ("case.read", "calendar.read") if right != route.right)
    assert program(crm.town, "supervisor", other).post(path, body).json["code"] == "forbidden"
    stale = crm.post(path, body, If_Match=f'"{case.version + 1}"')
    assert (stale.status_code, stale.json["code"]) == (412, "stale")

    done = crm.post(path, body, key="one", If_Match=f'"{case.version}"')
    assert done.status_code == 200, done.json
    assert done.json["state"] == done.json["case"]["state"] == LEADS[what]
    assert done.headers["ETag"] == f'"{done.json["case"]["version"]}"' != f'"{case.version}"'
    again = crm.post(path, body, key="one", If_Match=f'"{case.version}"')
    assert (again.status_code, again.json) == (200, done.json)

    steps = crm.get(f"/cases/{case.case_no}/history").json["items"]
    assert [one["order"] for one in steps].count(done.json["id"]) == 1
    assert steps[-1]["by"]["login"] == "supervisor"
    told = crm.get(f"/orders/{done.json['id']}").json
    assert (told["state"], told["case"], told["name"]) == ("observed", case.case_no, done.json["name"])


def test_every_order_of_the_life_cycle_has_its_route() -> None:
    assert {verb(route) for route in ROUTES} == set(ALLOWS) == set(BODIES)


def test_what_its_state_does_not_allow_is_told_with_what_it_allows(crm: Program) -> None:
    case = brought(crm.town, "filed").case_no
    answer = crm.post(f"/cases/{case}/close", {})
    assert (answer.status_code, answer.json["code"]) == (409, "wrong-state")
    assert "dispatch" in answer.json["detail"]


def test_wrong_words_are_named(crm: Program) -> None:
    case = brought(crm.town, "filed").case_no
    for path, body, field in (
        ("dispatch", {"worker": "nobody"}, "worker"),
        ("dispatch", {"worker": "agent"}, "worker"),
        ("dispatch", {"department": "nowhere"}, "department"),
        ("dispatch", {"worker": "worker", "department": "unit"}, "worker"),
        ("merge", {"into": "ZW-20200101-0001"}, "into"),
        ("suspend", {"reason": "  "}, "reason"),
        ("void", {"reason": "a\x00b"}, "reason"),
        ("extensions", {"units": 999, "reason": "x"}, "units"),
    ):
        answer = crm.post(f"/cases/{case}/{path}", body)
        assert (answer.status_code, answer.json["code"]) == (422, "refused"), (path, answer.json)
        assert [one["field"] for one in answer.json["errors"]] == [field]
    for header in ("3", 'W/"3"', '"0"', '"a"', '"1", "2"'):
        answer = crm.post(f"/cases/{case}/void", WHY, If_Match=header)
        assert [one["field"] for one in answer.json["errors"]] == ["header.If-Match"]
    assert crm.post(f"/cases/{case}/void", WHY, If_Match="*").status_code == 200


def test_an_extension_is_not_decided_by_the_token_that_asked(crm: Program) -> None:
    case = brought(crm.town, "filed").case_no
    assert crm.post(f"/cases/{case}/extensions", {"units": 1, "reason": "等零件"}).status_code == 200
    answer = crm.post(f"/cases/{case}/extensions/decide", {"granted": True})
    assert (answer.status_code, answer.json["code"]) == (403, "forbidden")


def test_the_parts_of_a_split_are_named_by_their_numbers(crm: Program) -> None:
    case = brought(crm.town, "filed").case_no
    made = crm.post(f"/cases/{case}/split", PARTS).json
    assert len(made["detail"]["part_nos"]) == 2
    part = crm.get(f"/cases/{made['detail']['part_nos'][1]}").json
    assert (part["parent"], part["kind"], part["title"]) == (made["case"]["id"], "service", "二")


def test_of_two_programs_that_dispatch_what_they_saw_one_is_told_that_it_is_stale(crm: Program) -> None:
    case, start = brought(crm.town, "filed"), threading.Barrier(2)
    answers: list[Any] = []

    def dispatch(client: Program) -> None:
        start.wait()
        answers.append(
            client.post(f"/cases/{case.case_no}/dispatch", {"worker": "worker"}, If_Match=f'"{case.version}"')
        )

    threads = [threading.Thread(target=dispatch, args=[one]) for one in (crm, program(crm.town))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.status_code for one in answers) == [200, 412]
    assert len(crm.get(f"/tasks?case={case.case_no}").json["items"]) == 1


def test_a_case_goes_to_a_department_that_signs_for_it_and_hands_it_on(crm: Program) -> None:
    units = {one["code"]: one["id"] for one in crm.get("/departments").json["items"]}
    case = brought(crm.town, "filed").case_no
    sent = crm.post(f"/cases/{case}/dispatch", {"department": "unit"}).json["case"]
    assert (sent["department"], sent["worker"], sent["signed_at"]) == (units["unit"], None, None)
    clerk = program(crm.town, "department")
    assert clerk.post(f"/cases/{case}/sign", {}).json["case"]["signed_at"] is not None
    assert clerk.post(f"/cases/{case}/delegate", {"department": "other"}).status_code == 422
    passed = clerk.post(f"/cases/{case}/delegate", {"department": units["section"]}).json
    assert passed["case"]["department"] == units["section"]
    assert [one["number"] for one in crm.get(f"/cases?department={units['section']}").json["items"]] == [case]


def test_of_other_departments_cases_a_departments_token_knows_nothing(crm: Program) -> None:
    case, clerk = brought(crm.town, "filed").case_no, program(crm.town, "department")
    crm.post(f"/cases/{case}/dispatch", {"department": "other"})
    for answer in (clerk.get(f"/cases/{case}"), clerk.post(f"/cases/{case}/handle", {"text": "x"})):
        assert (answer.status_code, answer.json["code"]) == (404, "not-found")
    assert clerk.get("/cases").json["items"] == []


def test_a_confidential_case_is_not_there_for_a_token_without_the_scope(crm: Program) -> None:
    case = brought(crm.town, "dispatched")
    plain = program(
        crm.town, "supervisor", "case.read", "case.conceal", "case.handle", "contact.read", "task.read"
    )
    hidden = plain.post(f"/cases/{case.case_no}/conceal", WHY, key="c")
    assert hidden.status_code == 200 and hidden.json["case"] is None and "ETag" not in hidden.headers
    assert plain.post(f"/cases/{case.case_no}/conceal", WHY, key="c").json == hidden.json
    for path in (f"/cases/{case.case_no}", f"/cases/{case.id}/history", f"/contacts/{case.contact}"):
        assert plain.get(path).status_code == 404 and crm.get(path).status_code == 200, path
    assert plain.post(f"/cases/{case.case_no}/handle", {"text": "x"}).status_code == 404
    assert plain.get("/cases").json["items"] == plain.get("/tasks").json["items"] == []
    past = f"/citizens/{case.citizen}/history"
    assert plain.get(past).json["items"] == [] and len(crm.get(past).json["items"]) == 1
    assert crm.get(f"/cases/{case.case_no}").json["confidential"] is True
