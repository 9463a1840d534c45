"""Responsible units: dispatched to, signed for, handled, handed on, sent back; each sees and moves its own alone."""

import threading

import pytest

from schema.cases import Case
from schema.desk.cases import check_case, dispatch_case, handle_case, send_back_case
from schema.desk.errors import Refused
from schema.desk.extensions import ask_extension
from schema.desk.pausing import reopen_case, resume_case, suspend_case
from schema.desk.responsible import delegate_case, sign_case
from schema.ids import CaseId, uuid7
from schema.orders import (
    AskExtension,
    CheckCase,
    DelegateCase,
    DispatchCase,
    HandleCase,
    ReopenCase,
    ResumeCase,
    SendBackCase,
    SignCase,
    SuspendCase,
)
from schema.people import User
from schema.wire import from_body
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring, carry, to_unit


def refused(desk: Office, function: object, order: object, code: str, field: str = "") -> None:
    case = order.case  # type: ignore[attr-defined]
    before = (desk.look(case).version, len(desk.steps(case)), len(desk.said()))
    with pytest.raises(Refused) as caught:
        carry(desk, function, order)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.field) == (code, field)
    assert before == (desk.look(case).version, len(desk.steps(case)), len(desk.said()))


def test_a_case_goes_to_a_department_without_a_task_and_all_are_told(desk: Office) -> None:
    case = to_unit(desk)
    assert (case.state, case.department, case.worker, case.signed_at) == ("dispatched", desk.unit, None, None)
    assert desk.tasks(case.id) == []
    step = desk.steps(case.id)[-1]
    assert step.detail == {"department": str(desk.unit), "department_name": "name of unit"}
    row = desk.said()[-1]
    fact = from_body(row.name, row.body)
    assert (row.name, fact.department, fact.worker, fact.task) == ("CaseDispatched", desk.unit, None, None)  # type: ignore[union-attr]


def test_dispatching_names_a_worker_or_a_department_that_is_there(desk: Office) -> None:
    case = CaseId(desk.case().id)
    both = DispatchCase(by=desk.agent, case=case, worker=desk.worker, department=desk.unit)
    refused(desk, dispatch_case, both, "bad-field", "department")
    refused(desk, dispatch_case, DispatchCase(by=desk.agent, case=case), "bad-field", "worker")
    nowhere = DispatchCase(by=desk.agent, case=case, department=uuid7())
    refused(desk, dispatch_case, nowhere, "bad-field", "department")


def test_a_case_that_goes_to_a_worker_is_with_the_workers_department(desk: Office) -> None:
    with desk.store.work() as work:
        work.session.get_one(User, desk.worker).department = desk.section
    case = desk.case("dispatched")
    assert (case.department, case.worker) == (desk.section, desk.worker)
    refused(desk, sign_case, SignCase(by=desk.department, case=CaseId(case.id)), "wrong-state")


def test_the_department_signs_once_handles_and_asks_for_time(desk: Office) -> None:
    case = CaseId(to_unit(desk).id)
    signing = SignCase(by=desk.department, case=case)
    assert carry(desk, sign_case, signing).signed_at is not None
    assert carry(desk, sign_case, signing).version == desk.look(case).version
    refused(desk, sign_case, SignCase(by=desk.department, case=case), "wrong-state")
    carry(desk, ask_extension, AskExtension(by=desk.department, case=case, units=1, reason="等灯具"))
    carry(desk, handle_case, HandleCase(by=desk.department, case=case, text="已换"))
    assert desk.look(case).state == "handled"
    assert [step.hop for step in desk.steps(case)][-4:] == [
        "case.dispatched", "case.signed", "case.extension-asked", "case.handled",
    ]  # fmt: skip
    # What it handled is for others to check, and it takes nothing back by itself.
    refused(desk, check_case, CheckCase(by=desk.department, case=case, passed=True), "not-allowed")
    refused(desk, send_back_case, SendBackCase(by=desk.department, case=case, reason="再看"), "not-allowed")


def test_what_fails_its_check_is_with_the_same_department_again(desk: Office) -> None:
    case = CaseId(to_unit(desk).id)
    carry(desk, handle_case, HandleCase(by=desk.department, case=case, text="已换"))
    carry(desk, check_case, CheckCase(by=desk.agent, case=case, passed=False, text="还是不亮"))
    seen = desk.look(case)
    assert (seen.state, seen.department, desk.tasks(case)) == ("dispatched", desk.unit, [])
    assert [row.name for row in desk.said()][-2:] == ["CaseChecked", "CaseDispatched"]


def test_a_suspended_case_is_with_its_department_again_when_it_is_resumed(desk: Office) -> None:
    case = CaseId(to_unit(desk).id)
    carry(desk, suspend_case, SuspendCase(by=desk.supervisor, case=case, reason="等配件"))
    carry(desk, resume_case, ResumeCase(by=desk.supervisor, case=case))
    assert (desk.look(case).state, desk.look(case).department) == ("dispatched", desk.unit)


def test_the_department_sends_back_what_is_not_its_own_and_sees_it_no_longer(desk: Office) -> None:
    case = CaseId(to_unit(desk).id)
    carry(desk, sign_case, SignCase(by=desk.department, case=case))
    carry(desk, send_back_case, SendBackCase(by=desk.department, case=case, reason="不归我们管"))
    seen = desk.look(case)
    assert (seen.state, seen.department, seen.signed_at) == ("filed", None, None)
    refused(desk, handle_case, HandleCase(by=desk.department, case=case, text="x"), "not-found")


def test_a_reopened_case_is_with_nobody(desk: Office) -> None:
    case = bring(desk, "closed")
    carry(desk, reopen_case, ReopenCase(by=desk.agent, case=CaseId(case.id), reason="又坏了"))
    seen = desk.look(case.id)
    assert (seen.department, seen.worker, seen.signed_at) == (None, None, None)


def test_a_case_is_handed_on_only_downwards_and_is_signed_for_anew(desk: Office) -> None:
    case = CaseId(to_unit(desk).id)
    carry(desk, sign_case, SignCase(by=desk.department, case=case))
    for wrong in (desk.unit, desk.other, uuid7()):
        order = DelegateCase(by=desk.department, case=case, department=wrong)
        refused(desk, delegate_case, order, "bad-field", "department")
    order = DelegateCase(by=desk.department, case=case, department=desk.section, note="请处理")
    carry(desk, delegate_case, order)
    seen = desk.look(case)
    assert (seen.state, seen.department, seen.signed_at) == ("dispatched", desk.section, None)
    row = desk.said()[-1]
    assert (row.name, row.body["origin"], row.body["department"]) == (
        "CaseDelegated", str(desk.unit), str(desk.section),
    )  # fmt: skip
    assert carry(desk, delegate_case, order).version == seen.version
    # The department above still reaches it.
    carry(desk, sign_case, SignCase(by=desk.department, case=case))


@pytest.mark.parametrize("confidential", [False, True])
def test_a_department_does_nothing_to_what_is_anothers_and_learns_nothing_of_it(
    desk: Office, confidential: bool
) -> None:
    case = desk.case(confidential=confidential)
    order = DispatchCase(by=desk.supervisor, case=CaseId(case.id), department=desk.other)
    carry(desk, dispatch_case, order)
    id = CaseId(case.id)
    for function, order_ in (
        (sign_case, SignCase(by=desk.department, case=id)),
        (handle_case, HandleCase(by=desk.department, case=id, text="x")),
        (send_back_case, SendBackCase(by=desk.department, case=id, reason="x")),
        (delegate_case, DelegateCase(by=desk.department, case=id, department=desk.section)),
        (ask_extension, AskExtension(by=desk.department, case=id, units=1, reason="x")),
        (sign_case, SignCase(by=desk.department, case=id, version=99)),
    ):
        with pytest.raises(Refused) as caught:
            carry(desk, function, order_)  # type: ignore[arg-type]
        assert caught.value.code == "not-found" and case.case_no not in caught.value.text


def test_of_two_who_dispatch_at_once_one_wins_and_the_other_is_told(desk: Office) -> None:
    case = desk.case()
    barrier, outcomes = threading.Barrier(2), []

    def give(order: DispatchCase) -> None:
        barrier.wait()
        try:
            carry(desk, dispatch_case, order)
            outcomes.append("done")
        except Refused as error:
            outcomes.append(error.code)

    orders = [
        DispatchCase(by=desk.agent, case=CaseId(case.id), version=case.version, department=desk.unit),
        DispatchCase(by=desk.clerk, case=CaseId(case.id), version=case.version, worker=desk.worker),
    ]
    threads = [threading.Thread(target=give, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "stale"]
    seen: Case = desk.look(case.id)
    assert (seen.department is None) is (seen.worker is not None)
    assert [step.hop for step in desk.steps(case.id)].count("case.dispatched") == 1
