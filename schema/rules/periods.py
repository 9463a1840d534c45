"""Periods that work is assessed by (考核周期): a month, a quarter, or days from one to another. Pure.

Written "2026-11", "2026-Q4" or "2026-11-01..2026-11-15"; days are the site's local ones.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = 366
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_DAYS = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])", re.ASCII)


class BadPeriod(ValueError):
    """What is no period, and why."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both in it; `key` is how it is written."""

    key: str
    first: date
    last: date

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when (included) to when (not included), UTC."""
        begin, end = (
            datetime.combine(day, time.min, zone).astimezone(UTC)
            for day in (self.first, self.last + timedelta(days=1))
        )
        return begin, end

    def beside(self, step: int) -> "Period":
        """The one that many after it, or before: of its own kind, or as many days."""
        if _MONTH.fullmatch(self.key):
            return month_of(_months_on(self.first, step))
        if _QUARTER.fullmatch(self.key):
            return quarter_of(_months_on(self.first, 3 * step))
        days = (self.last - self.first + timedelta(days=1)) * step
        return days_between(self.first + days, self.last + days)


def month_of(day: date) -> Period:
    """The month of a day."""
    first = day.replace(day=1)
    return Period(f"{first:%Y-%m}", first, _months_on(first, 1) - timedelta(days=1))


def quarter_of(day: date) -> Period:
    """The quarter of a day."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    key = f"{first.year:04d}-Q{(first.month + 2) // 3}"
    return Period(key, first, _months_on(first, 3) - timedelta(days=1))


def days_between(first: date, last: date) -> Period:
    """From one day to another. Raises BadPeriod."""
    if last < first:
        raise BadPeriod("the last day is before the first")
    if (last - first).days >= LONGEST:
        raise BadPeriod(f"a period is at most {LONGEST} days")
    if not 1970 <= first.year <= 9000:
        raise BadPeriod("this is not a year of the site")
    return Period(f"{first}..{last}", first, last)


def read_period(text: str) -> Period:
    """A period as it is written. Raises BadPeriod."""
    if found := _MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := _QUARTER.fullmatch(text):
        year, month = int(found[1]), 3 * int(found[2])
    else:
        given = _DAYS.fullmatch(text)
        try:
            days = [date.fromisoformat(day) for day in given.groups()] if given else []
        except ValueError as error:
            raise BadPeriod("there is no such day") from error
        if not days:
            raise BadPeriod("a period is a month, a quarter, or two days")
        return days_between(*days)
    if not 1970 <= year <= 9000:
        raise BadPeriod("this is not a year of the site")
    day = date(year, month, 1)
    return month_of(day) if _MONTH.fullmatch(text) else quarter_of(day)


def _months_on(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)
