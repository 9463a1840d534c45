"""China's holidays and make-up workdays 调休 as the State Council announced them, from `chinesecalendar`."""

from datetime import date, timedelta


class YearUnknown(LookupError):
    """Nothing was announced for the year, as far as the library knows."""


def known_years() -> tuple[int, int]:
    """The first and the last year that are known."""
    from chinese_calendar.constants import holidays

    return min(holidays).year, max(holidays).year


def holidays_of(year: int) -> tuple[dict[date, str], dict[date, str]]:
    """Days off and make-up workdays of a year, each with the name of its holiday. Raises YearUnknown.

    Days off are those of the announcement, weekends among them; other weekends are the week's own.
    """
    from chinese_calendar.constants import Holiday, holidays, workdays

    first, last = known_years()
    if not first <= year <= last:
        raise YearUnknown(f"holidays are known from {first} to {last}")
    names = {one.value: one.chinese for one in Holiday}
    off: dict[date, str] = {}
    day = date(year, 1, 1)
    while day.year == year:
        if day in holidays:
            off[day] = names[holidays[day]]
        day += timedelta(days=1)
    made_up = {day: names[name] for day, name in workdays.items() if day.year == year}
    return off, made_up
