"""The register of contacts over the API: pages of it, masked and narrowed by what the token may."""

from datetime import timedelta

from sqlalchemy import select

from schema.people import AuditRow
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.roads import brought


def test_pages_of_the_register_are_chosen_and_each_look_is_noted(crm: Program) -> None:
    town = crm.town
    case = brought(town, "filed", channel="letter")
    for n in range(3):
        town.clock.now += timedelta(minutes=1)
        town.call(number=f"1380000000{n}", outcome="abandoned")
    first = crm.get("/contacts?limit=3").json
    assert [(one["number"], one["outcome"], one["channel"]) for one in first["items"]] == [
        (f"1380000000{n}", "abandoned", "phone") for n in (2, 1, 0)
    ]
    (last,) = crm.get(f"/contacts?limit=3&cursor={first['next']}").json["items"]
    assert (last["contact"], last["outcome"], last["cases"]) == (
        str(case.contact),
        "received",
        [case.case_no],
    )
    for query, count in {
        "outcome=received": 1, "outcome=lost": 0, "channel=letter": 1, "channel=phone": 3, "number=13800000002": 1,
        f"user={town.users['agent'].id}": 1, "since=2026-11-24T08:02:00Z": 2, "until=2026-11-24T08:02:00Z": 2,
    }.items():  # fmt: skip
        assert len(crm.get(f"/contacts?{query}").json["items"]) == count, query
    with town.store.read() as session:
        assert session.scalars(select(AuditRow.subject).where(AuditRow.what == "contact.read")).all() == [
            "contacts"
        ]


def test_a_token_sees_numbers_and_others_contacts_by_its_rights(crm: Program) -> None:
    town = crm.town
    town.call(outcome="answered", user=town.users["supervisor"].id)
    masked = program(town, "supervisor", "contact.list", "contact.all")
    assert [one["number"] for one in masked.get("/contacts").json["items"]] == ["138****0001"]
    assert masked.get("/contacts?number=13800000001").status_code == 403
    agent = program(town, "agent")
    assert agent.get("/contacts").json["items"] == []
    assert agent.get(f"/contacts?user={town.users['supervisor'].id}").status_code == 403
    assert program(town, "supervisor", "contact.read").get("/contacts").status_code == 403
