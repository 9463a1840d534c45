"""Working time: which days and hours a city works, and when something that takes so long is due.

A calendar is working spans of the local day, on some days of the week, with holidays, make-up workdays (调休) and
days with hours of their own named day by day up to `known_to`. Beyond that a deadline is still counted, by weekdays
alone, and flagged as not certain.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

URGENT_HOURS = "urgent-hours"
WORKING_HOURS = "working-hours"
WORKING_DAYS = "working-days"
CALENDAR_DAYS = "calendar-days"
UNITS = (URGENT_HOURS, WORKING_HOURS, WORKING_DAYS, CALENDAR_DAYS)
"""紧急工作时 run day and night; 工作时 only while the city works; 工作日; 自然日."""

WEEK = frozenset(range(5))
"""Monday (0) to Friday."""

MOST_UNITS = 5000
MOST_DAYS = 2000
"""Days of a calendar whose open spans are remembered."""
LONGEST_REST = 366
"""Days without one working minute after which a calendar is taken for broken."""


class BadCalendar(ValueError):
    """Spans that overlap, run backwards or are none, or a calendar that never works."""


@dataclass(frozen=True, slots=True)
class Span:
    """Open from `opens` to `closes`, minutes of the local day (0 to 1440)."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an office works. `days_off` and `workdays` have the name of the holiday they belong to.

    `hours` are the days with spans of their own (half days): such a day works, whatever its weekday. `week` are the
    weekdays that work, Monday 0.
    """

    zone: tzinfo
    spans: tuple[Span, ...]
    known_to: date
    days_off: Mapping[date, str] = field(default_factory=dict)
    workdays: Mapping[date, str] = field(default_factory=dict)
    hours: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    week: frozenset[int] = WEEK
    # Every clock asks for the same few days several times, and to tell their UTC is most of the work.
    _opened: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for spans in (self.spans, *self.hours.values()):
            _check(spans)
        if not self.week <= frozenset(range(7)):
            raise BadCalendar("the days of a week are 0 (Monday) to 6")
        if both := self.days_off.keys() & (self.workdays.keys() | self.hours.keys()):
            raise BadCalendar(f"{min(both)} is a day off and a workday")

    def works(self, day: date) -> bool:
        """Whether the office works on a local day."""
        if day in self.workdays or day in self.hours:
            return True
        return day.weekday() in self.week and day not in self.days_off

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The open spans of a local day, () for one that does not work."""
        return self.hours.get(day, self.spans) if self.works(day) else ()

    def open_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open spans of a local day, as UTC."""
        found = self._opened.get(day)
        if found is None:
            if len(self._opened) >= MOST_DAYS:
                self._opened.clear()
            found = tuple(
                (self.at(day, span.opens), self.at(day, span.closes)) for span in self.spans_on(day)
            )
            self._opened[day] = found
        return found

    def at(self, day: date, minute: int) -> datetime:
        """A minute of a local day (1440: its end), as UTC."""
        if minute == 1440:
            day, minute = day + timedelta(days=1), 0
        local = datetime.combine(day, time(minute // 60, minute % 60), self.zone)
        return local.astimezone(UTC)


def _check(spans: tuple[Span, ...]) -> None:
    if not spans:
        raise BadCalendar("a working day needs at least one span of hours")
    for span in spans:
        if not 0 <= span.opens < span.closes <= 1440:
            raise BadCalendar(f"a span from minute {span.opens} to {span.closes} is none")
    for one, two in pairwise(spans):
        if two.opens < one.closes:
            raise BadCalendar(f"the span from minute {two.opens} begins before the one before it ends")


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due (`at`, UTC) and why.

    `skipped` are the named days off in between, `made_up` the make-up workdays counted, `short` the days with hours
    of their own; `certain` is False when it lies beyond what the calendar knows. `extra` of the `units` were granted
    later, and `suspended` is the counted time for which the clock stood still (see `schema.rules.clocks`).
    """

    at: datetime
    units: int
    unit: str
    certain: bool = True
    skipped: tuple[tuple[date, str], ...] = ()
    made_up: tuple[date, ...] = ()
    short: tuple[date, ...] = ()
    extra: int = 0
    suspended: timedelta = timedelta(0)

    def record(self, longest: int = 300) -> str:
        """The reasons as JSON of at most `longest` characters, for `schema.rules.duewords.explain`."""
        skipped = [[first.isoformat(), last.isoformat(), name] for first, last, name in _runs(self.skipped)]
        made_up = [day.isoformat() for day in self.made_up]
        short = [day.isoformat() for day in self.short]
        lists: tuple[list[Any], ...] = (skipped, made_up, short)
        minutes = int(self.suspended.total_seconds() // 60)
        while True:
            body = {"units": self.units, "unit": self.unit, "certain": self.certain, "skipped": skipped,
                    "made_up": made_up}  # fmt: skip
            rare = {"short": short, "extra": self.extra, "suspended": minutes}
            body |= {name: value for name, value in rare.items() if value}
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            if len(text) <= longest or not any(lists):
                return text
            max(lists, key=len).pop()


def due(start: datetime, units: int, unit: str, calendar: Calendar) -> Due:
    """When something begun at `start` (aware) that may take `units` of `unit` is due.

    Hours run from `start`, or from the next opening; what fills a span is due as it closes. Days run from the day
    after the start, and are due when that day's work ends (working days) or at its midnight (calendar days).
    Raises ValueError for a naive time or a wrong unit, BadCalendar for one that never works.
    """
    if start.tzinfo is None:
        raise ValueError("a deadline is counted from an aware time")
    if not 1 <= units <= MOST_UNITS:
        raise ValueError(f"a deadline of {units} units is out of range")
    first = start.astimezone(calendar.zone).date()
    if unit == URGENT_HOURS:
        at = start.astimezone(UTC) + timedelta(hours=units)
    elif unit == CALENDAR_DAYS:
        at = calendar.at(first + timedelta(days=units), 1440)
    elif unit == WORKING_HOURS:
        at = after_open_time(start, timedelta(hours=units), calendar)
    elif unit == WORKING_DAYS:
        at = _after_working_days(first, units, calendar)
    else:
        raise ValueError(f"there is no unit {unit!r} of time; there are {', '.join(UNITS)}")
    return reasoned(start, at, units, unit, calendar)


def reasoned(start: datetime, at: datetime, units: int, unit: str, calendar: Calendar) -> Due:
    """A time at which something is due, with what of the calendar lies between its start and it."""
    if unit in (URGENT_HOURS, CALENDAR_DAYS):
        return Due(at, units, unit)
    first = start.astimezone(calendar.zone).date()
    # A deadline at midnight belongs to the day it ends.
    last = (at - timedelta(microseconds=1)).astimezone(calendar.zone).date()
    between = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return Due(
        at,
        units,
        unit,
        certain=last <= calendar.known_to,
        skipped=tuple((day, calendar.days_off[day]) for day in between if day in calendar.days_off),
        made_up=tuple(day for day in between if day in calendar.workdays),
        short=tuple(day for day in between if day in calendar.hours),
    )


def open_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of the time from `start` to `end` (aware) the calendar is open."""
    day, total = start.astimezone(calendar.zone).date(), timedelta(0)
    last = end.astimezone(calendar.zone).date()
    while day <= last:
        for opens, closes in calendar.open_on(day):
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        day += timedelta(days=1)
    return total


def after_open_time(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    """When `left` of open time has passed since `start`, UTC; what fills a span is over as it closes."""
    start = start.astimezone(UTC)
    day = start.astimezone(calendar.zone).date()
    rested = 0
    while rested <= LONGEST_REST:
        rested += 1
        for opens, closes in calendar.open_on(day):
            begins = max(opens, start)
            if begins >= closes:
                continue
            rested = 0
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        day += timedelta(days=1)
    raise BadCalendar(f"the calendar has no working time in the {LONGEST_REST} days before {day}")


def _after_working_days(day: date, left: int, calendar: Calendar) -> datetime:
    rested = 0
    while rested <= LONGEST_REST:
        day += timedelta(days=1)
        rested += 1
        if calendar.works(day):
            left, rested = left - 1, 0
            if left == 0:
                return calendar.at(day, calendar.spans_on(day)[-1].closes)
    raise BadCalendar(f"the calendar has no working day in the {LONGEST_REST} days before {day}")


def _runs(days: tuple[tuple[date, str], ...]) -> list[tuple[date, date, str]]:
    """Days of one holiday in a row, as (first, last, name)."""
    runs: list[tuple[date, date, str]] = []
    for day, name in days:
        if runs and runs[-1][2] == name and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day, name)
        else:
            runs.append((day, day, name))
    return runs
