"""A case from dispatch to its end, by the forms of its page."""

from typing import Any

import pytest
from sqlalchemy import select

from schema.cases import Case, CaseStep, Task
from schema.ids import uuid7
from schema.orders import CallCitizen
from schema.outbox import OutboxRow
from schema.people import AuditRow
from tests.backoffice.conftest import Town, Visit
from tests.conftest import store_url  # noqa: F401 (on both databases)


class Work:
    """One case and an agent at its page."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.agent: Visit = town.visit("agent")
        self.no = town.filed().case_no

    def do(self, action: str, **fields: Any) -> Any:
        return self.agent.post(f"/cases/{self.no}/{action}", fields)

    def dispatch(self) -> Any:
        return self.do("dispatch", worker=str(self.town.users["worker"].id), note="请今天看")

    @property
    def state(self) -> str:
        with self.town.store.read() as session:
            return session.scalars(select(Case.state).where(Case.case_no == self.no)).one()


@pytest.fixture
def work(town: Town) -> Work:
    return Work(town)


def test_the_whole_way(work: Work) -> None:
    for action, fields, state in (
        ("dispatch", {"worker": str(work.town.users["worker"].id)}, "dispatched"),
        ("handle", {"text": "已修好"}, "handled"),
        ("check", {"passed": "yes"}, "checked"),
        ("close", {"visit": "yes"}, "closed"),
    ):
        page = work.agent.text(f"/cases/{work.no}")
        assert f"/cases/{work.no}/{action}" in page
        answer = work.do(action, **fields)
        assert (answer.status_code, answer.location) == (303, f"/cases/{work.no}")
        assert work.state == state
    assert "案卷已办结" in work.agent.text(f"/cases/{work.no}")
    with work.town.store.read() as session:
        names = session.scalars(select(OutboxRow.name)).all()
        looks = session.scalars(select(AuditRow.what).order_by(AuditRow.id)).all()
    assert names.count(CallCitizen.__name__) == 1
    assert looks == ["case.dispatch", "case.handle", "case.check", "case.close"]


def test_no_call_back_when_the_box_is_not_ticked(work: Work) -> None:
    work.dispatch()
    work.do("handle", text="x")
    work.do("check", passed="yes")
    work.do("close")
    with work.town.store.read() as session:
        assert CallCitizen.__name__ not in session.scalars(select(OutboxRow.name)).all()


def test_a_failed_check_and_sending_back_need_words(work: Work) -> None:
    work.dispatch()
    answer = work.do("send-back")
    assert answer.status_code == 400 and "请填写原因" in answer.get_data(as_text=True)
    work.do("handle", text="x")
    answer = work.do("check", passed="no", text=" ")
    assert answer.status_code == 400 and work.state == "handled"
    work.do("check", passed="no", text="还是不亮")
    assert work.state == "dispatched"
    work.do("send-back", reason="派错人")
    assert work.state == "filed"


def test_a_wrong_form_keeps_what_was_typed_and_names_the_field(work: Work) -> None:
    answer = work.do("dispatch", worker="nobody", note="请<b>今天</b>看")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'value="请&lt;b&gt;今天&lt;/b&gt;看"' in html and 'data-wrong="worker"' in html
    agent = str(work.town.users["agent"].id)
    assert work.do("dispatch", worker=agent).status_code == 400, "an agent is no grid worker"
    work.dispatch()
    answer = work.do("handle", text="长" * 4001)
    assert answer.status_code == 400 and "长" * 100 in answer.get_data(as_text=True)


def test_a_stale_page_does_not_overwrite_what_happened_meanwhile(work: Work) -> None:
    work.dispatch()
    answer = work.do("handle", text="x", version="1")
    assert answer.status_code == 409 and "已被他人更改" in answer.get_data(as_text=True)
    assert work.state == "dispatched"


def test_the_same_form_twice_does_it_once(work: Work) -> None:
    order, worker = str(uuid7()), str(work.town.users["worker"].id)
    for _ in range(2):
        assert work.do("dispatch", worker=worker, order=order).status_code == 303
    with work.town.store.read() as session:
        assert len(session.scalars(select(Task)).all()) == 1
        assert session.scalars(select(CaseStep.hop)).all().count("case.dispatched") == 1


def test_what_is_not_possible_now_is_said(work: Work) -> None:
    answer = work.do("close")
    assert answer.status_code == 409 and "当前状态" in answer.get_data(as_text=True)
    assert work.agent.post("/cases/ZW-20990101-0001/close").status_code == 404


def test_a_script_gets_json(work: Work) -> None:
    path, headers = f"/cases/{work.no}/dispatch", {"Accept": "application/json"}
    wrong = work.agent.post(path, {"worker": ""}, headers=headers)
    assert wrong.status_code == 400 and set(wrong.json["fields"]) == {"worker"}
    done = work.agent.post(path, {"worker": str(work.town.users["worker"].id)}, headers=headers)
    assert done.json["state"] == "dispatched" and done.json["case_no"] == work.no


def test_only_what_one_may_do_is_offered(work: Work) -> None:
    expert = work.town.visit("expert")
    html = expert.text(f"/cases/{work.no}")
    assert "没有您可以进行的操作" in html and f"/cases/{work.no}/dispatch" not in html
    assert "recording" not in html
