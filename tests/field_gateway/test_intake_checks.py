"""What was handled is looked at by another worker: the answer of a handset passes or fails the case, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from field_gateway.downs import open_items
from schema.cases import Case, CaseStep, Task
from schema.desk.cases import check_case
from schema.desk.checking import ask_check, recall_check
from schema.handsets import Report
from schema.ids import CaseId, uuid7
from schema.orders import AskCheck, CheckCase, RecallCheck
from tests.field_gateway.play import LAT, LON, Handset, Street


def sent(street: Street, hs1: Handset) -> Task:
    """The first worker handled a case, the second is sent to look."""
    handled = street.dispatch()
    assert "reason" not in hs1.say("report", hs1.report(task=handled.id))
    with street.store.work() as work:
        until = work.now + timedelta(hours=2)
        case = CaseId(handled.case)
        return ask_check(work, AskCheck(case=case, worker=street.two.id, answer_by=until, note="看灯亮不亮"))


def state(street: Street, task: Task) -> tuple[str, str]:
    with street.store.read() as session:
        return session.get_one(Case, task.case).state, session.get_one(Task, task.id).state


def last(street: Street) -> CaseStep:
    with street.store.read() as session:
        return session.scalars(select(CaseStep).order_by(CaseStep.id.desc()).limit(1)).one()


@pytest.mark.parametrize(("passed", "leads"), [(True, "checked"), (False, "dispatched")])
def test_the_answer_passes_or_fails_the_case_in_its_commit_once(
    street: Street, hs1: Handset, hs2: Handset, passed: bool, leads: str
) -> None:
    task = sent(street, hs1)
    assert hs2.say("clock", hs2.body(type="clock", on=True))["status"] == "kept"
    with street.store.read() as session:
        (down,) = open_items(session, "hs2", datetime.now(UTC)).tasks
    assert (down.kind, down.note, down.expires) == ("check", "看灯亮不亮", task.answer_by)
    photos = [{"id": str(uuid7()), "type": "image/jpeg", "size": 9, "sha256": "a" * 64} for _ in range(2)]
    place = {"lon": LON, "lat": LAT, "accuracy": 5}
    body = hs2.report(task=task.id, passed=passed, text="看过了", media=photos, place=place)
    receipt = hs2.say("report", body)
    assert receipt["status"] == "kept" and not {"reason", "code"} & receipt.keys()
    assert state(street, task) == (leads, "done")
    step, report = last(street), street.one_of(Report, Report.task == task.id)
    assert (step.hop, step.by, step.text, step.order) == ("case.checked", street.two.id, "看过了", report.id)
    assert (step.detail["passed"], step.detail["photos"], report.lon) == (passed, 2, LON)
    rows = street.rows()
    for _ in range(2):
        assert hs2.say("report", body)["status"] == "again"
    assert street.rows() == rows


def test_anothers_task_is_not_answered_and_without_a_verdict_it_stays_open(
    street: Street, hs1: Handset, hs2: Handset
) -> None:
    task = sent(street, hs1)
    assert hs1.say("report", hs1.report(task=task.id, passed=True))["code"] == "not-yours"
    assert hs2.say("report", hs2.report(passed=True))["code"] == "bad-field"
    receipt = hs2.say("report", hs2.report(task=task.id))
    assert (receipt["status"], receipt["code"]) == ("kept", "unsaid")
    assert state(street, task) == ("handled", "made")
    assert "code" not in hs2.say("report", hs2.report(task=task.id, passed=True))
    assert state(street, task) == ("checked", "done")


def test_an_answer_that_comes_too_late_is_kept_in_the_history_and_said_so(
    street: Street, hs1: Handset, hs2: Handset
) -> None:
    task = sent(street, hs1)
    with street.store.work() as work:
        check_case(work, CheckCase(case=CaseId(task.case), passed=True))
    body = hs2.report(task=task.id, passed=False, text="还是不亮")
    receipt = hs2.say("report", body)
    assert (receipt["status"], receipt["code"]) == ("kept", "late") and receipt["reason"]
    assert state(street, task) == ("checked", "recalled")
    step = last(street)
    assert (step.hop, step.state, step.by, step.text, step.detail["passed"]) == (
        "case.check-late", "checked", street.two.id, "还是不亮", False,
    )  # fmt: skip
    assert street.facts()[-1] == "CaseCheckLate"
    rows = street.rows()
    assert hs2.say("report", body) == {**receipt, "status": "again"}
    assert street.rows() == rows


def test_what_is_taken_back_goes_off_the_handset(street: Street, hs1: Handset, hs2: Handset) -> None:
    task = sent(street, hs1)
    hs2.say("clock", hs2.body(type="clock", on=True))
    assert hs2.say("task", hs2.body(type="task", task=task.id, what="shown"))["status"] == "kept"
    with street.store.work() as work:
        recall_check(work, RecallCheck(case=CaseId(task.case)))
    with street.store.read() as session:
        found = open_items(session, "hs2", datetime.now(UTC))
    assert (found.tasks, found.recalled) == ((), (task.id,))
    assert state(street, task) == ("handled", "recalled")
