"""Pages of a list by keyset: where one ends and the next begins, and a walk through all of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

Row = TypeVar("Row", covariant=True)

Span = tuple[datetime | None, datetime | None]
"""From (included) to (not included); None is open."""
ALWAYS: Span = (None, None)


@dataclass(frozen=True, slots=True)
class Place:
    """Between two lines of a list: after the one with this time and id, or before it."""

    at: datetime
    id: UUID
    before: bool = False


class Paged(Protocol[Row]):
    """A page of a list: its rows, and the place after them when there are more."""

    @property
    def rows(self) -> Sequence[Row]:
        """In order."""

    @property
    def after(self) -> Place | None:
        """Where the next page begins."""


def walked(session: Session, page: Callable[[Place | None], Paged[Row]]) -> Iterator[Sequence[Row]]:
    """Every row in order, a page at a time; nothing of a page is kept for the next."""
    place: Place | None = None
    while True:
        found = page(place)
        if found.rows:
            yield found.rows
        session.expunge_all()
        if (place := found.after) is None:
            return


def read_place(text: str) -> Place | None:
    """A place as an address has it; None for anything else."""
    way, _, rest = text.partition(".")
    micros, _, id = rest.partition(".")
    if way not in ("a", "b") or not (micros.isascii() and micros.isdigit() and len(micros) <= 17):
        return None
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros))
        return Place(at, UUID(hex=id), way == "b")
    except (ValueError, OverflowError):
        return None


def write_place(place: Place) -> str:
    """The place for an address."""
    micros = (place.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{'b' if place.before else 'a'}.{micros}.{place.id.hex}"
