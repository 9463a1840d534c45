"""The citizens desk: a citizen is a number, and the name and language they gave. Nothing else is kept."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from schema.asking import ask
from schema.base import table_of
from schema.cases import Citizen
from schema.ids import uuid7
from schema.store import UnitOfWork

MOST, FEWEST = 50, 3
"""Citizens that are found at once, and digits that a search for a number needs."""
_CITIZENS = table_of(Citizen)
KNOWN = select(_CITIZENS.c.id, _CITIZENS.c.name, _CITIZENS.c.language).where(
    _CITIZENS.c.number == bindparam("number")
)
_NEW = {
    name: dialect.insert(_CITIZENS)
    .on_conflict_do_nothing(index_elements=["number"])
    .returning(_CITIZENS.c.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_DIALABLE = re.compile(r"\+?[0-9]{3,20}", re.ASCII)


def can_be_called(number: str) -> bool:
    """Whether a number can be dialled (a withheld one, "anonymous", cannot)."""
    return bool(_DIALABLE.fullmatch(number))


def find_citizen(session: Session, number: str) -> Citizen | None:
    """The citizen who asks from a number."""
    return session.scalar(select(Citizen).where(Citizen.number == number)) if number else None


def find_citizens(session: Session, words: str, limit: int = MOST) -> list[Citizen]:
    """Whose number begins with these digits (at least `FEWEST`), or whose name with these words, in that order."""
    words = " ".join(words.split())
    digits = words.replace(" ", "")
    column = Citizen.number if can_be_called(digits) else Citizen.name
    begin = digits if column is Citizen.number else words
    if not begin or column is Citizen.number and len(begin) < FEWEST:
        return []
    query = select(Citizen).where(_begins(session, column, begin)).order_by(column, Citizen.id).limit(limit)
    return list(session.scalars(query))


def _begins(session: Session, column: InstrumentedAttribute[str], begin: str) -> ColumnElement[bool]:
    """In words that each database reads from its index: the order of letters is the city's on PostgreSQL only."""
    if session.get_bind().dialect.name == "postgresql":
        return column.startswith(begin, autoescape=True)
    return column.between(begin, begin + chr(0x10FFFF))


@dataclass(frozen=True, slots=True)
class Met:
    """A citizen as they are known now."""

    id: UUID
    name: str
    language: str


def meet(work: UnitOfWork, number: str, name: str = "", language: str = "") -> Met | None:
    """The citizen with this number, made when new; a name or language given now replaces the one known.

    None for a number that cannot belong to anybody ("" or withheld).
    """
    if not can_be_called(number):
        return None
    known = ask(work.session, KNOWN, number=number)
    on = work.session.connection()
    if known is None:
        id = uuid7()
        new = {"id": id, "number": number, "name": name, "language": language, "made_at": work.now}
        if on.execute(_NEW[on.dialect.name], new).first() is not None:
            return Met(id, name, language)
        # Somebody filed for the same new number at the same moment: theirs is there.
        known = tuple(on.execute(KNOWN, {"number": number}).one())
    was = Met(*known)
    met = Met(was.id, name or was.name, language or was.language)
    if met != was:
        changed = update(Citizen).where(Citizen.id == met.id)
        work.session.execute(changed.values(name=met.name, language=met.language))
    return met
