"""The lists of the desk of return visits: what waits to be handed out, what an agent has, what is over; figures.

Every list is of cases that whoever asks may see, and of nobody else's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from schema.cases import Case, CaseStep, Citizen
from schema.desk.donotcall import blocked_numbers
from schema.desk.posts import all_posts, grants_of
from schema.desk.scope import Who, reached_cases, visible_cases
from schema.people import User
from schema.rules.access import ALL
from schema.rules.visits import ENDS, SATISFIED, Closed, Figures, VisitRules, closed_between, is_due
from schema.visits import Visit, VisitTry

VISIT = "case.visit"
NUMBERED = r"^\+?[0-9]{3,20}$"
"""As `schema.rules.dialling.NUMBER`, for databases."""
PER_PAGE = 100
MOST = 1000
"""So many of a list are counted."""
MINE, LATER, OPEN, DONE = "mine", "later", "open", "done"


@dataclass(frozen=True, slots=True)
class Row:
    """A visit with its case, and the name of whoever has it."""

    visit: Visit
    case: Case
    agent: str


def to_visit(
    session: Session,
    rules: VisitRules,
    now: datetime,
    who: Who | None,
    limit: int,
    *,
    case: UUID | None = None,
) -> list[Case]:
    """The cases that wait to be handed out, the first closed in front; `case`: that one, if it is among them."""
    query = _pool(session, rules, now, who).order_by(Case.closed_at, Case.id).limit(limit)
    if case is not None:
        query = query.where(Case.id == case)
    # The criterion only narrows; the rule has the last word. What a campaign picked was picked by its own.
    rows = session.execute(query.add_columns(Visit.campaign))
    return [row for row, campaign in rows if campaign is not None or is_due(rules, _closed(row), now)]


def count_to_visit(session: Session, rules: VisitRules, now: datetime, who: Who) -> int:
    """How many wait to be handed out (at most `MOST` are counted)."""
    return _count(session, _pool(session, rules, now, who))


def _closed(case: Case) -> Closed:
    return Closed(case.state, case.number, case.closed_at, case.class_, case.category, case.rating)


def _pool(session: Session, rules: VisitRules, now: datetime, who: Who | None) -> Select[Case]:
    first, last = closed_between(rules, now)
    query = (
        select(Case)
        .outerjoin(Visit, and_(Visit.case == Case.id, Visit.closed_at == Case.closed_at))
        .where(
            Case.state == "closed",
            Case.rating.is_(None),
            or_(Visit.campaign.is_not(None), and_(*_by_book(rules, first, last))),
            Case.number.regexp_match(NUMBERED),
            Case.number.not_in(blocked_numbers(now)),
            ~select(Citizen.id)
            .where(Citizen.number == Case.number, Citizen.wrong_at > Case.made_at)
            .exists(),
            or_(Visit.id.is_(None), and_(Visit.agent.is_(None), Visit.ended == "", ~Visit.automatic)),
            reached_cases(session, who, VISIT) if who is not None else true(),
        )
    )
    return query


def _by_book(rules: VisitRules, first: datetime, last: datetime) -> list[ColumnElement[bool]]:
    """What the book asks of a case's closing and kind."""
    found: list[ColumnElement[bool]] = [Case.closed_at.between(first, last)]
    if rules.classes:
        found.append(Case.class_.in_(rules.classes))
    if rules.categories:
        found.append(or_(*(Case.category.startswith(code) for code in rules.categories)))
    return found


def is_live() -> ColumnElement[bool]:
    """The visit is open, and so is what it is about: nobody rated the case or opened it again meanwhile."""
    return and_(Visit.ended == "", Case.state == "closed", Case.closed_at == Visit.closed_at)


def chosen(name: str, user: UUID, everybody: bool, now: datetime) -> ColumnElement[bool]:
    """The visits of a list; `everybody`: of all agents where that makes sense, else of `user`."""
    own = Visit.agent == user
    if name == MINE:
        return and_(is_live(), own, Visit.next_at <= now)
    if name == LATER:
        return and_(is_live(), own, Visit.next_at > now)
    if name == OPEN:
        return and_(is_live(), Visit.agent.is_not(None)) if everybody else false()
    return and_(Visit.ended != "", true() if everybody else own)


def visits(
    session: Session, who: Who, name: str, user: UUID, everybody: bool, now: datetime, after: str = ""
) -> tuple[list[Row], str]:
    """A page of a list behind the place `after`, and the place of the next: what is due first in front, of what is
    over the last."""
    down = name == DONE
    column = Visit.ended_at if down else Visit.next_at
    query = (
        select(Visit, Case, User.name)
        .join(Case, Case.id == Visit.case)
        .outerjoin(User, User.id == Visit.agent)
        .where(visible_cases(session, who), chosen(name, user, everybody, now))
    )
    when, _, text = after.partition(" ")
    try:
        at, id = datetime.fromisoformat(when), UUID(text)
        beyond = (column < at, Visit.id < id) if down else (column > at, Visit.id > id)
        query = query.where(or_(beyond[0], and_(column == at, beyond[1])))
    except ValueError:
        pass  # a broken link shows the first page
    order = (column.desc(), Visit.id.desc()) if down else (column, Visit.id)
    found = [Row(*row) for row in session.execute(query.order_by(*order).limit(PER_PAGE + 1))]
    if len(found) <= PER_PAGE:
        return found, ""
    found.pop()
    last = found[-1].visit
    place: datetime = getattr(last, column.key)
    return found, f"{place.isoformat()} {last.id}"


def count_visits(session: Session, who: Who, name: str, user: UUID, everybody: bool, now: datetime) -> int:
    """How many are on a list (at most `MOST` are counted)."""
    seen = and_(visible_cases(session, who), chosen(name, user, everybody, now))
    return _count(session, select(Visit).join(Case, Case.id == Visit.case).where(seen))


def find_visit(session: Session, who: Who, id: UUID) -> Row | None:
    """One visit, if its case may be seen."""
    query = (
        select(Visit, Case, User.name)
        .join(Case, Case.id == Visit.case)
        .outerjoin(User, User.id == Visit.agent)
        .where(Visit.id == id, visible_cases(session, who))
    )
    row = session.execute(query).first()
    return Row(*row) if row else None


def tries_of(session: Session, visit: UUID) -> list[tuple[VisitTry, str]]:
    """What was tried so far, each with the name of whoever did."""
    query = select(VisitTry, User.name).outerjoin(User, User.id == VisitTry.by)
    return [
        (row, name or "")
        for row, name in session.execute(query.where(VisitTry.visit == visit).order_by(VisitTry.n))
    ]


def who_visits(session: Session) -> list[User]:
    """Everybody who makes return visits and can come in, by name."""
    posts = [post for post in all_posts(session) if grants_of(session, post).get(VISIT) == ALL]
    here = select(User).where(User.post.in_(posts), User.active, ~User.locked)
    return list(session.scalars(here.order_by(User.name, User.id)))


def what_was_done(session: Session, case: UUID) -> list[CaseStep]:
    """What the citizen was told or had done for them, the last first: what is asked about."""
    said = ("case.handled", "case.replied", "case.closed")
    query = select(CaseStep).where(CaseStep.case == case, CaseStep.hop.in_(said), CaseStep.text != "")
    return list(session.scalars(query.order_by(CaseStep.id.desc()).limit(3)))


def open_by_agent(session: Session) -> dict[UUID, int]:
    """How many open visits each agent has."""
    query = select(Visit.agent, func.count()).join(Case, Case.id == Visit.case)
    rows = session.execute(query.where(is_live(), Visit.agent.is_not(None)).group_by(Visit.agent))
    return {agent: count for agent, count in rows if agent is not None}


def figures(session: Session, who: Who, since: datetime) -> Figures:
    """How the visits went that were handed out since then."""

    def some(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    live = is_live()
    counts = {
        "given": func.count(),
        **{name.replace("-", "_"): some(Visit.ended == name) for name in ENDS},
        "open": some(live),
        "overtaken": some(and_(Visit.ended == "", ~live)),
        "rated_reception": some(Visit.reception.is_not(None)),
        "satisfied_reception": some(Visit.reception.in_(SATISFIED)),
        "rated_department": some(Visit.department.is_not(None)),
        "satisfied_department": some(Visit.department.in_(SATISFIED)),
        "unsolved": some(Visit.solved.is_(False)),
    }
    query = (
        select(*(value.label(name) for name, value in counts.items()))
        .select_from(Visit)
        .join(Case, Case.id == Visit.case)
        .where(Visit.given_at >= since, visible_cases(session, who))
    )
    row = session.execute(query).one()
    return Figures(**{name: int(row._mapping[name]) for name in counts})


def _count(session: Session, query: Select[Any]) -> int:
    some = query.limit(MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
