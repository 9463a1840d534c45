"""Working calendars: their versions, whether a moment is working time, and when something would be due."""

from datetime import UTC, datetime, timedelta

from msgspec import UNSET
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.api import caseasks, caseshapes
from backoffice.api.pages import moment
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import language, office
from schema.clocks import CalendarVersion
from schema.desk.deadlines import newest_version
from schema.rules.calendar import BadCalendar, Calendar, Span, due
from schema.rules.calendarbody import from_body
from schema.rules.duewords import explain

FIRST, LAST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""What is asked about lies between these: no calendar knows more."""
LONGEST = 400
"""Days that are looked through for the next change between working time and rest."""


def listing(_ask: Ask) -> caseshapes.CalendarList:
    """Every calendar."""
    newest = select(CalendarVersion.name, func.max(CalendarVersion.version).label("version"))
    newest = newest.group_by(CalendarVersion.name)
    wanted = newest.subquery()
    query = select(CalendarVersion).join(
        wanted, (CalendarVersion.name == wanted.c.name) & (CalendarVersion.version == wanted.c.version)
    )
    with office().store.read() as session:
        rows = session.scalars(query.order_by(CalendarVersion.name)).all()
    return caseshapes.CalendarList(
        items=[
            caseshapes.CalendarName(name=row.name, version=row.version, made_at=row.made_at) for row in rows
        ]
    )


def newest(ask: Ask) -> caseshapes.Calendar:
    """The newest version of a calendar."""
    with office().store.read() as session:
        return _shown(_row(session, ask, None))


def version(ask: Ask) -> caseshapes.Calendar:
    """A version of a calendar."""
    with office().store.read() as session:
        return _shown(_row(session, ask, ask.path["version"]))


def working(ask: Ask) -> caseshapes.Working:
    """Whether a moment is working time."""
    at = _asked(ask.query.at, "at")
    with office().store.read() as session:
        row = _row(session, ask, None)
    calendar = from_body(row.body, office().store.zone)
    day = at.astimezone(calendar.zone).date()
    is_open, until = state_at(calendar, at)
    return caseshapes.Working(
        at=at, working=is_open, until=until, certain=day <= calendar.known_to, version=row.version
    )


def deadline(ask: Ask) -> caseshapes.Deadline:
    """When something would be due."""
    asked, start = ask.query, _asked(ask.query.start, "from")
    with office().store.read() as session:
        row = _row(session, ask, None)
    try:
        found = due(start, asked.units, asked.unit, from_body(row.body, office().store.zone))
    except BadCalendar as bad:
        raise Problem("wrong-state", str(bad)) from bad
    return caseshapes.Deadline(
        start=start, units=asked.units, unit=asked.unit, due_at=found.at, certain=found.certain,
        because=explain(found.record(2000), language()), version=row.version,
    )  # fmt: skip


def state_at(calendar: Calendar, at: datetime) -> tuple[bool, datetime]:
    """Whether a moment is working time, and when that next changes. Raises Problem for a calendar that never works."""
    day = at.astimezone(calendar.zone).date()
    ends: datetime | None = None
    for n in range(-1, LONGEST):
        for opens, closes in calendar.open_on(day + timedelta(days=n)):
            if ends is None:
                if opens > at:
                    return False, opens
                ends = closes if at < closes else None
            elif opens == ends:
                ends = closes  # one goes on in the next: the offices work past midnight
            else:
                return True, ends
    if ends is not None:
        return True, ends
    raise Problem("wrong-state", f"the calendar does not work in the {LONGEST} days after {day}")


def _row(session: Session, ask: Ask, version: int | None) -> CalendarVersion:
    name = ask.path["calendar"]
    row = session.get(CalendarVersion, (name, version or newest_version(session, name)))
    if row is None:
        raise Problem("not-found", "there is no such calendar")
    return row


def _asked(asked: object, field: str) -> datetime:
    at = office().store.clock() if asked is UNSET else moment(asked)  # type: ignore[arg-type]
    assert at is not None
    if not FIRST <= at < LAST:
        raise Problem("refused", errors=[(f"query.{field}", f"lies between {FIRST.year} and {LAST.year}")])
    return at


def _shown(row: CalendarVersion) -> caseshapes.Calendar:
    found = from_body(row.body, office().store.zone)
    days = [
        *(caseshapes.Day(day=day, kind="off", name=name, spans=[]) for day, name in found.days_off.items()),
        *(
            caseshapes.Day(day=day, kind="workday", name=name, spans=_spans(found.spans_on(day)))
            for day, name in found.workdays.items()
        ),
        *(
            caseshapes.Day(day=day, kind="hours", name="", spans=_spans(spans))
            for day, spans in found.hours.items()
            if day not in found.workdays
        ),
    ]
    return caseshapes.Calendar(
        name=row.name, version=row.version, zone=str(found.zone), week=sorted(found.week), spans=_spans(found.spans),
        known_to=found.known_to, days=sorted(days, key=lambda one: one.day), made_at=row.made_at,
    )  # fmt: skip


def _spans(spans: tuple[Span, ...]) -> list[caseshapes.Span]:
    return [caseshapes.Span(opens=one.opens, closes=one.closes) for one in spans]


ROUTES = (
    Route(
        method="GET", path="/calendars", name="calendars", tag="calendars", right="calendar.read", does=listing,
        summary="Working calendars", gives=caseshapes.CalendarList,
    ),
    Route(
        method="GET", path="/calendars/{calendar}", name="calendar", tag="calendars", right="calendar.read",
        does=newest, summary="The newest version of a calendar", gives=caseshapes.Calendar,
    ),
    Route(
        method="GET", path="/calendars/{calendar}/versions/{version}", name="calendar-version", tag="calendars",
        right="calendar.read", does=version, summary="A version of a calendar", gives=caseshapes.Calendar,
    ),
    Route(
        method="GET", path="/calendars/{calendar}/working", name="working", tag="calendars", right="calendar.read",
        does=working, summary="Whether a moment is working time", query=caseasks.WorkingAt, gives=caseshapes.Working,
        fails=("refused", "wrong-state"),
    ),
    Route(
        method="GET", path="/calendars/{calendar}/deadline", name="deadline", tag="calendars", right="calendar.read",
        does=deadline, summary="When something would be due", query=caseasks.DeadlineOf, gives=caseshapes.Deadline,
        fails=("refused", "wrong-state"),
    ),
)  # fmt: skip
