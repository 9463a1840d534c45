"""The working calendar as rows, and when a case filed now is due."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from schema.places import CalendarDay, CalendarSpan
from schema.rules.calendar import Calendar, Due, Span, due
from schema.rules.duewords import ALLOWED
from schema.store import UnitOfWork

CITY = "city"
"""The name of the calendar that deadlines go by."""


def keep_calendar(work: UnitOfWork, calendar: Calendar, name: str = CITY) -> None:
    """Store a working calendar, in place of the one that has the name."""
    for table in (CalendarDay, CalendarSpan):
        work.session.execute(delete(table).where(table.calendar == name))
    for span in calendar.spans:
        work.session.add(
            CalendarSpan(
                calendar=name,
                opens=span.opens,
                closes=span.closes,
                known_to=calendar.known_to,
                made_at=work.now,
            )
        )
    for works, days in ((False, calendar.days_off), (True, calendar.workdays)):
        for day, holiday in days.items():
            work.session.add(CalendarDay(calendar=name, day=day, works=works, name=holiday))
    work.session.flush()


def find_calendar(session: Session, zone: ZoneInfo, name: str = CITY) -> Calendar | None:
    """The stored calendar with this name."""
    spans = session.scalars(
        select(CalendarSpan).where(CalendarSpan.calendar == name).order_by(CalendarSpan.opens)
    ).all()
    if not spans:
        return None
    days = session.scalars(select(CalendarDay).where(CalendarDay.calendar == name)).all()
    return Calendar(
        zone,
        tuple(Span(span.opens, span.closes) for span in spans),
        min(span.known_to for span in spans),
        {row.day: row.name for row in days if not row.works},
        {row.day: row.name for row in days if row.works},
    )


def due_for(session: Session, zone: ZoneInfo, class_: str, kind: str, start: datetime) -> Due:
    """When a case of this class and kind, filed at `start`, is due; by weekdays, not certain, without a calendar."""
    units, unit = ALLOWED[class_, kind]
    return due(start, units, unit, find_calendar(session, zone) or _bare(zone))


def _bare(zone: ZoneInfo) -> Calendar:
    return Calendar(zone, (Span(0, 1440),), date.min)
