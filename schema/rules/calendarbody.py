"""A calendar as JSON types, in which its versions are stored; the zone is the site's and not among them."""

from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from typing import Any

from schema.rules.calendar import Calendar, Span


def to_body(calendar: Calendar) -> dict[str, Any]:
    """Spans as [[opens, closes], …] in minutes, days by their ISO date, in order: equal calendars, equal bodies."""
    return {
        "week": sorted(calendar.week),
        "spans": _pairs(calendar.spans),
        "known_to": calendar.known_to.isoformat(),
        "days_off": {day.isoformat(): calendar.days_off[day] for day in sorted(calendar.days_off)},
        "workdays": {day.isoformat(): calendar.workdays[day] for day in sorted(calendar.workdays)},
        "hours": {day.isoformat(): _pairs(calendar.hours[day]) for day in sorted(calendar.hours)},
    }


def from_body(body: Mapping[str, Any], zone: tzinfo) -> Calendar:
    """The calendar again. Raises KeyError or ValueError (BadCalendar among them) for what is none."""
    return Calendar(
        zone,
        _spans(body["spans"]),
        date.fromisoformat(body["known_to"]),
        {date.fromisoformat(day): name for day, name in body["days_off"].items()},
        {date.fromisoformat(day): name for day, name in body["workdays"].items()},
        {date.fromisoformat(day): _spans(pairs) for day, pairs in body["hours"].items()},
        frozenset(body["week"]),
    )


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.opens, span.closes] for span in spans]


def _spans(pairs: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(Span(opens, closes) for opens, closes in pairs)
