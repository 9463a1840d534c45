"""The next case number: counted in the transaction that files the case, so a day has no gaps and no doubles."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from schema.base import table_of
from schema.cases import CaseCounter
from schema.store import UnitOfWork


def _count(dialect: Any) -> Any:
    """One statement: two cases at once queue at this row, and the later one counts on what the earlier committed."""
    table = table_of(CaseCounter)
    made = dialect.insert(table).values(key=bindparam("key"), last=1)
    counted = made.on_conflict_do_update(index_elements=["key"], set_={"last": table.c.last + 1})
    return counted.returning(table.c.last)


_COUNT = {"postgresql": _count(postgresql), "sqlite": _count(sqlite)}


def next_case_no(work: UnitOfWork, class_: str) -> str:
    """The next number of the class on the site's local day; the count is ours until the commit or roll-back.

    Whoever files a case of the class waits for that, so everything else comes first.
    """
    day: date = work.now.astimezone(work.zone).date()
    key = work.numbering.counter(class_, day)
    on = work.session.connection()
    return work.numbering.number(class_, day, on.execute(_COUNT[on.dialect.name], {"key": key}).scalar_one())
