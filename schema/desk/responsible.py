"""Responsible units (责任单位): a case is dispatched to one, signed for (签收), and handed on to one below it (转办).

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes
nothing.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.desk.scope import departments_below
from schema.desk.tasks import recall_tasks
from schema.facts import CaseDelegated, CaseSigned
from schema.orders import DelegateCase, SignCase
from schema.people import Department
from schema.store import UnitOfWork


def unit(session: Session, department: UUID | None) -> Department:
    """The department that is to be responsible. Raises Refused("bad-field")."""
    row = session.get(Department, department) if department is not None else None
    if row is None or row.closed_at is not None:
        raise Refused("bad-field", "there is no such department", "department")
    return row


def open_departments(session: Session) -> list[Department]:
    """The departments a case can go to, by code."""
    return list(
        session.scalars(select(Department).where(Department.closed_at.is_(None)).order_by(Department.code))
    )


def sign_case(work: UnitOfWork, order: SignCase) -> Case:
    """Sign for a case that is with one's department, once."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.signed", case.id) is not None:
        return case
    row = next_move(work, order, case, "sign")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    if case.department is None or case.worker is not None:
        raise Refused("wrong-state", f"{case.case_no} is not with a department")
    if case.signed_at is not None:
        raise Refused("wrong-state", f"{case.case_no} was signed for already")
    detail = _named(unit(work.session, case.department))
    take(work, case, row, order=order.order, by=order.by, text=order.text.strip(), detail=detail)
    case.signed_at = work.now
    work.session.flush()
    work.emit(CaseSigned(**said(work, order, case)))
    return case


def delegate_case(work: UnitOfWork, order: DelegateCase) -> Case:
    """Hand a case on to a department below; that one signs for it anew, and a worker's open task is taken back."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.delegated", case.id) is not None:
        return case
    row = next_move(work, order, case, "delegate")
    refuse_texts(note=(order.note, 0, LONGEST_TEXT))
    if case.department is None:
        raise Refused("wrong-state", f"{case.case_no} is not with a department")
    origin, to = case.department, unit(work.session, order.department)
    if to.id == origin or to.id not in departments_below(work.session, origin):
        raise Refused(
            "bad-field", "a case is handed on to a department below the one that has it", "department"
        )
    recall_tasks(work, case)
    detail = {**_named(to), "origin": str(origin)}
    note = order.note.strip()
    take(work, case, row, order=order.order, by=order.by, text=note, detail=detail, had=(to.id, None))
    give(case, to)
    work.session.flush()
    work.emit(CaseDelegated(**said(work, order, case), origin=origin))
    return case


def give(case: Case, to: Department) -> dict[str, str]:
    """The department has the case from now on and did not sign for it yet; gives what its step says of it."""
    case.department, case.worker, case.signed_at = to.id, None, None
    return _named(to)


def take_away(case: Case) -> None:
    """The case is with nobody."""
    case.department = case.worker = case.signed_at = None


def _named(row: Department) -> dict[str, str]:
    return {"department": str(row.id), "department_name": row.name}
