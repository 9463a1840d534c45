"""The desk of return visits: taken, called by day only, told by form; nobody sees what they may not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from schema.cases import Case
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.people import AuditRow, User
from schema.visits import Visit
from tests.backoffice.conftest import Town, plain

NIGHT = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)  # half past nine in the evening there


def closed(town: Town, **changes: Any) -> Case:
    """A case that was closed two days ago, brought there as the desks leave it."""
    case = town.filed(**changes)
    with town.store.work() as work:
        row = work.session.get_one(Case, case.id)
        row.state, row.closed_at = "closed", town.clock() - timedelta(days=2)
    return row


def taken(town: Town, who: Any) -> Visit:
    assert who.post("/visits/take", {"order": str(uuid7())}).status_code == 303
    with town.store.read() as session:
        return (
            session.scalars(select(Visit).order_by(Visit.given_at.desc(), Visit.id.desc())).first() or Visit()
        )


def calls(town: Town) -> list[OutboxRow]:
    with town.store.read() as session:
        return list(session.scalars(select(OutboxRow).where(OutboxRow.name == "CallOut")))


def test_an_agent_takes_the_next_case_rates_twice_and_the_desk_is_empty_again(town: Town) -> None:
    case, agent = closed(town), town.visit("agent")
    html = agent.text("/visits?list=waiting")
    assert (
        case.case_no in html and "结案满 24 小时" in plain(html) and 'data-testid="visits-give"' not in html
    )
    visit = taken(town, agent)
    html = agent.text("/visits")
    assert "13800000001" in html and case.title in html
    form = {"order": str(uuid7()), "result": "reached", "reception": "1", "text": "<b>好</b>"}
    answer = agent.post(f"/visits/{visit.id}/tell", form)
    assert answer.status_code == 400
    html = answer.get_data(as_text=True)
    assert "请选择对承办单位的评价" in html and "&lt;b&gt;好&lt;/b&gt;</textarea>" in html
    for _ in range(2):
        answer = agent.post(f"/visits/{visit.id}/tell", form | {"rating": "2"})
        assert answer.status_code == 303
    text = plain(agent.text(answer.location))
    assert f"{case.case_no} 的回访结果已保存" in text and "没有待回访的案卷" in text
    assert "已回访 1 / 1 · 100%" in text and "受理满意 1 / 1 · 100%" in text
    assert "市民评价受理“非常满意”、承办“满意”" in plain(agent.text(f"/cases/{case.case_no}"))
    html = agent.text(f"/visits/{visit.id}?list=done")
    assert "visits-form" not in html and "受理：非常满意；承办：满意" in html
    with town.store.read() as session:
        assert session.get_one(Case, case.id).rating == 2
        noted = session.scalars(select(AuditRow.what).where(AuditRow.what.startswith("case.visit"))).all()
    assert sorted(noted) == ["case.visit", "case.visit", "case.visit-take"]


def test_a_supervisor_hands_out_evenly_and_takes_back_what_somebody_has(town: Town) -> None:
    for _ in range(3):
        closed(town)
    boss, agent, clerk = town.visit("supervisor"), town.users["agent"], town.users["clerk"]
    assert town.users["leader"].name not in plain(boss.text("/visits?list=waiting")).split("分给")[1]
    form = {"order": str(uuid7()), "agent": [str(agent.id), str(clerk.id), "x"], "count": "3"}
    wrong = boss.post("/visits/give", form | {"count": "0"})
    assert wrong.status_code == 400 and "一次分派 1 到 200 件" in wrong.get_data(as_text=True)
    for _ in range(2):
        answer = boss.post("/visits/give", form)
        assert "已分派 3 件" in plain(boss.text(answer.location))
    html = boss.text("/visits?list=open")
    assert html.count("data-visit=") == 3 and agent.name in html and clerk.name in html
    assert town.visit("agent").text("/visits?list=open").count("data-visit=") == 2, "an agent sees their own"
    with town.store.read() as session:
        visit = session.scalars(select(Visit).where(Visit.agent == clerk.id)).one()
    assert boss.post(f"/visits/{visit.id}/back", {"order": str(uuid7()), "list": "open"}).location.endswith(
        "list=open"
    )
    assert boss.text("/visits?list=open").count("data-visit=") == 2
    part = boss.text("/visits/rows?list=open")
    assert part.count("data-visit=") == 2 and "visits-list-done" in part and "visits-pane" not in part
    assert town.visit("agent").post(f"/visits/{visit.id}/back").status_code == 403


def test_the_citizen_is_called_from_ones_own_seat_by_day_and_the_call_is_about_the_case(town: Town) -> None:
    case, agent = closed(town), town.visit("agent")
    visit = taken(town, agent)
    with town.store.work() as work:
        seat = work.session.get_one(User, town.users["agent"].id).seat
    assert seat
    path, order = f"/visits/{visit.id}/call", {"order": str(uuid7())}
    assert agent.post(path, json=order).status_code == 409  # nobody has seen the exchange
    town.seen()
    for _ in range(2):
        assert agent.post(path, json=order).get_json() == order
    (row,) = calls(town)
    assert (row.body["target"], row.body["case"], row.body["seat"]) == (
        "number:13800000001",
        str(case.id),
        seat,
    )
    assert row.contact == case.contact
    assert town.visit("supervisor").post(path, json={"order": str(uuid7())}).status_code == 403
    town.clock.now = NIGHT
    late = town.visit("agent")
    answer = late.post(path, json={"order": str(uuid7())})
    assert answer.status_code == 409 and "不在回访时段" in answer.get_json()["text"]
    assert 'data-testid="visits-call" disabled' in late.text(f"/visits/{visit.id}")
    assert len(calls(town)) == 1


def test_a_confidential_case_is_nowhere_for_who_may_not_see_it(town: Town) -> None:
    case = closed(town)
    with town.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
    agent, boss = town.visit("agent"), town.visit("supervisor")
    assert case.case_no not in agent.text("/visits?list=waiting")
    visit = taken(town, boss)
    assert case.case_no in boss.text("/visits")
    with town.store.read() as session:
        looks = select(AuditRow.subject).where(AuditRow.what == "case.confidential")
        assert session.scalars(looks).all() == [case.case_no]
    for path in (f"/visits/{visit.id}", "/visits/none"):
        assert agent.get(path).status_code == 404
    assert agent.post(f"/visits/{visit.id}/tell", {"result": "busy"}).status_code == 404
    assert agent.post(f"/visits/{visit.id}/call", json={}).status_code == 404


@pytest.mark.parametrize(("change", "fault"), [({"tries": 3}, ""), ({"opens": 7}, "8 到 21")])
def test_the_rule_is_a_book_that_is_edited_in_versions(
    town: Town, change: dict[str, int], fault: str
) -> None:
    admin = town.visit("admin")
    assert "rulebook" in admin.text("/rules/visits")
    body = admin.get("/rules/visits/0").get_json()["body"] | {"closes": 19} | change
    answer = admin.post("/rules/visits", json={"order": str(uuid7()), "version": 0, "body": body})
    assert answer.status_code == (400 if fault else 200)
    if fault:
        assert fault in answer.get_json()["fields"]["opens"]
    else:
        assert admin.get("/rules/visits/1").get_json()["body"] == body
