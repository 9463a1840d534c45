"""What turns a case off its straight way, by the forms of its page."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from schema.cases import Case
from schema.desk.filing import take_in_case
from schema.orders import TakeInCase
from schema.people import AuditRow, User
from tests.backoffice.conftest import Town


class Turns:
    """One case, and people at its page."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.no = town.filed().case_no

    def do(self, action: str, post: str = "agent", **fields: Any) -> Any:
        return self.town.visit(post).post(f"/cases/{self.no}/{action}", fields)

    def page(self, post: str = "agent") -> str:
        return self.town.visit(post).text(f"/cases/{self.no}")

    def case(self, no: str = "") -> Case:
        with self.town.store.read() as session:
            return session.scalars(select(Case).where(Case.case_no == (no or self.no))).one()


@pytest.fixture
def turns(town: Town) -> Turns:
    return Turns(town)


def taken_in(turns: Turns) -> None:
    """The case in hand is one that was only taken in."""
    order = turns.town.order()
    fields = {name: getattr(order, name) for name in TakeInCase.__struct_fields__ if name != "order"}
    with turns.town.store.work() as work:
        turns.no = take_in_case(work, TakeInCase(**fields)).case_no


def test_a_request_is_verified_and_filed(turns: Turns) -> None:
    taken_in(turns)
    assert turns.do("verify", worker="nobody").status_code == 400
    assert turns.do("verify", worker=str(turns.town.users["worker"].id)).status_code == 303
    assert turns.do("confirm").status_code == 400
    assert turns.do("confirm", found="no").status_code == 400
    assert turns.do("confirm", found="yes").status_code == 303
    assert "case-light" not in turns.page()
    assert turns.do("file").status_code == 303
    assert turns.case().state == "filed" and "case-light" in turns.page()


def test_a_handled_case_is_looked_at_on_the_spot_by_another_and_that_is_taken_back(turns: Turns) -> None:
    town = turns.town
    with town.store.work() as work:
        other = User(login="worker9", name="另一人", post="worker", password="!", active=True)
        work.session.add(other)
        work.session.flush()
        ours, theirs = str(town.users["worker"].id), str(other.id)
    assert turns.do("dispatch", worker=ours).status_code == 303
    assert turns.do("handle", text="已修好").status_code == 303
    html = turns.page()
    assert f'value="{theirs}"' in html and f'value="{ours}"' not in html, "nobody is offered their own work"
    until = (town.store.clock() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    wrong = turns.do("ask-check", checker=ours, answer_by=until)
    assert wrong.status_code == 400 and 'data-wrong="checker"' in wrong.get_data(as_text=True)
    assert turns.do("ask-check", checker=theirs, answer_by="soon").status_code == 400
    assert turns.do("ask-check", answer_by=until).status_code == 400
    assert turns.do("ask-check", checker=theirs, answer_by=until, note="看灯亮不亮").status_code == 303
    html = turns.page()
    assert turns.case().state == "handled" and "case-checking" in html and "看灯亮不亮" in html
    assert f"/cases/{turns.no}/ask-check" not in html
    assert turns.do("recall-check").status_code == 303
    html = turns.page()
    assert "case-checking" not in html and f"/cases/{turns.no}/ask-check" in html
    assert turns.do("recall-check").status_code == 409
    with town.store.read() as session:
        looks = session.scalars(select(AuditRow.what).where(AuditRow.allowed)).all()
    assert looks[-2:] == ["case.ask-check", "case.recall-check"]


def test_a_request_is_rejected_with_a_reason(turns: Turns) -> None:
    taken_in(turns)
    assert turns.do("reject", reason=" ").status_code == 400
    assert turns.do("reject", reason="不归本市").status_code == 303
    html = turns.page()
    assert "案卷不再办理" in html and "不予受理：“不归本市”" in html.replace("\u2068", "").replace(
        "\u2069", ""
    )


def test_a_case_stands_still_and_goes_on(turns: Turns) -> None:
    assert turns.do("suspend", reason="x").status_code == 403, "an agent may not"
    assert turns.do("suspend", "supervisor", reason="等配件").status_code == 303
    html = turns.page()
    assert 'data-light="grey"' in html and f"/cases/{turns.no}/resume" not in html
    assert f"/cases/{turns.no}/resume" in turns.page("supervisor")
    assert turns.do("resume", "supervisor").status_code == 303
    assert turns.case().state == "filed" and 'data-light="green"' in turns.page()


def test_more_time_is_asked_for_and_granted_by_another(turns: Turns) -> None:
    assert turns.do("ask-extension", units="many", reason="下雨").status_code == 400
    answer = turns.do("ask-extension", units="99", reason="下雨")
    assert answer.status_code == 400 and 'data-wrong="units"' in answer.get_data(as_text=True)
    assert turns.do("ask-extension", "supervisor", units="1", reason="下雨").status_code == 303
    assert "decide-extension" not in turns.page("supervisor"), "who asked does not decide"
    assert turns.do("decide-extension", "supervisor", granted="yes").status_code == 403
    assert turns.case().state == "filed"


def test_time_asked_for_by_an_agent_is_granted_by_the_supervisor(turns: Turns) -> None:
    before = turns.case().due_at
    turns.do("ask-extension", units="1", reason="下雨")
    html = turns.page("supervisor")
    assert "下雨" in html and f"/cases/{turns.no}/decide-extension" in html and "/ask-extension" not in html
    assert turns.do("decide-extension", "supervisor").status_code == 400
    assert turns.do("decide-extension", "supervisor", granted="yes").status_code == 303
    after = turns.case().due_at
    assert before and after and after > before and "延期 1 个" in turns.page()


def test_a_duplicate_is_merged_by_number_and_taken_apart_again(turns: Turns) -> None:
    other = turns.town.filed().case_no
    for wrong in ("", "ZW-20990101-0001", turns.no):
        assert turns.do("merge", into=wrong).status_code == 400
    assert turns.do("merge", into=other).status_code == 303
    assert f'href="/cases/{other}"' in turns.page()
    assert f'href="/cases/{turns.no}"' in turns.town.visit("agent").text(f"/cases/{other}")
    assert turns.do("unmerge").status_code == 303
    assert turns.case().state == "filed"


def test_a_case_is_split_line_by_line(turns: Turns) -> None:
    assert turns.do("split", parts="一盏灯").status_code == 400
    assert turns.do("split", parts="一盏灯\n\n 一堆垃圾 ").status_code == 303
    with turns.town.store.read() as session:
        parts = session.scalars(
            select(Case).where(Case.parent == turns.case().id).order_by(Case.case_no)
        ).all()
    assert [part.title for part in parts] == ["一盏灯", "一堆垃圾"]
    assert all(f'href="/cases/{part.case_no}"' in turns.page() for part in parts)


def test_a_case_is_void_and_a_closed_one_is_reopened(turns: Turns) -> None:
    for action, fields in (
        ("dispatch", {"worker": str(turns.town.users["worker"].id)}), ("handle", {"text": "x"}),
        ("check", {"passed": "yes"}), ("close", {}), ("reopen", {"reason": "又坏了"}),
    ):  # fmt: skip
        assert turns.do(action, **fields).status_code == 303, action
    assert turns.case().state == "filed"
    assert turns.do("void", "supervisor", reason="打错了").status_code == 303
    assert turns.do("reopen", reason="x").status_code == 409
    with turns.town.store.read() as session:
        looks = session.scalars(select(AuditRow.what).where(AuditRow.allowed)).all()
    assert looks[-2:] == ["case.reopen", "case.void"]
