"""The site's rule books as they are now: event categories, time limits, the data dictionary, the assessment."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from schema.asking import ask
from schema.base import table_of
from schema.defaults import default_body
from schema.desk.errors import Refused
from schema.rulebooks import RulebookVersion
from schema.rules.assessment import Book, read_assessment
from schema.rules.categories import Categories, read_categories
from schema.rules.dialrules import read_dialrules
from schema.rules.dictionary import Word, read_dictionary
from schema.rules.limits import Limit, Policy, read_limits
from schema.rules.scoresheet import QualityBook, read_quality
from schema.rules.visits import VisitRules, read_visits
from schema.rules.voicebook import read_voice

BOOKS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "categories": read_categories,
    "limits": read_limits,
    "dictionary": read_dictionary,
    "assessment": read_assessment,
    "visits": read_visits,
    "voice": read_voice,
    "quality": read_quality,
    "dialrules": read_dialrules,
}
_KEPT = 32
_BOOKS = table_of(RulebookVersion)
NEWEST = (
    select(_BOOKS.c.version, _BOOKS.c.order)
    .where(_BOOKS.c.name == bindparam("book"))
    .order_by(_BOOKS.c.version.desc())
    .limit(1)
)


class _Read:
    """Books that were read, by the order that wrote them: a version is never changed, so neither is what it says."""

    def __init__(self) -> None:
        self._books: OrderedDict[tuple[str, UUID | None], Any] = OrderedDict()

    def get(self, name: str, order: UUID | None, body: Callable[[], Mapping[str, Any]]) -> Any:
        key = (name, order)
        if key not in self._books:
            self._books[key] = BOOKS[name](body())
            while len(self._books) > _KEPT:
                self._books.popitem(last=False)
        return self._books[key]


_read = _Read()


def categories(session: Session) -> Categories:
    """The event categories that count now."""
    found: Categories = book_now(session, "categories")
    return found


def limits(session: Session) -> dict[str, Limit]:
    """The time limit of each class and kind ("government/complaint")."""
    found: dict[str, Limit] = book_now(session, "limits")
    return found


def dictionary(session: Session) -> dict[str, tuple[Word, ...]]:
    """The words of each list."""
    found: dict[str, tuple[Word, ...]] = book_now(session, "dictionary")
    return found


def assessment(session: Session) -> Book:
    """The book that work is assessed by."""
    found: Book = book_now(session, "assessment")
    return found


def visit_rules(session: Session) -> VisitRules:
    """Which cases are visited, and how often and when their citizens are called."""
    found: VisitRules = book_now(session, "visits")
    return found


def quality_book(session: Session) -> QualityBook:
    """The sheets that calls are scored by."""
    found: QualityBook = book_now(session, "quality")
    return found


def dial_rules(session: Session) -> dict[str, tuple[Word, ...]]:
    """Which numbers handsets dial."""
    found: dict[str, tuple[Word, ...]] = book_now(session, "dialrules")
    return found


def policy_for(session: Session, class_: str, kind: str, category: str) -> Policy:
    """The limit of a case, and where it is written. Raises KeyError for an unknown class and kind."""
    found = categories(session).policy(category) if category else None
    key = f"{class_}/{kind}"
    return found or Policy(limits(session)[key], key)


def newest_book(session: Session, name: str) -> int:
    """The version of a book that counts now, 0 when the site has written none."""
    return session.scalar(select(func.max(RulebookVersion.version)).where(RulebookVersion.name == name)) or 0


def book_body(session: Session, name: str, version: int) -> dict[str, Any]:
    """What a version of a book says, as JSON types. Raises Refused("not-found")."""
    if name in BOOKS and version == 0:
        return default_body(name)
    row = session.get(RulebookVersion, (name, version))
    if row is None:
        raise Refused("not-found", f"there is no version {version} of the book {name[:20]!r}")
    return row.body


def book_history(session: Session, name: str, limit: int = 50) -> list[RulebookVersion]:
    """The versions of a book, the newest first."""
    rows = select(RulebookVersion).where(RulebookVersion.name == name)
    return list(session.scalars(rows.order_by(RulebookVersion.version.desc()).limit(limit)))


def book_now(session: Session, name: str) -> Any:
    """The book of that name, read, as it counts now."""
    version, order = ask(session, NEWEST, book=name) or (0, None)
    return _read.get(name, order, lambda: book_body(session, name, version))
