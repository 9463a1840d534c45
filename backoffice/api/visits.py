"""Return visits over the API: found, and what a call came to; for programs that call in an agent's stead."""

from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.api import visitshapes
from backoffice.api.atonce import AtOnce
from backoffice.api.cases import named
from backoffice.api.insight import case_in, seen
from backoffice.api.pages import page
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import office
from schema.cases import Case
from schema.desk.visitlists import VISIT, Row, find_visit
from schema.desk.visits import record_try
from schema.orders import RecordTry
from schema.rules.visits import REACHED
from schema.store import UnitOfWork
from schema.visits import Visit


def listing(ask: Ask) -> visitshapes.VisitPage:
    """A page of return visits."""
    asked = ask.query
    with office().store.read() as session:
        query = select(Visit).where(Visit.case.in_(seen(session, ask).with_only_columns(Case.id)))
        if asked.case is not UNSET:
            query = query.where(Visit.case == case_in(session, ask, asked.case).id)
        if asked.agent is not UNSET:
            query = query.where(Visit.agent == asked.agent)
        if asked.state is not UNSET:
            query = query.where(Visit.ended == "" if asked.state == "open" else Visit.ended != "")
        rows, following = page(session, query, Visit.given_at, Visit.id, asked)
        numbers = select(Case.id, Case.case_no).where(Case.id.in_({row.case for row in rows}))
        known = {id: number for id, number in session.execute(numbers)}
        items = _shown(session, [(row, known[row.case]) for row in rows])
    return visitshapes.VisitPage(items=items, next=following)


def tell(ask: Ask) -> AtOnce:
    """Write down what a call came to."""
    asked = ask.body
    if asked.result == REACHED:
        ask.need("case.rate")
    if not asked.solved:
        ask.need("case.reopen")

    def carry_out(work: UnitOfWork, order: UUID) -> str:
        row = _there(work.session, ask)
        record_try(
            work,
            RecordTry(
                order=order, by=ask.who.user.id, visit=row.visit.id, result=asked.result, reception=asked.reception,
                rating=asked.rating, solved=asked.solved, text=asked.text,
            ),
        )  # fmt: skip
        return row.case.case_no

    return AtOnce(name=RecordTry.__name__, what="case.visit", carry_out=carry_out)


def told(ask: Ask, _row: Any) -> visitshapes.Visit:
    """The visit as it is now."""
    with office().store.read() as session:
        row = _there(session, ask)
        return _shown(session, [(row.visit, row.case.case_no)])[0]


def _there(session: Session, ask: Ask) -> Row:
    row = find_visit(session, ask.who, ask.path["visit"])
    if row is None:
        raise Problem("not-found", "there is no such return visit")
    return row


def _shown(session: Session, rows: list[tuple[Visit, str]]) -> list[visitshapes.Visit]:
    people = named(session, (row.agent for row, _ in rows if row.agent is not None))
    names = [name for name in visitshapes.Visit.__struct_fields__ if name not in ("case", "agent", "rating")]
    return [
        visitshapes.Visit(
            case=number,
            agent=people[row.agent] if row.agent is not None else None,
            rating=row.department,
            **{name: getattr(row, name) for name in names},
        )
        for row, number in rows
    ]


ROUTES = (
    Route(
        method="GET", path="/visits", name="visits", tag="visits", right=VISIT, does=listing, query=visitshapes.Visits,
        summary="Return visits, the last handed out first", gives=visitshapes.VisitPage, fails=("not-found",),
    ),
    Route(
        method="POST", path="/visits/{visit}/tries", name="visit-tried", tag="visits", right=VISIT, does=tell,
        told=told, summary="Say what a call for a return visit came to", body=visitshapes.Tried,
        gives=visitshapes.Visit, fails=("wrong-state",),
    ),
)  # fmt: skip
