"""Duplicates are merged into one case (并案), and taken apart again while that one is open.

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes
nothing.
"""

from uuid import UUID

from sqlalchemy import select

from schema.cases import Case
from schema.desk.cases import tell_dispatched
from schema.desk.errors import Refused
from schema.desk.moves import (
    LONGEST_TEXT,
    allow,
    locked_case,
    next_move,
    part_of,
    refuse_texts,
    said,
    take,
    was_done,
)
from schema.desk.tasks import hand_back, recall_tasks
from schema.facts import CaseLetGo, CaseMerged, CaseTookIn, CaseUnmerged
from schema.ids import CaseId
from schema.orders import CaseOrder, MergeCase, UnmergeCase
from schema.rules.lifecycle import NoSuchMove, move
from schema.store import UnitOfWork


def merge_case(work: UnitOfWork, order: MergeCase) -> Case:
    """The case goes on in another one, whose history says so too; its open tasks are taken back."""
    if order.into == order.case:
        raise Refused("bad-field", "a case is not merged into itself", "into")
    case, into = _two(work, order.case, order.into)
    if was_done(work, order, "case.merged", case.id) is not None:
        return case
    row = next_move(work, order, case, "merge")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    if merged := _merged_into(work, case):
        raise Refused("wrong-state", f"{merged.case_no} was merged into {case.case_no}: take that back first")
    allow(work, order.by, row.right, into)
    if case.confidential is not into.confidential:
        # What is merged is named in the other's history, and goes on in it.
        raise Refused("bad-field", "a confidential case is merged only with another such case", "into")
    recall_tasks(work, case)
    _tell_other(work, order, into, "take-in", case)
    case.before, case.merged_into = case.state, into.id
    detail = {"from": case.state, "into": str(into.id), "into_no": into.case_no}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    work.session.flush()
    work.emit(CaseMerged(**said(work, order, case), into=CaseId(into.id)))
    work.emit(CaseTookIn(**said(work, order, into), other=CaseId(case.id)))
    return case


def unmerge_case(work: UnitOfWork, order: UnmergeCase) -> Case:
    """Take a merge back: the case and its clock go on as if it had not been; refused once the other is closed."""
    seen = work.session.get(Case, order.case)
    if seen is None:
        raise Refused("not-found", f"there is no case {order.case}")
    # Which other case it is can change until both are locked: by another order, which is then told as stale.
    case, into = _two(work, order.case, seen.merged_into or order.case)
    if was_done(work, order, "case.unmerged", case.id) is not None:
        return case
    row = next_move(work, order, case, "unmerge")
    if case.merged_into != into.id:
        raise Refused("stale", f"{case.case_no} has changed since it was shown; look again")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    _tell_other(work, order, into, "let-go", case)
    again = case.before == "dispatched"
    task = hand_back(work, case) if again else None
    detail = {"out_of": str(into.id), "out_of_no": into.case_no, "task": str(task.id) if task else None}
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    case.before, case.merged_into = "", None
    work.session.flush()
    work.emit(CaseUnmerged(**said(work, order, case), out_of=CaseId(into.id)))
    work.emit(CaseLetGo(**said(work, order, into), other=CaseId(case.id)))
    if again:
        tell_dispatched(work, order, case, task)
    return case


def _two(work: UnitOfWork, one: UUID, other: UUID) -> tuple[Case, Case]:
    """Both cases, locked in the order of their ids: two merges at once wait and do not block each other."""
    locked = {id: locked_case(work, id) for id in sorted({one, other})}
    return locked[one], locked[other]


def _merged_into(work: UnitOfWork, case: Case) -> Case | None:
    return work.session.scalar(select(Case).where(Case.merged_into == case.id).limit(1))


def _tell_other(work: UnitOfWork, order: CaseOrder, into: Case, what: str, case: Case) -> None:
    """The step of the other case: the life cycle says whether it can take one in, or let one go."""
    allow(work, order.by, "case.merge", into)
    try:
        row = move(into.state, what)
    except NoSuchMove as error:
        raise Refused("wrong-state", f"{into.case_no}: {error}", "into") from error
    detail = {"other": str(case.id), "other_no": case.case_no}
    take(work, into, row, order=part_of(order.order, row.hop), by=order.by, text=case.title, detail=detail)
