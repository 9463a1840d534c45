"""Working calendars in their versions."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from schema.asking import ask
from schema.base import table_of
from schema.clocks import CalendarVersion
from schema.rules.calendar import Calendar, Span
from schema.rules.calendarbody import from_body, to_body
from schema.rules.limits import CITY, HOTLINE
from schema.store import UnitOfWork, alone

BARE = 0
"""The version of a calendar that was not stored: weekdays, day and night, nothing certain; HOTLINE never closes."""

_LOCK = 0x6772_6964_0011
_CALENDARS = table_of(CalendarVersion)
_OF_NAME = select(_CALENDARS.c.version, _CALENDARS.c.made_at).where(
    _CALENDARS.c.name == bindparam("calendar")
)
NEWEST = _OF_NAME.order_by(_CALENDARS.c.version.desc()).limit(1)
_MADE = select(_CALENDARS.c.made_at).where(
    _CALENDARS.c.name == bindparam("calendar"), _CALENDARS.c.version == bindparam("version")
)
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
    made = ask(session, _MADE, calendar=name, version=version)
    return _read(session, zone, name, version, *made) if made is not None else _bare(zone, name)


def newest_calendar(session: Session, zone: ZoneInfo, name: str = CITY) -> tuple[int, Calendar]:
    """The newest version of a calendar and what it says; BARE and the bare one when there is none."""
    row = ask(session, NEWEST, calendar=name)
    if row is None:
        return BARE, _bare(zone, name)
    return row[0], _read(session, zone, name, *row)


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
