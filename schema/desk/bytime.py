"""Lists of cases by a time, the earliest first: a page at a time, and who has each case by name."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from schema.cases import Case
from schema.people import Department, User

PER_PAGE = 50


def page_by_time(
    session: Session, chosen: ColumnElement[bool], column: InstrumentedAttribute[datetime | None], after: str
) -> tuple[list[Case], str]:
    """The cases `chosen` that have the time, behind the place `after` ("" is the first page); the place of the next."""
    query = select(Case).where(chosen, column.is_not(None)).order_by(column, Case.id)
    when, _, text = after.partition(" ")
    try:
        at, id = datetime.fromisoformat(when), UUID(text)
        query = query.where(or_(column > at, and_(column == at, Case.id > id)))
    except ValueError:
        pass  # a broken link shows the first page
    rows = list(session.scalars(query.limit(PER_PAGE + 1)))
    if len(rows) <= PER_PAGE:
        return rows, ""
    rows.pop()
    last: datetime = getattr(rows[-1], column.key)
    return rows, f"{last.isoformat()} {rows[-1].id}"


def holder_names(session: Session, cases: Iterable[Case]) -> dict[UUID | None, str]:
    """The names of the workers and departments that have these cases, by id."""
    ids = {id for case in cases for id in (case.worker, case.department) if id is not None}
    return {
        id: name
        for table in (User, Department)
        for id, name in session.execute(select(table.id, table.name).where(table.id.in_(ids)))
    }
