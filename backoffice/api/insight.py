"""What of the cases a token sees: one place, which every route about cases asks."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.api.problems import Problem
from backoffice.api.route import Ask
from schema.cases import Case
from schema.desk.scope import visible_cases
from schema.ids import as_id
from schema.speaking import about


def seen(session: Session, ask: Ask) -> Select[Any]:
    """The cases that this token may see: by its rights, its user's department, and whether they are confidential."""
    return select(Case).where(visible_cases(session, ask.who))


def case_in(session: Session, ask: Ask, ref: str) -> Case:
    """The case with this number or id, if the token sees it. Raises Problem."""
    found: Case | None = session.scalar(seen(session, ask).where(Case.case_no == ref))
    if found is None:
        try:
            found = session.scalar(seen(session, ask).where(Case.id == as_id(ref)))
        except ValueError:
            found = None
    if found is None:
        raise Problem("not-found", "there is no such case")
    about(found.contact)
    return found
