"""The past, as far as routing needs it after a start: who served which number, how fast queues moved, and calendars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.calls import CallRow
from schema.desk.deadlines import find_calendar
from schema.rules.calendar import Calendar
from schema.rules.services import Service
from schema.rules.waits import MEMORY
from schema.services import every_day


@dataclass(frozen=True, slots=True)
class Answer:
    """A call of the past that was answered."""

    number: str
    queue: str
    seat: str
    user: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """What the rows tell. `calendars` by name; without rows of one, weekdays are workdays."""

    answers: tuple[Answer, ...]
    calendars: dict[str, Calendar]


def read(
    session: Session, zone: ZoneInfo, services: Iterable[Service], now: datetime, sticky_for: float
) -> Past:
    """Read it, on a thread of one's own."""
    since = now - max(MEMORY, timedelta(seconds=sticky_for))
    query = (
        select(CallRow.number, CallRow.queue, CallRow.seat, CallRow.user, CallRow.answered_at)
        .where(CallRow.entered_at >= since, CallRow.answered_at.is_not(None), CallRow.direction == "in")
        .order_by(CallRow.answered_at)
    )
    rows = session.execute(query)
    answers = tuple(Answer(row.number, row.queue, row.seat, row.user, row.answered_at) for row in rows)
    return Past(answers, calendars(session, zone, services))


def calendars(session: Session, zone: ZoneInfo, services: Iterable[Service]) -> dict[str, Calendar]:
    """The calendars of the services as they are now, and the city's."""
    names = {service.calendar for service in services} | {"city"}
    return {name: find_calendar(session, zone, name) or every_day(zone) for name in names}
