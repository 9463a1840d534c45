"""What stops a case and lets it go on: suspended and resumed (挂起, 恢复), void (作废), reopened (重新办理).

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes
nothing.
"""

from schema.cases import Case
from schema.desk.cases import tell_dispatched
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.desk.responsible import take_away
from schema.desk.tasks import hand_back, recall_tasks
from schema.facts import CaseReopened, CaseResumed, CaseSuspended, CaseVoided
from schema.orders import ReopenCase, ResumeCase, SuspendCase, VoidCase
from schema.store import UnitOfWork


def suspend_case(work: UnitOfWork, order: SuspendCase) -> Case:
    """Let the case and its clock stand still; its open tasks are taken back."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.suspended", case.id) is not None:
        return case
    row = next_move(work, order, case, "suspend")
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    recall_tasks(work, case)
    case.before = case.state
    detail = {"from": case.state}
    take(work, case, row, order=order.order, by=order.by, text=order.reason.strip(), detail=detail)
    work.session.flush()
    work.emit(CaseSuspended(**said(work, order, case), reason=order.reason.strip()))
    return case


def resume_case(work: UnitOfWork, order: ResumeCase) -> Case:
    """Go on where the case was; one that was dispatched goes to the same worker with a new task."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.resumed", case.id) is not None:
        return case
    row = next_move(work, order, case, "resume")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    again = case.before == "dispatched"
    task = hand_back(work, case, order.text.strip()) if again else None
    detail = {"task": str(task.id) if task else None}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    case.before = ""
    work.session.flush()
    work.emit(CaseResumed(**said(work, order, case)))
    if again:
        tell_dispatched(work, order, case, task)
    return case


def void_case(work: UnitOfWork, order: VoidCase) -> Case:
    """End a case that should not be one; its open tasks are taken back and nobody is called."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.voided", case.id) is not None:
        return case
    row = next_move(work, order, case, "void")
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    recall_tasks(work, case)
    detail = {"from": case.state}
    take(work, case, row, order=order.order, by=order.by, text=order.reason.strip(), detail=detail)
    case.before = ""
    work.session.flush()
    work.emit(CaseVoided(**said(work, order, case), reason=order.reason.strip()))
    return case


def reopen_case(work: UnitOfWork, order: ReopenCase) -> Case:
    """Work at a closed case again, with a new clock linked to the old; a rejected one is taken in again.

    The rating it had stays in its history; a new one is asked for when it is closed again.
    """
    case = locked_case(work, order.case)
    if was_done(work, order, "case.reopened", case.id) is not None:
        return case
    row = next_move(work, order, case, "reopen")
    refuse_texts(reason=(order.reason, 1, LONGEST_TEXT))
    detail = {"from": case.state}
    take(work, case, row, order=order.order, by=order.by, text=order.reason.strip(), detail=detail)
    take_away(case)
    case.closed_at = case.rating = case.rated_at = None
    work.session.flush()
    work.emit(CaseReopened(**said(work, order, case), reason=order.reason.strip()))
    return case
