"""The demo city's working calendar: China's holidays and make-up workdays (调休) of 2026, as the State Council
announced them on 4 November 2025 (国办发明电〔2025〕7号)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from schema.rules.calendar import Calendar, Span

KNOWN_TO = date(2026, 12, 31)
HOURS = (Span(8 * 60 + 30, 12 * 60), Span(13 * 60 + 30, 17 * 60 + 30))

HOLIDAYS = (
    ("元旦", date(2026, 1, 1), date(2026, 1, 3)),
    ("春节", date(2026, 2, 15), date(2026, 2, 23)),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6)),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5)),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21)),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27)),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
)
"""Name, first and last day off."""

MAKE_UP = (
    ("元旦", date(2026, 1, 4)),
    ("春节", date(2026, 2, 14)),
    ("春节", date(2026, 2, 28)),
    ("劳动节", date(2026, 5, 9)),
    ("国庆节", date(2026, 9, 20)),
    ("国庆节", date(2026, 10, 10)),
)
"""Saturdays and Sundays on which the city works, with the holiday they make up for."""


def city_calendar(zone: str) -> Calendar:
    """The calendar of a city in `zone` (IANA name)."""
    off = {
        first + timedelta(days=n): name
        for name, first, last in HOLIDAYS
        for n in range((last - first).days + 1)
    }
    return Calendar(ZoneInfo(zone), HOURS, KNOWN_TO, off, {day: name for name, day in MAKE_UP})
