"""What the leader's page lists: instructions with whom they are for, and the cases that somebody follows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from schema.cases import Case
from schema.clocks import Supervision
from schema.desk.casemarks import followed
from schema.people import Department, User

ANSWERED_FOR = timedelta(days=7)
"""For so long an answer is still listed."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Given:
    """An instruction with its case, who gave it, whom it is for (a person, or who has the case), and who answered."""

    order: Supervision
    case: Case
    giver: str
    to: str
    answerer: str


def instructions(session: Session, seen: ColumnElement[bool], now: datetime) -> list[Given]:
    """Those that are open, by when they are to be answered, then the answers of late, the last first."""
    giver, person, worker, answerer = (aliased(User) for _ in range(4))
    query = (
        select(Supervision, Case, giver.name, person.name, worker.name, Department.name, answerer.name)
        .join(Case, Case.id == Supervision.case)
        .outerjoin(giver, giver.id == Supervision.made_by)
        .outerjoin(person, person.id == Supervision.person)
        .outerjoin(worker, worker.id == Case.worker)
        .outerjoin(Department, Department.id == Case.department)
        .outerjoin(answerer, answerer.id == Supervision.answered_by)
        .where(Supervision.kind == "instruct", seen)
        .where(or_(Supervision.state == "open", Supervision.answered_at >= now - ANSWERED_FOR))
        .order_by(Supervision.answer_by, Supervision.id)
        .limit(MOST)
    )
    found = [
        Given(order, case, gave or "", named or who or unit or "", answered or "")
        for order, case, gave, named, who, unit, answered in session.execute(query)
    ]
    waiting = [one for one in found if one.order.answered_at is None]
    answers = [(one.order.answered_at, one) for one in found if one.order.answered_at is not None]
    return waiting + [one for _, one in sorted(answers, key=lambda pair: pair[0], reverse=True)]


def followed_cases(session: Session, user: UUID, seen: ColumnElement[bool]) -> list[tuple[Case, str]]:
    """The cases that somebody follows and may still see, the last followed first, each with who has it."""
    ids = followed(session, user)
    query = (
        select(Case, User.name, Department.name)
        .outerjoin(User, User.id == Case.worker)
        .outerjoin(Department, Department.id == Case.department)
        .where(Case.id.in_(ids), seen)
    )
    found = {case.id: (case, who or unit or "") for case, who, unit in session.execute(query)}
    return [found[id] for id in ids if id in found]
