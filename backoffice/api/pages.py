"""Pages by keyset: newest first, each page begins after the last row of the one before, so nothing shifts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_FIRST, _LAST = datetime(1000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def cursor_of(at: datetime, id: UUID) -> str:
    """Where a page ends."""
    return f"{(at - _EPOCH) // _TICK}-{id.hex}"


def place_of(cursor: str) -> tuple[datetime, UUID]:
    """Where the page before a cursor ended."""
    ticks, _, name = cursor.partition("-")
    return _EPOCH + int(ticks) * _TICK, UUID(name)


def page(
    session: Session, query: Select[Any], at: InstrumentedAttribute[Any], id: InstrumentedAttribute[UUID], asked: Any
) -> tuple[Sequence[Any], str | None]:  # fmt: skip
    """The rows of one page, and the cursor of the next. `asked` has `limit` and `cursor`."""
    if asked.cursor is not UNSET:
        moment, last = place_of(asked.cursor)
        query = query.where(or_(at < moment, and_(at == moment, id < last)))
    rows = session.scalars(query.order_by(at.desc(), id.desc()).limit(asked.limit + 1)).all()
    if len(rows) <= asked.limit:
        return rows, None
    rows = rows[: asked.limit]
    return rows, cursor_of(getattr(rows[-1], at.key), getattr(rows[-1], id.key))


def moment(asked: datetime | UnsetType) -> datetime | None:
    """A time in UTC, kept where databases can follow; None when none was asked for."""
    if asked is UNSET:
        return None
    try:
        return min(max(asked.astimezone(UTC), _FIRST), _LAST)
    except OverflowError:
        return _FIRST if asked.year < 5000 else _LAST
