"""Filing from the form: a case, or every wrong field by name."""

from typing import Any

import pytest
from sqlalchemy import func, select

from schema.cases import Case, Draft
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.people import AuditRow, Post
from schema.rules.access import grants
from tests.backoffice.conftest import CELL, Town
from tests.conftest import store_url  # noqa: F401 (on both databases)

TYPED = {
    "class_": "social", "kind": "service", "title": " 井盖丢失 ", "text": "路中间。", "cell": CELL,
    "address": "文三路 1 号", "lon": "120.16", "lat": "30.27", "number": "", "citizen": "李先生",
}  # fmt: skip


def form(**changes: Any) -> dict[str, Any]:
    return {**TYPED, "order": str(uuid7()), "contact": str(uuid7()), **changes}


def count(town: Town, table: type) -> int:
    with town.store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_form_becomes_a_case_and_its_draft_goes(town: Town) -> None:
    agent, call = town.visit("agent"), town.call(number="057188880000", language="ug")
    agent.post(f"/api/drafts/{call.contact}", json=TYPED)
    told = agent.post("/api/cases", json=form(contact=str(call.contact))).json
    assert told["case_no"] == "SH-20261124-0001" and told["state"] == "filed"
    assert [(row["name"], row["own"], row["on_duty"]) for row in told["workers"]] == [
        ("worker 某", True, False)
    ]
    with town.store.read() as session:
        case = session.scalars(select(Case)).one()
        audit = session.scalars(select(AuditRow)).one()
    assert (case.title, case.number, case.language, case.call, case.contact) == (
        "井盖丢失", "057188880000", "ug", call.id, call.contact,
    )  # fmt: skip
    assert (case.lon, case.lat, case.made_by) == (120.16, 30.27, town.users["agent"].id)
    assert (audit.what, audit.subject) == ("case.file", case.case_no)
    assert count(town, Draft) == 0


def test_the_same_form_sent_twice_is_one_case(town: Town) -> None:
    agent, typed = town.visit("agent"), form()
    numbers = {agent.post("/api/cases", json=typed).json["case_no"] for _ in range(2)}
    assert len(numbers) == 1 and count(town, Case) == 1


@pytest.mark.parametrize("cell", [CELL, "文三路网格", f"{CELL} 文三路网格", ""])
def test_a_cell_is_named_by_code_or_name_or_found_by_the_point(town: Town, cell: str) -> None:
    agent = town.visit("agent")
    assert agent.post("/api/cases", json=form(cell=cell)).status_code == 200
    with town.store.read() as session:
        assert session.scalars(select(Case.cell)).one() == CELL


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"title": " "}, {"title"}),
        ({"title": "x" * 121, "text": ""}, {"title", "text"}),
        ({"kind": "murder", "class_": ""}, {"kind", "class_"}),
        ({"cell": "330106999999999"}, {"cell"}),
        ({"cell": "no such place"}, {"cell"}),
        ({"lon": "200", "lat": "30"}, {"lon"}),
        ({"lon": "120.1", "lat": ""}, {"lat"}),
        ({"lon": "east", "lat": "nan"}, {"lon", "lat"}),
        ({"address": "x" * 201, "citizen": "x" * 101, "number": "1" * 33}, {"address", "citizen", "number"}),
        ({"order": "x", "contact": ""}, {"order", "contact"}),
        ({"title": ["x"], "text": {"a": 1}, "kind": None}, {"kind"}),
    ],
)
def test_every_wrong_field_is_named_and_nothing_is_filed(
    town: Town, changes: dict[str, Any], fields: set[str]
) -> None:
    answer = town.visit("agent").post("/api/cases", json=form(**changes))
    assert answer.status_code == 400 and answer.json["error"] == "bad-field"
    assert set(answer.json["fields"]) == fields
    assert all(
        any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in answer.json["fields"].values()
    )
    assert count(town, Case) == 0


@pytest.mark.parametrize("body", ["[]", "7", "not json", ""])
def test_what_is_no_form_is_refused(town: Town, body: str) -> None:
    agent = town.visit("agent")
    answer = agent.client.post(
        "/api/cases", data=body, content_type="application/json", headers={"X-CSRF": agent.csrf}
    )
    assert answer.status_code == 400


def test_the_page_for_a_letter_starts_a_contact_or_goes_on_with_a_draft(town: Town) -> None:
    agent, contact = town.visit("agent"), uuid7()
    assert 'data-draft="{}"' in agent.text("/cases/new")
    agent.post(f"/api/drafts/{contact}", json={"title": '"><script>'})
    other = agent.text("/cases/new")
    assert f"/cases/new?contact={contact}" in other and "<script>" not in other.replace("<script ", "")
    html = agent.text(f"/cases/new?contact={contact}")
    assert f'data-contact="{contact}"' in html and '"><script>' not in html


def test_cells_are_found_by_code_name_and_pinyin(town: Town) -> None:
    agent = town.visit("agent")
    for words in ("3301", "文三", "", "wensan", "WSL", "sanluwangge"):
        assert agent.get("/api/cells", query_string={"q": words}).json == [
            {"code": CELL, "name": "文三路网格"}
        ]
    for words in ("%", "_", "9", "wensi", "ang gey"):
        assert agent.get("/api/cells", query_string={"q": words}).json == []


def test_a_tick_files_it_confidential_for_whoever_carries_the_right_and_it_stays_so_in_the_draft(
    town: Town,
) -> None:
    agent, contact = town.visit("agent"), str(uuid7())
    assert 'name="confidential"' in agent.get("/cases/new").text
    agent.post(f"/api/drafts/{contact}", json=form(contact=contact, confidential="yes", category="010101"))
    with town.store.read() as session:
        kept = session.scalars(select(Draft)).one().body
    assert (kept["confidential"], kept["category"]) == ("yes", "010101")
    typed = form(contact=contact, confidential="yes", number="13800000001")
    told = agent.post("/api/cases", json=typed).json
    with town.store.read() as session:
        case = session.scalars(select(Case)).one()
        facts = session.scalars(select(OutboxRow.body).where(OutboxRow.name.startswith("Case"))).all()
    assert case.confidential and facts and all(fact["confidential"] for fact in facts)
    # Who took it down may not read such cases, and a supervisor may.
    assert told["seen"] is False and agent.get(f"/cases/{told['case_no']}").status_code == 404
    supervisor = town.visit("supervisor")
    page = supervisor.get(f"/cases/{told['case_no']}").text
    assert "立案为保密件" in page
    assert supervisor.post("/api/cases", json=form(confidential="yes")).json["seen"] is True


def test_who_may_not_make_a_case_confidential_has_no_tick_and_files_none(town: Town) -> None:
    with town.store.work() as work:
        rights = {right: scope for right, scope in grants("agent").items() if right != "case.conceal"}
        work.session.add(Post(name="agent", grants=rights, set_at=work.now))
    agent = town.visit("agent")
    assert 'name="confidential"' not in agent.get("/cases/new").text
    answer = agent.post("/api/cases", json=form(confidential="yes"))
    assert answer.status_code == 403 and count(town, Case) == 0
