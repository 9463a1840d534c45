"""What kinds of problems a worker may report: the event categories that take new cases, in the city's order."""

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy.orm import Session

from schema.desk.rulebooks import categories


class Kind(Struct, frozen=True):
    """A category, its names by language, and those of the first level it is below (its own where it is that)."""

    code: str
    names: Mapping[str, str]
    group: Mapping[str, str]


class Kinds(Struct, frozen=True):
    """All of them."""

    kinds: list[Kind]


def kinds_now(session: Session) -> Kinds:
    """Those of today."""
    book = categories(session)
    return Kinds(
        [Kind(one.code, dict(one.names), dict(book.way(one.code)[0].names)) for one in book.leaves()]
    )
