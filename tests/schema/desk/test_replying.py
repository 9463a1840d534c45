"""A request answered at once: filed and closed, its clock stopped, the answer in the history."""

from typing import Any

import pytest

from schema.cases import Case
from schema.desk.clocks import clocks_of
from schema.desk.errors import Refused
from schema.desk.replying import reply_case
from schema.ids import CaseId, uuid7
from schema.orders import ReplyCase
from tests.schema.desk.casework import Office


def answer(desk: Office, case: Case, **changes: Any) -> Case:
    order = {"by": desk.agent, "case": CaseId(case.id), "text": "周一起可到窗口办理。"} | changes
    with desk.store.work() as work:
        return reply_case(work, ReplyCase(**order))


def test_an_answer_closes_the_case_and_is_its_history(desk: Office) -> None:
    case = desk.case()
    closed = answer(desk, case)
    assert closed.state == "closed" and closed.closed_at is not None
    last = desk.steps(case.id)[-1]
    assert (last.hop, last.text, last.by) == ("case.replied", "周一起可到窗口办理。", desk.agent)
    with desk.store.read() as session:
        assert clocks_of(session, case.id)[-1].ended_at is not None
    assert desk.said()[-1].name == "CaseClosed"


def test_the_same_answer_again_changes_nothing(desk: Office) -> None:
    case, order = desk.case(), uuid7()
    for _ in range(2):
        answer(desk, case, order=order)
    assert [step.hop for step in desk.steps(case.id)].count("case.replied") == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"text": " "}, "bad-field"), ({"text": "长" * 4001}, "bad-field"), ({"version": 9}, "stale")],
)
def test_an_answer_that_is_none_closes_nothing(desk: Office, changes: dict[str, Any], code: str) -> None:
    case = desk.case()
    with pytest.raises(Refused) as refused:
        answer(desk, case, **changes)
    assert refused.value.code == code and desk.look(case.id).state == "filed"


def test_what_somebody_was_sent_for_is_not_answered_from_the_desk(desk: Office) -> None:
    with pytest.raises(Refused) as refused:
        answer(desk, desk.case("dispatched"))
    assert refused.value.code == "wrong-state"
