"""Before filing: what was taken in is verified by a grid worker (核实), filed (立案), or rejected (不予受理).

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes
nothing.
"""

from uuid import UUID

from schema.cases import Case, Task
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.desk.tasks import field_worker, finish_task, is_own_task, make_task
from schema.facts import CaseFiled, CaseRejected, CaseVerified, CaseVerifySent
from schema.ids import TaskId
from schema.orders import ConfirmCase, FileAccepted, RejectCase, VerifyCase
from schema.store import UnitOfWork


def verify_case(work: UnitOfWork, order: VerifyCase) -> Task:
    """Make a task for a grid worker: look whether it is so."""
    case = locked_case(work, order.case)
    if (step := was_done(work, order, "case.verify-sent", case.id)) is not None:
        return work.session.get_one(Task, UUID(step.detail["task"]))
    row = next_move(work, order, case, "verify")
    refuse_texts(note=(order.note, 0, LONGEST_TEXT))
    worker = field_worker(work, order.worker)
    task = make_task(work, case, worker.id, order.note.strip(), kind="verify")
    detail = {"task": str(task.id), "worker": str(worker.id), "worker_name": worker.name}
    take(work, case, row, order=order.order, by=order.by, text=task.note, detail=detail)
    work.session.flush()
    work.emit(CaseVerifySent(**said(work, order, case), task=TaskId(task.id), worker=task.worker))
    return task


def confirm_case(work: UnitOfWork, order: ConfirmCase) -> Case:
    """Say what was found: verified, or back to what was taken in; the open task is done or recalled."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.verified", case.id) is not None:
        return case
    own = is_own_task(work, case, order.task, order.by, "verify")
    row = next_move(work, order, case, "confirm" if order.found else "deny", own=own)
    refuse_texts(text=(order.text, 0 if order.found else 1, LONGEST_TEXT))
    finish_task(work, case, order.task)
    detail = {"found": order.found, "task": str(order.task) if order.task else None}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    case.worker = None
    work.session.flush()
    work.emit(CaseVerified(**said(work, order, case), found=order.found))
    return case


def file_accepted(work: UnitOfWork, order: FileAccepted) -> Case:
    """File what was taken in; the clock starts now."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.filed", case.id) is not None:
        return case
    row = next_move(work, order, case, "file")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    take(
        work,
        case,
        row,
        order=order.order,
        by=order.by,
        text=order.text.strip(),
        detail={"case_no": case.case_no},
    )
    work.session.flush()
    work.emit(CaseFiled(**said(work, order, case), kind=case.kind, title=case.title, cell=case.cell))
    return case


def reject_case(work: UnitOfWork, order: RejectCase) -> Case:
    """Do not file what was taken in."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.rejected", case.id) is not None:
        return case
    row = next_move(work, order, case, "reject")
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    take(work, case, row, order=order.order, by=order.by, text=order.reason.strip())
    work.session.flush()
    work.emit(CaseRejected(**said(work, order, case), reason=order.reason.strip()))
    return case
