"""The department tree (部门树): departments are added, renamed, moved under others and closed; there is never a circle.

Orders as `schema.desk.staff` has them. What a department reaches (see `schema.desk.scope`) follows the tree at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.moves import text_fault
from schema.desk.scope import departments_below
from schema.desk.staff import begin, finish
from schema.orders import AddDepartment, CloseDepartment, MoveDepartment, RenameDepartment
from schema.people import Department, User
from schema.rules.lifecycle import RUNNING
from schema.store import UnitOfWork

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Branch:
    """A department in the tree: how deep, and how many people work in it."""

    department: Department
    depth: int
    people: int


def add_department(work: UnitOfWork, order: AddDepartment) -> Department:
    """Add a department. Its code is unique over the closed ones too: cases name them."""
    if (done := begin(work, order)) is not None:
        return work.session.get_one(Department, done)
    code = order.code.strip()
    if not _CODE.fullmatch(code):
        raise Refused(
            "bad-field", "a code is 1 to 20 letters, digits, dots, dashes or underscores", "unit_code"
        )
    if work.session.scalar(select(Department.id).where(func.lower(Department.code) == code.lower())):
        raise Refused("bad-field", f"there is a department {code!r} already", "unit_code")
    row = Department(code=code, name=_name(order.name), parent=_parent(work, order.parent))
    work.session.add(row)
    work.session.flush()
    finish(work, order, row.id)
    return row


def rename_department(work: UnitOfWork, order: RenameDepartment) -> Department:
    """Give a department another name."""
    done, row = begin(work, order), _open(work, order.department)
    if done is None:
        row.name = _name(order.name)
        finish(work, order, row.id)
    return row


def move_department(work: UnitOfWork, order: MoveDepartment) -> Department:
    """Put a department under another, or at the top; never under itself or what is below it."""
    done, row = begin(work, order), _open(work, order.department)
    if done is not None:
        return row
    parent = _parent(work, order.parent)
    if parent is not None and parent in departments_below(work.session, row.id):
        raise Refused("bad-field", "a department is not put below itself", "parent")
    row.parent = parent
    finish(work, order, row.id)
    return row


def close_department(work: UnitOfWork, order: CloseDepartment) -> Department:
    """Close a department; what it did keeps its name."""
    done, row = begin(work, order), work.session.get(Department, order.department)
    if row is None:
        raise Refused("not-found", "there is no such department")
    if done is not None:
        return row
    _open(work, order.department)
    for what, held in (
        ("people", select(User.id).where(User.department == row.id, User.active)),
        ("departments below", select(Department.id).where(Department.parent == row.id, Department.closed_at.is_(None))),
        ("open cases", select(Case.id).where(Case.department == row.id, Case.state.in_((*RUNNING, "suspended")))),
    ):  # fmt: skip
        if work.session.scalar(held.limit(1)) is not None:
            raise Refused("wrong-state", f"{row.name} is not empty: it has {what}", "department")
    row.closed_at = work.now
    finish(work, order, row.id)
    return row


def tree(session: Session) -> list[Branch]:
    """The departments that are open, each after the one it is below, by code."""
    rows = session.scalars(select(Department).where(Department.closed_at.is_(None)).order_by(Department.code))
    below: dict[UUID | None, list[Department]] = {}
    for row in rows:
        below.setdefault(row.parent, []).append(row)
    counted = select(User.department, func.count()).where(User.active).group_by(User.department)
    people = {department: count for department, count in session.execute(counted)}

    def walk(parent: UUID | None, depth: int) -> Iterator[Branch]:
        for row in below.get(parent, ()):
            yield Branch(row, depth, people.get(row.id, 0))
            yield from walk(row.id, depth + 1)

    return list(walk(None, 0))


def _open(work: UnitOfWork, id: UUID) -> Department:
    row = work.session.get(Department, id)
    if row is None or row.closed_at is not None:
        raise Refused("not-found", "there is no such department")
    return row


def _parent(work: UnitOfWork, id: UUID | None) -> UUID | None:
    if id is None:
        return None
    row = work.session.get(Department, id)
    if row is None or row.closed_at is not None:
        raise Refused("bad-field", "there is no such department", "parent")
    return row.id


def _name(text: str) -> str:
    if why := text_fault(text, 1, 100):
        raise Refused("bad-field", why, "name")
    return " ".join(text.split())
