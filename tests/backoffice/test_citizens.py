"""The register of citizens as pages: looked up, shown with what was asked before, put right; each look written down."""

import re

from sqlalchemy import select

from schema.cases import Citizen
from schema.ids import CallId, uuid7
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain

NUMBER = "13800000001"


def citizen(town: Town) -> Citizen:
    with town.store.read() as session:
        return session.scalars(select(Citizen).where(Citizen.number == NUMBER)).one()


def noted(town: Town) -> list[tuple[str, str, str]]:
    with town.store.read() as session:
        rows = session.execute(
            select(AuditRow.what, AuditRow.subject, AuditRow.reason)
            .where(AuditRow.what.startswith("contact."))
            .order_by(AuditRow.id)
        )
        return [tuple(row) for row in rows]


def test_one_looks_for_somebody_and_sees_what_they_asked_before(town: Town) -> None:
    call = town.call(outcome="answered", user=town.users["agent"].id)
    open_one, secret = town.filed(call=CallId(call.id), contact=call.contact), town.filed(confidential=True)
    agent, id = town.visit("agent"), citizen(town).id
    assert "王女士" not in agent.text("/cases/citizens"), "there is no list of everybody"
    for words in (NUMBER, "1380", "王"):
        assert "王女士" in agent.text(f"/cases/citizens?q={words}")
    assert "没有找到" in agent.text("/cases/citizens?q=李")
    page = agent.text(f"/cases/citizens/{id}")
    assert open_one.case_no in page and secret.case_no not in page
    assert f"/cases/contacts/{call.contact}" in page and "已接听" in page
    assert secret.case_no in town.visit("supervisor").text(f"/cases/citizens/{id}")
    assert noted(town)[:2] == [("contact.read", "citizens", ""), ("contact.read", str(id), "")]
    for nowhere in ("x", str(uuid7())):
        assert agent.get(f"/cases/citizens/{nowhere}").status_code == 404
    assert town.visit("clerk").get("/cases/citizens").status_code == 403


def test_a_name_is_put_right_and_written_down_and_what_somebody_else_changed_is_not_overwritten(
    town: Town,
) -> None:
    town.filed()
    agent, id = town.visit("agent"), citizen(town).id

    def form(**changes: str) -> dict[str, str]:
        return {"order": str(uuid7()), "name": "汪女士", "language": "ug", "was_name": "王女士", "was_language": "zh",
                **changes}  # fmt: skip

    sent = form()
    for _ in range(2):
        assert agent.post(f"/cases/citizens/{id}", sent).status_code == 303
    assert (citizen(town).name, citizen(town).language) == ("汪女士", "ug")
    page = agent.text(f"/cases/citizens/{id}")
    assert re.search(r"agent 某 称呼\s+语言", plain(page.split('data-testid="citizen-corrections"')[1]))
    assert [row for row in noted(town) if row[0] == "contact.correct"] == [
        ("contact.correct", str(id), "name language")
    ]
    stale = agent.post(f"/cases/citizens/{id}", form(name="万女士"))
    assert stale.status_code == 409 and 'role="alert"' in stale.text and citizen(town).name == "汪女士"
    wrong = agent.post(f"/cases/citizens/{id}", form(was_name="汪女士", was_language="ug", name="x" * 101))
    assert wrong.status_code == 400 and 'aria-invalid="true"' in wrong.text
    assert agent.post(f"/cases/citizens/{id}", {"order": "x"}).status_code == 400
    assert town.visit("clerk").post(f"/cases/citizens/{id}", form()).status_code == 403
