"""The case desk: dispatch, handle, check, close, send back. Each order is carried out once, in the caller's commit.

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field; then nothing has changed. The same
order again changes nothing and gives the same answer.
"""

from uuid import UUID, uuid5

from schema.cases import Case, Task
from schema.desk.checking import found_there
from schema.desk.donotcall import gate
from schema.desk.errors import Refused
from schema.desk.filing import file_case
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.desk.ratings import rate_case
from schema.desk.responsible import give, take_away, unit
from schema.desk.tasks import field_worker, finish_task, hand_back, is_own_task, make_task, recall_tasks
from schema.facts import CaseChecked, CaseClosed, CaseDispatched, CaseHandled, CaseSentBack
from schema.ids import CaseId, ContactId, TaskId
from schema.orders import CallCitizen, CaseOrder, CheckCase, CloseCase, DispatchCase, HandleCase, SendBackCase
from schema.rules.dialgate import CLOSING
from schema.store import UnitOfWork

__all__ = [
    "check_case", "close_case", "dispatch_case", "file_case", "handle_case", "rate_case", "send_back_case",
]  # fmt: skip


def dispatch_case(work: UnitOfWork, order: DispatchCase) -> Task | None:
    """Send the case to be handled (派遣): to a grid worker, who is given a task, or to a department (None)."""
    case = locked_case(work, order.case)
    if (step := was_done(work, order, "case.dispatched", case.id)) is not None:
        made = step.detail.get("task")
        return work.session.get_one(Task, UUID(made)) if made else None
    row = next_move(work, order, case, "dispatch")
    refuse_texts(note=(order.note, 0, LONGEST_TEXT))
    task = None
    if order.worker is not None and order.department is not None:
        raise Refused(
            "bad-field", "a case goes to a grid worker or to a department, not to both", "department"
        )
    if order.department is not None:
        detail = give(case, unit(work.session, order.department))
    else:
        worker = field_worker(work, order.worker)
        task = make_task(work, case, worker.id, order.note.strip())
        case.department, case.signed_at = worker.department, None
        detail = {"task": str(task.id), "worker": str(worker.id), "worker_name": worker.name}
    take(work, case, row, order=order.order, by=order.by, text=order.note.strip(), detail=detail)
    work.session.flush()
    tell_dispatched(work, order, case, task)
    return task


def handle_case(work: UnitOfWork, order: HandleCase) -> Case:
    """Say what was done (处理, 反馈): the task answered is done, other open ones are recalled."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.handled", case.id) is not None:
        return case
    own = is_own_task(work, case, order.task, order.by)
    row = next_move(work, order, case, "handle", own=own)
    # A report may be a photo alone.
    refuse_texts(text=(order.text, 0 if order.report else 1, LONGEST_TEXT))
    finish_task(work, case, order.task)
    detail = {"task": _text(order.task), "report": _text(order.report)}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    work.session.flush()
    work.emit(CaseHandled(**said(work, order, case), task=order.task))
    return case


def check_case(work: UnitOfWork, order: CheckCase) -> Case:
    """Check what was done (核查): passed, or back to the same worker with a new task, or to its department.

    Whoever was sent to look at it is thereby done, or has to look no more.
    """
    case = locked_case(work, order.case)
    if was_done(work, order, "case.checked", case.id) is not None:
        return case
    own = is_own_task(work, case, order.task, order.by, "check")
    row = next_move(work, order, case, "pass" if order.passed else "fail", own=own)
    refuse_texts(text=(order.text, 0 if order.passed else 1, LONGEST_TEXT))
    if order.task is not None and not own:
        raise Refused(
            "not-allowed", f"the task {order.task} is no open one of this person's to check", "task"
        )
    looked = finish_task(work, case, order.task)
    task = None if order.passed else hand_back(work, case, order.text.strip())
    detail = {"passed": order.passed, "task": task and str(task.id)}
    if looked is not None:
        detail |= found_there(work, looked, order)
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    work.session.flush()
    work.emit(CaseChecked(**said(work, order, case), passed=order.passed))
    if not order.passed:
        tell_dispatched(work, order, case, task)
    return case


def close_case(work: UnitOfWork, order: CloseCase) -> Case:
    """Close the case (结案); a citizen with a number that can be called is called for a rating, once."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.closed", case.id) is not None:
        return case
    row = next_move(work, order, case, "close")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    # At the gate a number that nobody is to call is as good as none.
    called = order.visit and not gate(work.session, CLOSING, case.number, work.now, work.zone)
    visit = uuid5(case.id, f"return-visit {case.version}") if called else None
    detail = {"visit": _text(visit)}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    case.closed_at = work.now
    work.session.flush()
    work.emit(CaseClosed(**said(work, order, case)))
    if visit is not None:
        work.emit(
            CallCitizen(
                order=visit,
                by=order.by,
                contact=ContactId(case.contact),
                number=case.number,
                language=case.language,
                case=CaseId(case.id),
            )
        )
    return case


def send_back_case(work: UnitOfWork, order: SendBackCase) -> Case:
    """Send the case back one step (退回): to its worker with a new task, or to whoever had it before.

    A department that sends back what came to it has it no longer.
    """
    case = locked_case(work, order.case)
    if was_done(work, order, "case.sent-back", case.id) is not None:
        return case
    row = next_move(work, order, case, "send-back")
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    had = (case.department, case.worker)
    recall_tasks(work, case)
    task = hand_back(work, case, order.reason.strip()) if row.next == "dispatched" else None
    if row.next in ("filed", "accepted"):
        take_away(case)
    detail = {"from": row.state, "task": task and str(task.id)}
    take(work, case, row, order=order.order, by=order.by, text=order.reason.strip(), detail=detail, had=had)
    work.session.flush()
    work.emit(CaseSentBack(**said(work, order, case), reason=order.reason.strip()))
    if row.next == "dispatched":
        tell_dispatched(work, order, case, task)
    return case


def tell_dispatched(work: UnitOfWork, order: CaseOrder, case: Case, task: Task | None) -> None:
    """Say that a worker was given a task of the case, or (None) that its department has it."""
    given = TaskId(task.id) if task is not None else None
    work.emit(CaseDispatched(**said(work, order, case), task=given, worker=task.worker if task else None))


def _text(id: UUID | None) -> str | None:
    return str(id) if id is not None else None
