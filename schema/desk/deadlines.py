"""Working calendars in their versions."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.clocks import CalendarVersion
from schema.rules.calendar import Calendar, Span
from schema.rules.calendarbody import from_body, to_body
from schema.rules.limits import CITY, HOTLINE
from schema.store import UnitOfWork, alone

BARE = 0
"""The version of a calendar that was not stored: weekdays, day and night, nothing certain; HOTLINE never closes."""

_LOCK = 0x6772_6964_0011
_KEPT: dict[tuple[str, int, datetime, str], Calendar] = {}
_MOST_KEPT = 64


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
    made = select(CalendarVersion.made_at).where(
        CalendarVersion.name == name, CalendarVersion.version == version
    )
    made_at = session.scalar(made)
    return _read(session, zone, name, version, made_at) if made_at is not None else _bare(zone, name)


def newest_calendar(session: Session, zone: ZoneInfo, name: str = CITY) -> tuple[int, Calendar]:
    """The newest version of a calendar and what it says; BARE and the bare one when there is none."""
    versions = select(CalendarVersion.version, CalendarVersion.made_at).where(CalendarVersion.name == name)
    row = session.execute(versions.order_by(CalendarVersion.version.desc()).limit(1)).first()
    if row is None:
        return BARE, _bare(zone, name)
    return row.version, _read(session, zone, name, row.version, row.made_at)


def _read(session: Session, zone: ZoneInfo, name: str, version: int, made_at: datetime) -> Calendar:
    """What a version says. A version is never changed; the time tells it from one that was rolled back."""
    key = (name, version, made_at, zone.key)
    if key not in _KEPT:
        _KEPT[key] = from_body(session.get_one(CalendarVersion, (name, version)).body, zone)
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
    return _KEPT[key]


def _bare(zone: ZoneInfo, name: str) -> Calendar:
    if name == HOTLINE:
        return Calendar(zone, (Span(0, 1440),), date.max, week=frozenset(range(7)))
    return Calendar(zone, (Span(0, 1440),), date.min)
