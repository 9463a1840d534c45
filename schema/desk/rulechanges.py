"""The rule books desk: the next version of categories, time limits, the data dictionary or the assessment, by order.

A version is never changed; going back is a new version that says what an old one said.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.clocks import CalendarVersion
from schema.desk.counts import names
from schema.desk.errors import Refused, bad_fields
from schema.desk.formulas import BadFormula, read_formula
from schema.desk.moves import allow, refuse_texts
from schema.desk.rulebooks import BOOKS, book_now, newest_book
from schema.facts import RulebookChanged
from schema.orders import ChangeRulebook
from schema.people import Department
from schema.rulebooks import RulebookVersion
from schema.rules.assessment import Book
from schema.rules.bookparts import BadBook, json_object
from schema.rules.categories import Categories
from schema.rules.limits import CITY, HOTLINE, Limit
from schema.rules.scoresheet import QualityBook
from schema.rules.visits import VisitRules
from schema.rules.voicebook import VoiceBook
from schema.store import UnitOfWork, alone

RIGHT = "rules.set"
_LOCK = 0x6772_6964_0013


def change_rulebook(work: UnitOfWork, order: ChangeRulebook) -> RulebookVersion:
    """Write the next version of a book. The same order again changes nothing.

    Raises Refused: not-allowed, not-found, stale (somebody else wrote one meanwhile), bad-field by place in the book.
    """
    allow(work, order.by, RIGHT)
    alone(work.session, _LOCK)
    done = work.session.scalar(select(RulebookVersion).where(RulebookVersion.order == order.order))
    if done is not None:
        return done
    if order.name not in BOOKS:
        raise Refused("not-found", f"there is no book {order.name[:20]!r}")
    newest = newest_book(work.session, order.name)
    if order.version != newest:
        raise Refused("stale", f"the book {order.name} has changed since it was shown; look again")
    refuse_texts(why=(order.why, 0, 300))
    before = book_now(work.session, order.name)
    try:
        book = BOOKS[order.name](json_object(order.body))
    except BadBook as error:
        raise bad_fields(error.faults) from error
    if faults := _faults(work.session, book, before):
        raise bad_fields(faults)
    row = RulebookVersion(name=order.name, version=newest + 1, body=_written(book), order=order.order,
                          why=order.why.strip(), made_by=order.by, made_at=work.now)  # fmt: skip
    work.session.add(row)
    work.session.flush()
    work.emit(RulebookChanged(at=work.now, name=row.name, version=row.version, by=order.by))
    return row


def _written(book: Any) -> dict[str, Any]:
    """A book as JSON types, in its one form: equal books, equal bodies."""
    if isinstance(book, Book | VisitRules | VoiceBook | QualityBook):
        return book.body()
    if isinstance(book, Categories):
        return {"rows": [row.body() for row in book.rows]}
    return {
        key: value.body() if isinstance(value, Limit) else [word.body() for word in value]
        for key, value in book.items()
    }


def _faults(session: Session, book: Any, before: Any) -> dict[str, str]:
    """What the store says against a book: calendars and departments that are not there, categories in use left out,
    formulas that are none."""
    faults: dict[str, str] = {}
    if isinstance(book, VisitRules | VoiceBook | QualityBook):
        return faults
    if isinstance(book, Book):
        return _wrong_formulas(book)
    calendars = {CITY, HOTLINE, *session.scalars(select(CalendarVersion.name).distinct())}
    if isinstance(book, Categories):
        departments = set(session.scalars(select(Department.code)))
        for row in book.rows:
            if row.department and row.department not in departments:
                faults[f"{row.code}.department"] = f"there is no department {row.department}"
            if row.limit is not None and row.limit.calendar not in calendars:
                faults[f"{row.code}.limit"] = f"there is no calendar {row.limit.calendar}"
        gone = sorted(before.by_code.keys() - book.by_code.keys())
        used = select(Case.category).where(Case.category.in_(gone)).distinct() if gone else None
        for code in session.scalars(used) if used is not None else ():
            faults[code] = "cases are of this category: close it instead of leaving it out"
    else:
        for key, value in book.items():
            if isinstance(value, Limit) and value.calendar not in calendars:
                faults[key] = f"there is no calendar {value.calendar}"
    return faults


def _wrong_formulas(book: Book) -> dict[str, str]:
    faults: dict[str, str] = {}
    for n, item in enumerate(book.items, 1):
        try:
            if not item.judged:
                read_formula(item.formula, names(item.about))
        except BadFormula as error:
            faults[f"items.{n}.formula"] = str(error)
    return faults
