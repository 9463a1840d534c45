"""Time limits 时限: how long a case may take, in which unit and by which calendar; and which limit a case has. Pure.

The event category's own limit counts first, then that of the category above it, then the one of class and kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.rules.bookparts import BadBook
from schema.rules.calendar import CALENDAR_DAYS, MOST_UNITS, UNITS, URGENT_HOURS, WORKING_DAYS, WORKING_HOURS

CITY = "city"
"""The name of the calendar that deadlines go by unless a limit names another: the offices'."""
HOTLINE = "hotline"
"""The calendar that never closes, 24 hours on 7 days."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`units` of `unit` (see `schema.rules.calendar.UNITS`) by the calendar of that name."""

    units: int
    unit: str
    calendar: str = CITY

    def body(self) -> list[Any]:
        """As JSON types."""
        return [self.units, self.unit, self.calendar]


@dataclass(frozen=True, slots=True)
class Policy:
    """The limit a case has, and where it is written: "government/complaint" or "category 0203"."""

    limit: Limit
    source: str


def read_limit(body: Any) -> Limit:
    """A limit from its JSON types. Raises ValueError saying what is wrong."""
    if not isinstance(body, list | tuple) or len(body) not in (2, 3):
        raise ValueError("a limit is units, unit and calendar")
    units, unit, calendar = (*body, CITY)[:3]
    if isinstance(units, bool) or not isinstance(units, int) or not 1 <= units <= MOST_UNITS:
        raise ValueError(f"the units are a whole number from 1 to {MOST_UNITS}")
    if unit not in UNITS:
        raise ValueError(f"the unit is one of {', '.join(UNITS)}")
    if not isinstance(calendar, str) or not 1 <= len(calendar) <= 20:
        raise ValueError("the calendar is a name of 1 to 20 characters")
    return Limit(units, unit, calendar)


USUAL: Mapping[str, Limit] = {
    "government/consultation": Limit(8, WORKING_HOURS),
    "government/complaint": Limit(5, WORKING_DAYS),
    "government/suggestion": Limit(15, CALENDAR_DAYS),
    "government/service": Limit(3, WORKING_DAYS),
    "social/consultation": Limit(8, WORKING_HOURS),
    "social/complaint": Limit(5, WORKING_DAYS),
    "social/suggestion": Limit(15, CALENDAR_DAYS),
    "social/service": Limit(24, URGENT_HOURS),
}
"""What holds until the site writes a book of its own."""


def read_limits(body: Mapping[str, Any]) -> dict[str, Limit]:
    """The book "limits": one limit for each class and kind. Raises BadBook."""
    faults = {key: "there is no such class and kind" for key in body if key not in USUAL}
    found: dict[str, Limit] = {}
    for key in USUAL:
        if key not in body:
            faults[key] = "this is needed"
            continue
        try:
            found[key] = read_limit(body[key])
        except ValueError as error:
            faults[key] = str(error)
    if faults:
        raise BadBook(faults)
    return found
