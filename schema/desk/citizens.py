"""The citizens desk: a citizen is a number, and the name and language they gave. Nothing else is kept."""

import re

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from schema.cases import Citizen
from schema.ids import uuid7
from schema.store import UnitOfWork

MOST, FEWEST = 50, 3
"""Citizens that are found at once, and digits that a search for a number needs."""
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


def meet(work: UnitOfWork, number: str, name: str = "", language: str = "") -> Citizen | None:
    """The citizen with this number, made when new; a name or language given now replaces the one known.

    None for a number that cannot belong to anybody ("" or withheld).
    """
    if not can_be_called(number):
        return None
    citizen = find_citizen(work.session, number)
    if citizen is None:
        dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
        made = dialect.insert(Citizen).values(
            id=uuid7(), number=number, name=name, language=language, made_at=work.now
        )
        # Somebody may file for the same new number at the same moment; then theirs is there.
        once = made.on_conflict_do_nothing(index_elements=["number"]).returning(Citizen)
        citizen = work.session.scalar(once)
        if citizen is None:
            citizen = work.session.scalars(select(Citizen).where(Citizen.number == number)).one()
    citizen.name = name or citizen.name
    citizen.language = language or citizen.language
    return citizen
