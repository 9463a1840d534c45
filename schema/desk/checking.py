"""After handling: a grid worker is sent to look whether it is done well (派人核查); the case stays handled meanwhile.

What the worker finds passes or fails the case (`schema.desk.cases.check_case`); when the case has moved on by other
hands, it is written down. All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same
order again changes nothing.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case, CaseStep, Task
from schema.desk.errors import Refused
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.desk.scope import active_actor, subject_of
from schema.desk.supervising import LATEST
from schema.desk.tasks import OPEN, field_worker, make_task, open_tasks, recall_tasks
from schema.facts import CaseCheckLate, CaseCheckRecalled, CaseCheckSent
from schema.ids import TaskId
from schema.orders import AskCheck, CheckCase, RecallCheck
from schema.people import User
from schema.rules.access import NOBODY, refusal
from schema.rules.lifecycle import move
from schema.store import UnitOfWork


def ask_check(work: UnitOfWork, order: AskCheck) -> Task:
    """Make a task for a grid worker who did not handle the case: look whether it is done well."""
    case = locked_case(work, order.case)
    if (step := was_done(work, order, "case.check-sent", case.id)) is not None:
        return work.session.get_one(Task, UUID(step.detail["task"]))
    row = next_move(work, order, case, "ask-check")
    refuse_texts(note=(order.note, 0, LONGEST_TEXT))
    if not work.now < order.answer_by <= work.now + LATEST:
        raise Refused("bad-field", "the time to answer by is to come, within a year", "answer_by")
    worker = field_worker(work, order.worker)
    _refuse_checker(work.session, case, worker)
    if check_of(work.session, case.id) is not None:
        raise Refused("wrong-state", f"somebody looks at {case.case_no} already: take that back first")
    task = make_task(work, case, worker.id, order.note.strip(), kind="check", answer_by=order.answer_by)
    detail = {"task": str(task.id), "worker": str(worker.id), "worker_name": worker.name,
              "until": _local(work, order.answer_by)}  # fmt: skip
    take(work, case, row, order=order.order, by=order.by, text=task.note, detail=detail)
    work.session.flush()
    work.emit(
        CaseCheckSent(
            **said(work, order, case), task=TaskId(task.id), worker=worker.id, answer_by=order.answer_by
        )
    )
    return task


def recall_check(work: UnitOfWork, order: RecallCheck) -> Case:
    """Take the open task back; the case is checked in the office, or somebody else is sent."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.check-recalled", case.id) is not None:
        return case
    row = next_move(work, order, case, "recall-check")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    task = next((one for one in open_tasks(work, case) if one.kind == "check"), None)
    if task is None:
        raise Refused("wrong-state", f"nobody was sent to look at {case.case_no}")
    recall_tasks(work, case)
    detail = {"task": str(task.id), "worker_name": work.session.get_one(User, task.worker).name}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    work.session.flush()
    work.emit(CaseCheckRecalled(**said(work, order, case), worker=task.worker))
    return case


def note_late(work: UnitOfWork, order: CheckCase, task: Task) -> None:
    """Write down what the worker of a task that is open no more found: it moves nothing."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.check-late", case.id) is not None:
        return
    row = move(case.state, "find-late")
    detail = {"passed": order.passed} | found_there(work, task, order)
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    work.session.flush()
    work.emit(CaseCheckLate(**said(work, order, case), task=TaskId(task.id), passed=order.passed))


def found_there(work: UnitOfWork, task: Task, order: CheckCase) -> dict[str, Any]:
    """What a step says of having looked on the spot: when the task was given, its id, the report and its photos."""
    return {
        "given": _local(work, task.made_at),
        "answers": str(task.id),
        "report": str(order.report) if order.report is not None else None,
        "photos": order.photos,
    }


def check_of(session: Session, case: UUID) -> Task | None:
    """The open task of somebody who was sent to look whether the case is handled well."""
    query = select(Task).where(Task.case == case, Task.kind == "check", Task.state.in_(OPEN))
    return session.scalar(query.order_by(Task.made_at.desc()).limit(1))


def handlers_of(session: Session, case: UUID) -> set[UUID]:
    """Who handled the case, or had it when it was handled."""
    query = select(CaseStep.by, CaseStep.worker).where(CaseStep.case == case, CaseStep.hop == "case.handled")
    return {one for row in session.execute(query) for one in row if one is not None}


def _refuse_checker(session: Session, case: Case, worker: User) -> None:
    if worker.id in handlers_of(session, case.id):
        raise Refused("bad-field", "who handled the case does not check it: choose another", "checker")
    actor = active_actor(session, worker.id) or NOBODY
    if why := refusal(actor, "case.check", replace(subject_of(case), worker=worker.id)):
        raise Refused("bad-field", why, "worker")


def _local(work: UnitOfWork, at: datetime) -> str:
    return at.astimezone(work.zone).strftime("%Y-%m-%d %H:%M")
