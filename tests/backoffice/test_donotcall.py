"""The do-not-call list on its page: put on, looked for, taken off by who may; a citizen's wish is one tick."""

from typing import Any

from sqlalchemy import select

from schema.ids import uuid7
from schema.outbound import DoNotCall
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain
from tests.backoffice.test_visits import closed, taken

PATH = "/visits/do-not-call"


def rows(town: Town) -> list[DoNotCall]:
    with town.store.read() as session:
        return list(session.scalars(select(DoNotCall).order_by(DoNotCall.at)))


def add(who: Any, **changes: str) -> Any:
    return who.post(PATH, {"order": str(uuid7()), "number": "138 0000 0001", "reason": "<不要>", **changes})


def test_an_agent_puts_a_number_on_the_list_and_a_supervisor_takes_it_off(town: Town) -> None:
    agent, boss = town.visit("agent"), town.visit("supervisor")
    assert "名单为空" in agent.text(PATH)
    wrong = add(agent, number="x", until="2020-01-01")
    assert wrong.status_code == 400
    html = wrong.get_data(as_text=True)
    assert 'value="x"' in html and "请选择今天或以后的日期" in html
    assert add(agent, until="yesterday").status_code == 400
    assert "已加入免打扰名单" in agent.text(add(agent, until="2026-11-25").location)
    html = agent.text(f"{PATH}?q=%2B86+13800000001".replace("+1", "1"))
    assert "&lt;不要&gt;" in html and "2026-11-26 00:00" in html and "lift" not in html.split("<tbody>")[1]
    assert "没有这个号码" in agent.text(f"{PATH}?q=13900000009")
    (entry,) = rows(town)
    lift = f"{PATH}/{entry.id}/lift"
    assert agent.post(lift, {"reason": "x"}).status_code == 403
    assert boss.post(lift, {"reason": " "}).status_code == 400
    assert "已移出" in boss.text(boss.post(lift, {"reason": "市民撤回"}).location)
    assert "市民撤回" in boss.text(f"{PATH}?list=over") and "名单为空" in boss.text(PATH)
    for id, status in (("x", 404), (str(uuid7()), 404)):
        assert boss.post(f"{PATH}/{id}/lift", {"reason": "x"}).status_code == status
    with town.store.read() as session:
        found = select(AuditRow.what, AuditRow.subject).where(AuditRow.what.startswith("call."))
        noted = {tuple(row) for row in session.execute(found)}
    assert {("call.block", "13800000001"), ("call.unblock", "13800000001"), ("call.blocked", "list")} <= noted


def test_a_citizen_s_wish_during_a_visit_is_one_tick_and_then_nobody_calls(town: Town) -> None:
    closed(town), closed(town)
    agent = town.visit("agent")
    visit = taken(town, agent)
    town.seen()
    second = taken(town, agent)
    form = {"order": str(uuid7()), "result": "declined", "block": "yes"}
    assert agent.post(f"/visits/{visit.id}/tell", form).status_code == 303
    (entry,) = rows(town)
    assert (entry.number, entry.visit) == ("13800000001", visit.id)
    answer = agent.post(f"/visits/{second.id}/call", json={"order": str(uuid7())})
    assert answer.status_code == 409 and "免打扰名单" in answer.get_json()["text"]


def test_a_visit_is_skipped_for_a_reason_and_stays_on_the_later_list(town: Town) -> None:
    case, agent = closed(town), town.visit("agent")
    visit = taken(town, agent)
    assert agent.post(f"/visits/{visit.id}/skip", {"order": str(uuid7()), "reason": ""}).status_code == 400
    assert (
        agent.post(f"/visits/{visit.id}/skip", {"order": str(uuid7()), "reason": "talked"}).status_code == 303
    )
    html = plain(agent.text("/visits?list=later"))
    assert case.case_no in html and "暂未拨打" in html and "刚与市民通过话" in html
    assert "暂缓回访" in plain(agent.text(f"/cases/{case.case_no}"))
