"""Working calendars in their versions, and when a case filed now is due."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.clocks import CalendarVersion
from schema.rules.calendar import Calendar, Due, Span, due
from schema.rules.calendarbody import from_body, to_body
from schema.rules.clocks import start as begin
from schema.rules.lights import next_moment
from schema.rules.limits import CITY, HOTLINE, Policy
from schema.store import UnitOfWork, alone

BARE = 0
"""The version of a calendar that was not stored: weekdays, day and night, nothing certain; HOTLINE never closes."""

_LOCK = 0x6772_6964_0011


def keep_calendar(work: UnitOfWork, calendar: Calendar, name: str = CITY, by: UUID | None = None) -> int:
    """Store a working calendar as the newest version of its name; gives the version.

    What was counted with an older one keeps it. One that is as the newest already is is not stored again.
    """
    alone(work.session, _LOCK)
    version, body = newest_version(work.session, name), to_body(calendar)
    if version != BARE and work.session.get_one(CalendarVersion, (name, version)).body == body:
        return version
    work.session.add(CalendarVersion(name=name, version=version + 1, body=body, made_by=by, made_at=work.now))
    work.session.flush()
    return version + 1


def newest_version(session: Session, name: str = CITY) -> int:
    """The newest version of a calendar, BARE when there is none."""
    found = session.scalar(select(func.max(CalendarVersion.version)).where(CalendarVersion.name == name))
    return found or BARE


def find_calendar(session: Session, zone: ZoneInfo, name: str = CITY) -> Calendar | None:
    """The newest version of the stored calendar with this name."""
    version = newest_version(session, name)
    return calendar_at(session, zone, name, version) if version != BARE else None


def calendar_at(session: Session, zone: ZoneInfo, name: str, version: int) -> Calendar:
    """A version of a calendar, or the bare one."""
    row = session.get(CalendarVersion, (name, version))
    return from_body(row.body, zone) if row is not None else _bare(zone, name)


def limits_for(session: Session, zone: ZoneInfo, policy: Policy, at: datetime) -> tuple[Due, datetime | None]:
    """When a case filed `at` is due by its policy, and when it is first urged, should it be open then.

    By weekdays, not certain, without a calendar.
    """
    limit = policy.limit
    calendar = find_calendar(session, zone, limit.calendar) or _bare(zone, limit.calendar)
    clock = begin(limit.units, limit.unit, limit.calendar, BARE, at)
    return due(at, limit.units, limit.unit, calendar), next_moment(clock, calendar, 0)


def _bare(zone: ZoneInfo, name: str) -> Calendar:
    if name == HOTLINE:
        return Calendar(zone, (Span(0, 1440),), date.max, week=frozenset(range(7)))
    return Calendar(zone, (Span(0, 1440),), date.min)
