"""What is shown of registers 台账: which there are, rows found by words, how each version came to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.people import User
from schema.registers import Register, RegisterImport, RegisterRow
from schema.rules.bookparts import name_in
from schema.rules.registers import terms

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, and the key after which the next one begins ("" there is none)."""

    rows: Sequence[RegisterRow]
    after: str


def registers(session: Session, *, closed: bool = False) -> list[Register]:
    """The registers there are, by name; the closed ones too, behind, if they are wanted."""
    query = select(Register).order_by(Register.closed_at.is_not(None), Register.name)
    return list(session.scalars(query if closed else query.where(Register.closed_at.is_(None))))


def register_called(session: Session, name: str, *, closed: bool = False) -> Register:
    """One of them. Raises Refused("not-found")."""
    found = session.get(Register, name)
    if found is None or (found.closed_at is not None and not closed):
        raise Refused("not-found", f"there is no register {name[:20]!r}")
    return found


def title(register: Register, language: str) -> str:
    """What it is called in a language, or in Chinese."""
    return name_in(register.names, language)


def rows_with(session: Session, register: str, typed: str, after: str = "", limit: int = PER_PAGE) -> Found:
    """The rows that have all the words that were typed, by key, behind the one with the key `after`."""
    query = _now(register).limit(limit + 1)
    for term in terms(typed):
        query = query.where(RegisterRow.words.contains(term, autoescape=True))
    if after:
        query = query.where(RegisterRow.key > after)
    rows = list(session.scalars(query))
    return Found(rows[:limit], rows[limit - 1].key if len(rows) > limit else "")


def walk(session: Session, register: str, limit: int = 500) -> Iterator[Sequence[RegisterRow]]:
    """All rows, some at a time."""
    after = ""
    while True:
        found = rows_with(session, register, "", after, limit)
        if found.rows:
            yield found.rows
        session.expunge_all()
        if not (after := found.after):
            return


def history(session: Session, register: str, limit: int = 50) -> list[tuple[RegisterImport, str]]:
    """The imports of a register, the newest first, with who made each."""
    query = (
        select(RegisterImport, User.name)
        .outerjoin(User, User.id == RegisterImport.by)
        .where(RegisterImport.register == register)
        .order_by(RegisterImport.version.desc())
        .limit(limit)
    )
    return [(row, name or "") for row, name in session.execute(query)]


def _now(register: str) -> Any:
    now = select(RegisterRow).where(RegisterRow.register == register, RegisterRow.until.is_(None))
    return now.order_by(RegisterRow.key)
