"""The calendars desk: the next version of a working calendar, by order. Clocks that run keep the version they have."""

import re
from typing import Any

from sqlalchemy.orm import Session

from schema.clocks import CalendarVersion
from schema.desk.deadlines import BARE, calendar_at, keep_calendar, newest_version
from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import allow
from schema.facts import CalendarChanged
from schema.orders import ChangeCalendar
from schema.rules.bookparts import BadBook, json_object
from schema.rules.calendar import Calendar
from schema.rules.calendarbody import from_body, to_body
from schema.rules.limits import HOTLINE
from schema.store import UnitOfWork, alone

RIGHT = "rules.set"
MOST_DAYS = 5000
LONGEST_NAME = 40
_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}", re.ASCII)
_LOCK = 0x6772_6964_0014


def change_calendar(work: UnitOfWork, order: ChangeCalendar) -> int:
    """Store the next version of a calendar; gives the version. What is as the newest already is not stored again.

    Raises Refused: not-allowed, stale (somebody else changed it meanwhile), bad-field.
    """
    allow(work, order.by, RIGHT)
    alone(work.session, _LOCK)
    if not _NAME.fullmatch(order.name) or order.name == HOTLINE:
        raise Refused(
            "bad-field", f"a calendar's name is 1 to 20 letters a-z, digits or dashes, not {HOTLINE}", "name"
        )
    calendar = _read(work, order.body)
    newest = newest_version(work.session, order.name)
    row = work.session.get(CalendarVersion, (order.name, newest)) if newest != BARE else None
    if row is not None and row.body == to_body(calendar):
        return newest
    if order.version != newest:
        raise Refused("stale", f"the calendar {order.name} has changed since it was shown; look again")
    version = keep_calendar(work, calendar, order.name, order.by)
    work.emit(CalendarChanged(at=work.now, name=order.name, version=version, by=order.by))
    return version


def calendar_body(session: Session, work_zone: Any, name: str) -> tuple[int, dict[str, Any]]:
    """The newest version of a calendar and what it says; of one that nobody stored BARE, and the bare one."""
    version = newest_version(session, name)
    return version, to_body(calendar_at(session, work_zone, name, version))


def _read(work: UnitOfWork, text: str) -> Calendar:
    try:
        body = json_object(text)
        names = [name for days in (body["days_off"], body["workdays"]) for name in days.values()]
        calendar = from_body(body, work.zone)
    except BadBook as error:
        raise bad_fields(error.faults) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise bad_fields({"body": f"this is no calendar: {error}"}) from error
    except ValueError as error:
        raise bad_fields({"body": str(error)}) from error
    if len(names) + len(calendar.hours) > MOST_DAYS:
        raise bad_fields({"body": f"a calendar names at most {MOST_DAYS} days"})
    if any(not isinstance(name, str) or len(name) > LONGEST_NAME or not name.isprintable() for name in names):
        raise bad_fields({"body": f"the name of a holiday is at most {LONGEST_NAME} characters in one line"})
    return calendar
