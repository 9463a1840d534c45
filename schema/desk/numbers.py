"""The next case number: counted in the transaction that files the case, so a day has no gaps and no doubles."""

from datetime import date

from sqlalchemy.dialects import postgresql, sqlite

from schema.cases import CaseCounter
from schema.store import UnitOfWork


def next_case_no(work: UnitOfWork, class_: str) -> str:
    """The next number of the class on the site's local day; the count is ours until the commit or roll-back."""
    day: date = work.now.astimezone(work.zone).date()
    key = work.numbering.counter(class_, day)
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    # One statement: two cases at once queue at this row, and the later one counts on what the earlier committed.
    counted = (
        dialect.insert(CaseCounter)
        .values(key=key, last=1)
        .on_conflict_do_update(index_elements=["key"], set_={"last": CaseCounter.last + 1})
        .returning(CaseCounter.last)
    )
    return work.numbering.number(class_, day, work.session.execute(counted).scalar_one())
