"""When citizens may be called: hours for each day of the week, and what holidays make of them. Pure.

A holiday of the city's calendar is a day on which nobody is called, unless `holidays` says so (then it has the hours of
its weekday). A day off that is worked (调休) has the hours of the calendar's first working weekday. Moments are aware.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schema.rules.calendar import Calendar, Span

WEEK = 7
LOOK_AHEAD = 370
"""Days within which the next hour is found."""
NOBODY = "-"
"""Hours of a day on which nobody is called."""


@dataclass(frozen=True, slots=True)
class CallHours:
    """`week`: the spans of each weekday, Monday first, in minutes of the local day, in order and apart."""

    week: tuple[tuple[Span, ...], ...]
    holidays: bool = False

    def on(self, day: date, calendar: Calendar) -> tuple[Span, ...]:
        """The hours of a local day."""
        if day in calendar.days_off and not self.holidays:
            return ()
        weekday = day.weekday()
        if weekday not in calendar.week and (day in calendar.workdays or day in calendar.hours):
            weekday = min(calendar.week, default=weekday)
        return self.week[weekday]

    def open_at(self, moment: datetime, calendar: Calendar) -> bool:
        """Whether citizens may be called at this moment."""
        day = moment.astimezone(calendar.zone).date()
        return any(
            calendar.at(day, span.opens) <= moment < calendar.at(day, span.closes)
            for span in self.on(day, calendar)
        )

    def next_open(self, moment: datetime, calendar: Calendar) -> datetime | None:
        """The moment itself if one may call then, else when one may again; None when not within a year."""
        if self.open_at(moment, calendar):
            return moment
        first = moment.astimezone(calendar.zone).date()
        for n in range(LOOK_AHEAD):
            day = first + timedelta(days=n)
            for span in self.on(day, calendar):
                if (opens := calendar.at(day, span.opens)) > moment:
                    return opens
        return None


def read_hours(text: str, earliest: int, latest: int) -> tuple[Span, ...]:
    """ "09:00-12:00 14:00-18:30", or "-" for none. Raises ValueError for what is none, or beyond the two hours."""
    if text.strip() == NOBODY:
        return ()
    spans: list[Span] = []
    for part in text.split():
        begin, dash, end = part.partition("-")
        span = Span(_minute(begin), _minute(end))
        if not dash or not earliest * 60 <= span.opens < span.closes <= latest * 60:
            raise ValueError(f"{part[:20]!r} are no hours between {earliest} and {latest} o'clock")
        if spans and span.opens < spans[-1].closes:
            raise ValueError("hours follow each other and do not overlap")
        spans.append(span)
    if not spans:
        raise ValueError("no hours")
    return tuple(spans)


def week_of(usual: Span, own: Sequence[str], earliest: int, latest: int) -> tuple[tuple[Span, ...], ...]:
    """The spans of a week: the usual, but where a weekday's text ("" for none) says others. Raises ValueError."""
    return tuple(read_hours(text, earliest, latest) if text.strip() else (usual,) for text in own)


def _minute(text: str) -> int:
    hour, colon, minute = text.partition(":")
    if not colon or len(minute) != 2 or not (hour + minute).isascii() or not (hour + minute).isdigit():
        raise ValueError(f"{text[:10]!r} is no time such as 09:30")
    if int(minute) > 59 or int(hour) > 24:
        raise ValueError(f"{text[:10]!r} is no time such as 09:30")
    return int(hour) * 60 + int(minute)
