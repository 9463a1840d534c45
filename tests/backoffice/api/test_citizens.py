"""Citizens and contacts over the API: found by number, with what they asked before; every look is noted."""

from sqlalchemy import select

from schema.calls import CallStep
from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.api.roads import brought

NUMBER = "13800000001"


def test_a_citizen_is_found_by_number_with_what_they_asked_before(crm: Program) -> None:
    case = brought(crm.town, "filed")
    crm.town.call(number=NUMBER, outcome="abandoned")
    crm.town.call(number="13800000002")
    citizen = crm.get(f"/citizens/by-number/{NUMBER}").json
    assert (citizen["name"], citizen["number"], citizen["id"]) == ("王女士", NUMBER, str(case.citizen))
    assert crm.get(f"/citizens/{citizen['id']}").json == citizen
    past = crm.get(f"/citizens/{citizen['id']}/history").json["items"]
    assert {(one["what"], one["number"], one["state"]) for one in past} == {
        ("case", case.case_no, "filed"),
        ("call", "", "abandoned"),
    }
    with crm.town.store.read() as session:
        looks = session.scalars(select(AuditRow.subject).where(AuditRow.what == "contact.read")).all()
    assert looks == [citizen["id"]]


def test_without_the_right_to_cases_the_history_is_of_calls(crm: Program) -> None:
    case = brought(crm.town, "filed")
    crm.town.call(number=NUMBER)
    caller = program(crm.town, "agent", "contact.read")
    past = caller.get(f"/citizens/{case.citizen}/history").json["items"]
    assert [one["what"] for one in past] == ["call"]
    assert caller.get(f"/contacts/{case.contact}").json["code"] == "forbidden"


def test_nobody_is_found_where_nobody_is(crm: Program) -> None:
    for path in ("by-number/110", str(uuid7()), f"{uuid7()}/history"):
        assert crm.get(f"/citizens/{path}").status_code == 404
    assert crm.get(f"/contacts/{uuid7()}").status_code == 404


def test_a_contact_is_told_from_the_call_to_the_task(crm: Program) -> None:
    case = brought(crm.town, "dispatched")
    with crm.town.store.work() as work:
        work.session.add(
            CallStep(contact=case.contact, call=case.contact, key="a", hop="call.entered", at=work.now)
        )
    hops = crm.get(f"/contacts/{case.contact}").json["items"]
    assert [one["what"] for one in hops][:2] == ["call.entered", "case.collected"]
    assert hops[-1]["what"] == "case.dispatched" and hops[-1]["detail"]["case_no"] == case.case_no
