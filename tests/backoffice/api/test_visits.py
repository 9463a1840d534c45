"""Return visits over the API: found, and told once a key."""

from datetime import timedelta

from schema.desk.visits import take_visit
from schema.ids import uuid7
from schema.orders import TakeVisit
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.roads import brought


def test_a_program_finds_a_visit_and_says_what_the_call_came_to(crm: Program) -> None:
    case, town = brought(crm.town, "closed"), crm.town
    town.clock.now += timedelta(days=2)
    with town.store.work() as work:
        visit = take_visit(work, TakeVisit(by=town.users["supervisor"].id))
    (row,) = crm.get("/visits?state=open").json["items"]
    assert (row["id"], row["case"], row["tries"], row["ended"]) == (str(visit.id), case.case_no, 0, "")
    assert row["agent"]["login"] == "supervisor"
    for query in (f"?case={case.case_no}", f"?agent={visit.agent}", "?state=open"):
        assert len(crm.get(f"/visits{query}").json["items"]) == 1
    for query in ("?state=ended", f"?agent={uuid7()}"):
        assert crm.get(f"/visits{query}").json["items"] == []
    path = f"/visits/{visit.id}/tries"
    wrong = crm.post(path, {"result": "reached", "reception": 1})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "rating")
    told = crm.post(path, {"result": "reached", "reception": 1, "rating": 2, "text": "好"})
    assert told.status_code == 200, told.json
    assert (told.json["ended"], told.json["reception"], told.json["rating"]) == ("reached", 1, 2)
    assert crm.get(f"/cases/{case.case_no}").json["rating"] == 2
    assert crm.post(path, {"result": "busy"}).json["code"] == "wrong-state"
    assert crm.post(f"/visits/{uuid7()}/tries", {"result": "busy"}).status_code == 404


def test_a_token_rates_and_opens_again_only_with_those_rights(crm: Program) -> None:
    caller = program(crm.town, "supervisor", "case.visit", "case.read")
    for body in ({"result": "reached", "reception": 1, "rating": 1}, {"result": "busy", "solved": False}):
        assert caller.post(f"/visits/{uuid7()}/tries", body).status_code == 403
    assert caller.post(f"/visits/{uuid7()}/tries", {"result": "busy"}).status_code == 404
