"""Click to call: one click places one call with its case; a blocked number takes a reason; a seat is needed."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.placing import service_of
from conf.services import Service
from schema.calls import CallBackRow, CallRow
from schema.cases import Citizen
from schema.desk.donotcall import block_number
from schema.ids import uuid7
from schema.orders import BlockNumber
from schema.outbox import OutboxRow
from schema.people import AuditRow, User
from tests.backoffice.conftest import Town, plain

NUMBER = "13800000001"


def opened(town: Town) -> str:
    """The agent's seat, open at an exchange that speaks."""
    with town.store.read() as session:
        seat = session.get_one(User, town.users["agent"].id).seat
    assert seat
    town.seen(v=2, seats={seat: {"state": "ready", "name": "x"}})
    return seat


def placed(town: Town) -> list[OutboxRow]:
    with town.store.read() as session:
        return list(
            session.scalars(select(OutboxRow).where(OutboxRow.name == "CallOut").order_by(OutboxRow.id))
        )


def click(who: Any, **asked: Any) -> Any:
    return who.post("/api/call", json={"order": str(uuid7()), "number": NUMBER, **asked})


def test_a_click_places_one_call_about_the_case_once(town: Town) -> None:
    case, agent = town.filed(), town.visit("agent")
    town.seen()
    answer = click(agent)
    assert answer.status_code == 409 and "没有打开的座席" in answer.get_json()["text"]
    seat, order = opened(town), str(uuid7())
    for _ in range(2):
        assert click(agent, order=order, case=str(case.id)).get_json() == {"order": order}
    (row,) = placed(town)
    assert (row.body["target"], row.body["case"], row.body["seat"]) == (
        f"number:{NUMBER}",
        str(case.id),
        seat,
    )
    assert row.contact == case.contact
    assert agent.get(f"/api/call/{order}").get_json() == {"outcome": "", "text": ""}
    with town.store.work() as work:
        work.session.add(
            CallRow(id=row.key, contact=case.contact, node="pbx1", direction="out", outcome="failed", cause=17,
                    entered_at=work.now)
        )  # fmt: skip
    assert agent.get(f"/api/call/{order}").get_json() == {"outcome": "busy", "text": "占线"}
    assert town.visit("supervisor").get(f"/api/call/{order}").get_json()["outcome"] == ""
    assert agent.get("/api/call/x").get_json()["outcome"] == ""


@pytest.mark.parametrize(
    ("asked", "error"),
    [({"number": "anonymous"}, "bad-number"), ({"number": "12345"}, "own-hotline"), ({"case": "x"}, "bad-field"),
     ({"case": str(uuid7())}, "bad-field"), ({"contact": str(uuid7())}, "bad-field"), ({"contact": 1}, "bad-field")],
)  # fmt: skip
def test_what_cannot_be_called_is_refused_in_words(town: Town, asked: dict[str, Any], error: str) -> None:
    agent = town.visit("agent")
    opened(town)
    answer = click(agent, **asked)
    assert answer.status_code == 400 and answer.get_json()["error"] == error and answer.get_json()["text"]
    assert placed(town) == []


def test_a_blocked_number_takes_a_reason_which_is_written_down_wherever_it_is_dialled(town: Town) -> None:
    agent, boss = town.visit("agent"), town.users["supervisor"]
    opened(town)
    with town.store.work() as work:
        block_number(work, BlockNumber(by=boss.id, number=NUMBER, reason="不要再打"))
    for answer in (click(agent), agent.post("/api/seat/callout", json={"target": f"number:{NUMBER}"})):
        assert answer.status_code == 409 and answer.get_json()["error"] == "give-reason"
        assert "免打扰名单" in answer.get_json()["text"]
    assert click(agent, reason="市民来信要求回电").status_code == 200
    asked = {"target": f"number:{NUMBER}", "reason": "市民要求"}
    assert agent.post("/api/seat/callout", json=asked).status_code == 200
    assert len(placed(town)) == 2
    with town.store.read() as session:
        reasons = session.scalars(
            select(AuditRow.reason).where(AuditRow.what == "call.out").order_by(AuditRow.id)
        )
        assert reasons.all() == ["市民来信要求回电", "市民要求"]


def test_numbers_on_pages_have_a_telephone_for_who_may_call_and_a_wrong_one_says_so(town: Town) -> None:
    case = town.filed()
    with town.store.work() as work:
        citizen = work.session.scalars(select(Citizen).where(Citizen.number == NUMBER)).one()
        citizen.wrong_at = work.now.replace(year=2027)
    key = f'data-dial="{NUMBER}"'
    pages = (f"/cases/{case.case_no}", f"/cases/citizens/{citizen.id}", f"/cases/citizens?q={NUMBER}")
    for path in pages:
        html = town.visit("agent").text(path)
        assert key in html and "js/dial.js" in html
    assert f'{key} data-case="{case.id}"' in town.visit("agent").text(pages[0])
    assert "号码错误" in town.visit("agent").text(pages[0])
    assert key not in town.visit("clerk").text(pages[0])


def test_the_list_of_call_backs_shows_what_is_owed_and_drops_one_once(town: Town) -> None:
    id, now = uuid7(), town.clock()
    with town.store.work() as work:
        work.session.add(
            CallBackRow(id=id, contact=id, call=id, node="pbx1", queue="hotline", number=NUMBER, language="ug",
                        place=now, promised_at=now, expires_at=now, reason="no answer")
        )  # fmt: skip
    agent = town.visit("agent")
    html = agent.text("/visits/call-backs")
    assert f'data-dial="{NUMBER}" data-contact="{id}"' in html and "按顺序" in plain(html)
    form = {"order": str(uuid7())}
    for _ in range(2):
        answer = agent.post(f"/visits/call-backs/{id}/drop", form)
        assert "已请求取消" in agent.text(answer.location)
    with town.store.read() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.name == "CancelCallBack")).all()
    assert [row.body["promise"] for row in rows] == [str(id)]
    assert "没有回电" in agent.text("/visits/call-backs?list=over")
    for wrong in ("x", str(uuid7())):
        assert agent.post(f"/visits/call-backs/{wrong}/drop").status_code == 404


def test_a_contact_s_service_says_which_number_its_calls_show(town: Town) -> None:
    contact = uuid7()
    services = (Service(name="city"), Service(name="water", queue="water", caller="057188880000"))
    settings = replace(town.settings, services=services)
    with town.store.work() as work:
        work.session.add(
            CallRow(
                id=contact,
                contact=contact,
                node="pbx1",
                queue="water",
                entered_at=work.now,
                outcome="answered",
            )
        )
    with town.store.read() as session:
        assert service_of(session, settings, contact) == "water"
        assert service_of(session, settings, uuid7()) == service_of(session, settings, None) == ""
        assert service_of(session, town.settings, contact) == ""
    assert (settings.caller_of("water"), settings.caller_of("city"), settings.caller_of("")) == (
        "057188880000",
        "12345",
        "12345",
    )
