"""The citizens desk: a citizen is a number, and the name and language they gave. Nothing else is kept."""

import re

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from schema.cases import Citizen
from schema.ids import uuid7
from schema.store import UnitOfWork

_DIALABLE = re.compile(r"\+?[0-9]{3,20}", re.ASCII)


def can_be_called(number: str) -> bool:
    """Whether a number can be dialled (a withheld one, "anonymous", cannot)."""
    return bool(_DIALABLE.fullmatch(number))


def find_citizen(session: Session, number: str) -> Citizen | None:
    """The citizen who asks from a number."""
    return session.scalar(select(Citizen).where(Citizen.number == number)) if number else None


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
