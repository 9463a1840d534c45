"""Urging, a supervision order and its answer, from the page of the case."""

from typing import Any

from sqlalchemy import select

from backoffice.caseurging import tomorrow
from schema.clocks import Supervision
from schema.ids import uuid7
from tests.backoffice.conftest import Town, plain


def give(town: Town, case: Any, what: str, post: str = "supervisor", **form: str) -> Any:
    return town.visit(post).post(f"/cases/{case.case_no}/{what}", {"order": str(uuid7())} | form)


def test_urged_by_hand_it_stands_in_the_history(town: Town) -> None:
    case = town.filed()
    assert give(town, case, "urge", "agent", text="市民又来电").status_code == 303
    assert give(town, case, "urge").status_code == 303
    text = plain(town.visit("agent").text(f"/cases/{case.case_no}"))
    assert "agent 某催办。" in text and "市民又来电" in text and "supervisor 某第二次催办。" in text


def test_a_supervision_order_is_given_and_answered(town: Town) -> None:
    case = town.filed()
    boss = town.visit("supervisor").text(f"/cases/{case.case_no}")
    with town.app.app_context():
        assert f'value="{tomorrow()}"' in boss and tomorrow() == "2026-11-25T16:00"
    assert "/answer" not in boss
    assert give(town, case, "supervise", text="两天内修好", answer_by="2026-11-26T09:30").status_code == 303
    with town.store.read() as session:
        given = session.scalars(select(Supervision)).one()
    assert given.answer_by.isoformat() == "2026-11-26T01:30:00+00:00"
    html = town.visit("agent").text(f"/cases/{case.case_no}")
    assert f"/cases/{case.case_no}/answer" in html and "2026-11-26 09:30" in html and "/supervise" not in html
    assert give(town, case, "answer", "agent", text="已安排").status_code == 303
    assert "答复督办" in plain(town.visit("agent").text(f"/cases/{case.case_no}"))


def test_a_time_that_is_none_or_past_is_said_where_it_was_typed(town: Town) -> None:
    case = town.filed()
    for wrong in ("", "soon", "2026-11-24T15:59", "9999-12-31T23:59", "0001-01-01T00:00"):
        answer = give(town, case, "supervise", text="两天内修好", answer_by=wrong)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 400 and "答复时限应在" in html and "两天内修好" in html, wrong


def test_a_leaders_instruction_is_given_read_and_answered(town: Town) -> None:
    case = town.filed()
    give(town, case, "dispatch", department=str(town.units["unit"].id))
    leader, unit = town.visit("leader"), town.visit("department")
    page = f"/cases/{case.case_no}"
    assert f"{page}/instruct" in leader.text(page) and f"{page}/instruct" not in town.visit(
        "supervisor"
    ).text(page)
    form = {"order": str(uuid7()), "text": "三日内解决", "answer_by": "2026-11-26T09:30"}
    for wrong in ({"person": "x"}, {"person": str(town.users["worker"].id)}, {"text": ""}):
        assert leader.post(f"{page}/instruct", form | wrong).status_code == 400
    chosen = form | {"person": str(town.users["department"].id)}
    for _ in range(2):
        assert leader.post(f"{page}/instruct", chosen).status_code == 303
    with town.store.read() as session:
        (given,) = session.scalars(select(Supervision).where(Supervision.case == case.id))
    assert given.read_at is None
    html = plain(unit.text(page))
    assert "批示（2026-11-26 09:30 前答复）" in html and "三日内解决" in html
    unit.post(f"{page}/answer", {"order": str(uuid7()), "text": "已安排", "supervision": str(given.id)})
    with town.store.read() as session:
        row = session.get_one(Supervision, given.id)
        assert (row.read_by, row.state, row.answer) == (town.users["department"].id, "answered", "已安排")
    assert "答复批示" in plain(leader.text(page))
