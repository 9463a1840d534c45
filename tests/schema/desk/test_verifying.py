"""What was taken in is verified by a grid worker before it is filed, or rejected."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from schema.desk.errors import Refused
from schema.desk.field import NewReport, take_report
from schema.desk.filing import take_in_case
from schema.desk.handsets import enrol
from schema.desk.verifying import confirm_case
from schema.ids import CaseId, TaskId, uuid7
from schema.orders import ConfirmCase
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring, carry, do, taking_in


def test_taking_in_leaves_a_numbered_case_without_a_clock_once(desk: Office) -> None:
    order = taking_in(desk)
    case = carry(desk, take_in_case, order)
    assert carry(desk, take_in_case, order).id == case.id
    seen = desk.look(case.id)
    assert (seen.state, seen.version, seen.due_at, seen.due_words) == ("accepted", 1, None, "")
    assert [step.hop for step in desk.steps(case.id)] == ["case.collected", "case.accepted"]
    assert seen.case_no.startswith("ZW-") and [row.name for row in desk.said()] == ["CaseTakenIn"]


def test_what_is_wrong_with_a_request_is_named_and_leaves_no_gap_in_the_numbers(desk: Office) -> None:
    with pytest.raises(Refused) as refused:
        carry(desk, take_in_case, taking_in(desk, title="", kind="x"))
    assert set(refused.value.fields) == {"title", "kind"}
    assert carry(desk, take_in_case, taking_in(desk)).case_no.endswith("-0001")


def test_the_clock_starts_with_filing_and_not_before(desk: Office) -> None:
    case = bring(desk, "verified")
    filed = do(desk, "file", case.id)
    assert filed.due_at is not None and filed.due_words
    assert [row.name for row in desk.said()] == ["CaseTakenIn", "CaseVerifySent", "CaseVerified", "CaseFiled"]


def test_a_worker_says_what_they_found_of_their_own_task_only(desk: Office) -> None:
    case = bring(desk, "verifying")
    (task,) = desk.tasks(case.id)
    assert (task.kind, task.worker, task.note, desk.look(case.id).worker) == (
        "verify", desk.worker, "请看", desk.worker,
    )  # fmt: skip
    order = ConfirmCase(by=desk.worker, case=CaseId(case.id), found=True, task=TaskId(task.id))
    for wrong in (
        replace(order, by=desk.worker2),
        replace(order, task=None),
        replace(order, task=TaskId(uuid7())),
    ):
        with pytest.raises(Refused) as refused:
            carry(desk, confirm_case, wrong)
        assert refused.value.code == "not-allowed"
    assert carry(desk, confirm_case, order).state == "verified"
    (task,) = desk.tasks(case.id)
    assert task.state == "done" and desk.look(case.id).worker is None


def test_what_is_not_so_can_be_rejected_and_taken_in_again(desk: Office) -> None:
    case = bring(desk, "verifying")
    assert do(desk, "deny", case.id).state == "accepted"
    assert [task.state for task in desk.tasks(case.id)] == ["recalled"]
    assert do(desk, "reject", case.id).state == "rejected"
    assert do(desk, "reopen", case.id).state == "accepted"
    assert desk.steps(case.id)[-2].text == "不归本市"


def test_sent_back_from_verifying_the_task_is_recalled(desk: Office) -> None:
    case = bring(desk, "verifying")
    seen = do(desk, "send-back", case.id)
    assert (seen.state, seen.worker) == ("accepted", None)
    assert [task.state for task in desk.tasks(case.id)] == ["recalled"]


def test_a_report_to_the_task_is_kept_and_the_desk_says_what_it_means(desk: Office) -> None:
    case = bring(desk, "verifying")
    (task,) = desk.tasks(case.id)
    with desk.store.work() as work:
        handset = enrol(work, device="hs-1", worker=desk.worker, secret="sixteen letters!")
    with desk.store.work() as work:
        report = NewReport(id=uuid7(), kind="report", text="确实不亮", made=datetime.now(UTC), task=task.id)
        kept = take_report(work, handset, report)
    assert (kept.case_no, kept.left) == (case.case_no, "")
    assert desk.look(case.id).state == "verifying" and desk.tasks(case.id)[0].state == "done"
    assert do(desk, "confirm", case.id).state == "verified"
