"""What was handled is looked at in the street by another grid worker, and the office may take that back."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from schema.cases import Case, Task
from schema.desk.cases import check_case
from schema.desk.checking import ask_check, check_of, recall_check
from schema.desk.errors import Refused
from schema.desk.extensions import ask_extension
from schema.ids import CaseId, TaskId, uuid7
from schema.orders import AskCheck, AskExtension, CheckCase, RecallCheck
from schema.people import Post
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring, carry, do


def asking(desk: Office, case: Case, **changes: Any) -> AskCheck:
    until = desk.store.clock() + timedelta(hours=4)
    order = AskCheck(
        by=desk.agent, case=CaseId(case.id), worker=desk.worker2, note="请看灯亮不亮", answer_by=until
    )
    return replace(order, **changes)


def sent(desk: Office) -> tuple[Case, Task]:
    """A handled case that worker2 was sent to look at."""
    case = bring(desk, "handled")
    task = carry(desk, ask_check, asking(desk, case))
    return desk.look(case.id), task


def found(desk: Office, case: Case, task: Task, **changes: Any) -> CheckCase:
    order = CheckCase(by=desk.worker2, case=CaseId(case.id), passed=True, text="亮了", task=TaskId(task.id),
                      report=uuid7(), photos=2)  # fmt: skip
    return replace(order, **changes)


def test_who_is_sent_looks_and_the_case_stays_handled_with_who_handled_it(desk: Office) -> None:
    case, task = sent(desk)
    assert (case.state, case.worker) == ("handled", desk.worker)
    assert (task.kind, task.worker, task.note, task.state) == ("check", desk.worker2, "请看灯亮不亮", "made")
    assert task.answer_by is not None
    step = desk.steps(case.id)[-1]
    assert (step.hop, step.detail["worker_name"], step.worker) == (
        "case.check-sent", "name of worker2", desk.worker,
    )  # fmt: skip
    assert desk.said()[-1].name == "CaseCheckSent"


@pytest.mark.parametrize("passed", [True, False])
def test_what_they_found_passes_or_fails_the_case(desk: Office, passed: bool) -> None:
    case, task = sent(desk)
    order = found(desk, case, task, passed=passed)
    assert carry(desk, check_case, order).state == ("checked" if passed else "dispatched")
    carry(desk, check_case, order)
    step = desk.steps(case.id)[-1]
    assert (step.hop, step.by, step.detail["passed"], step.detail["photos"]) == (
        "case.checked", desk.worker2, passed, 2,
    )  # fmt: skip
    assert (step.detail["answers"], step.detail["report"]) == (str(task.id), str(order.report))
    kinds = [(one.kind, one.worker, one.state) for one in desk.tasks(case.id)]
    again = [] if passed else [("handle", desk.worker, "made")]
    assert kinds == [("handle", desk.worker, "done"), ("check", desk.worker2, "done"), *again]


def test_only_who_was_sent_answers_and_only_with_that_task(desk: Office) -> None:
    case, task = sent(desk)
    order, before = found(desk, case, task), len(desk.said())
    for wrong in (
        replace(order, by=desk.worker), replace(order, task=None), replace(order, task=TaskId(uuid7())),
        replace(order, by=desk.agent),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            carry(desk, check_case, wrong)
        assert refused.value.code == "not-allowed"
    more = AskExtension(by=desk.worker2, case=CaseId(case.id), units=1, reason="远", task=TaskId(task.id))
    with pytest.raises(Refused) as refused:
        carry(desk, ask_extension, more)
    assert refused.value.code == "not-allowed", "a check is no handling: its time is not asked for"
    assert (desk.look(case.id).state, len(desk.said())) == ("handled", before)


def test_who_handled_it_does_not_check_it_nor_who_may_not_nor_two_at_once(desk: Office) -> None:
    case = bring(desk, "handled")
    now = desk.store.clock()
    for changes, field in (
        ({"worker": desk.worker}, "checker"), ({"worker": desk.agent}, "worker"), ({"worker": uuid7()}, "worker"),
        ({"answer_by": now}, "answer_by"), ({"answer_by": now + timedelta(days=400)}, "answer_by"),
        ({"note": "\0"}, "note"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            carry(desk, ask_check, asking(desk, case, **changes))
        assert (refused.value.code, refused.value.field) == ("bad-field", field)
    with desk.store.work() as work:
        work.session.add(Post(name="worker", grants={"case.handle": "own"}, set_at=work.now))
    with pytest.raises(Refused) as refused:
        carry(desk, ask_check, asking(desk, case))
    assert (refused.value.field, len(desk.tasks(case.id))) == ("worker", 1), "the site took the right away"
    with desk.store.work() as work:
        work.session.delete(work.session.get_one(Post, "worker"))
    carry(desk, ask_check, asking(desk, case))
    with pytest.raises(Refused) as refused:
        carry(desk, ask_check, asking(desk, case))
    assert refused.value.code == "wrong-state"


def test_it_is_taken_back_by_the_office_and_by_whatever_moves_the_case(desk: Office) -> None:
    case, task = sent(desk)
    order = RecallCheck(by=desk.agent, case=CaseId(case.id), text="不用了")
    assert carry(desk, recall_check, order).state == "handled"
    assert desk.tasks(case.id)[-1].state == "recalled" and desk.said()[-1].name == "CaseCheckRecalled"
    with pytest.raises(Refused) as refused:
        carry(desk, recall_check, replace(order, order=uuid7()))
    assert refused.value.code == "wrong-state"
    for what in ("pass", "fail", "send-back", "suspend", "void", "merge"):
        case, task = sent(desk)
        do(desk, what, case.id)
        with desk.store.read() as session:
            assert check_of(session, case.id) is None
            assert session.get_one(Task, task.id).state == "recalled", what
