"""Days and times of day as they are spoken in Chinese, English and Uyghur: parts, as in `spokennumbers`. Pure.

Days and times are the site's own; whoever says them has turned UTC into them.
"""

from datetime import date, datetime, time, timedelta

from schema.rules.spokennumbers import digits, name_of, number

_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
_MONTHS_UG = ("يانۋار", "فېۋرال", "مارت", "ئاپرېل", "ماي", "ئىيۇن", "ئىيۇل", "ئاۋغۇست", "سېنتەبىر", "ئۆكتەبىر",
              "نويابىر", "دېكابىر")  # fmt: skip
_FIRST_EN = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
             "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
             "nineteenth", "twentieth")  # fmt: skip
_FIRST_UG = (
    "بىرىنچى",
    "ئىككىنچى",
    "ئۈچىنچى",
    "تۆتىنچى",
    "بەشىنچى",
    "ئالتىنچى",
    "يەتتىنچى",
    "سەككىزىنچى",
    "توققۇزىنچى",
)
_TENTH_UG = ("ئونىنچى", "يىگىرمىنچى", "ئوتتۇزىنچى")
_TENS_UG = ("ئون", "يىگىرمە", "ئوتتۇز")
YESTERDAY, TODAY, TOMORROW = "day-yesterday", "day-today", "day-tomorrow"


def day(when: date, language: str, today: date | None = None) -> tuple[str, ...]:
    """The parts that say a day; the year only when it is not that of `today`."""
    year = today is None or when.year != today.year
    if language == "zh":
        said = (*(name_of(int(d)) for d in f"{when.year}"), "year") if year else ()
        return (*said, *number(when.month, "zh"), "month", *number(when.day, "zh"), "day")
    named = (f"month-{when.month}", f"day-{when.day}")
    if language == "ug":
        return (*(*number(when.year, "ug"), "year"), *named) if year else named
    return (*named, *_year_en(when.year)) if year else named


def near_day(when: date, language: str, today: date) -> tuple[str, ...]:
    """The same; of yesterday, today and tomorrow their name."""
    near = {today - timedelta(days=1): YESTERDAY, today: TODAY, today + timedelta(days=1): TOMORROW}
    return (near[when],) if when in near else day(when, language, today)


def clock(at: time, language: str) -> tuple[str, ...]:
    """The parts that say a time of day, to the minute."""
    if language == "en" and at.minute == 0 and at.hour in (0, 12):
        return ("midnight",) if at.hour == 0 else ("noon",)
    half = "noon" if at.hour == 12 and language == "zh" else "pm" if at.hour >= 12 else "am"
    # In Chinese and Uyghur the night has an hour of nought.
    hour = at.hour if at.hour <= 12 else at.hour - 12
    if language == "en":
        minute = (name_of(0),) if 0 < at.minute < 10 else ()
        rest = (*(("oh",) if minute else ()), *number(at.minute, "en")) if at.minute else ()
        return (*number(hour or 12, "en"), *rest, half)
    if language == "ug":
        rest = (*number(at.minute, "ug"), "minute") if at.minute else ()
        return (half, "hour", *number(hour, "ug"), *rest)
    nought = (name_of(0),) if 0 < at.minute < 10 else ()
    rest = (*nought, *number(at.minute, "zh"), "minute") if at.minute else ()
    return (half, *number(hour, "zh", counted=True), "hour", *rest)


def moment(when: datetime, language: str, today: date) -> tuple[str, ...]:
    """The parts that say a day and a time of it, as seen from `today`."""
    return (*near_day(when.date(), language, today), *clock(when.time(), language))


def _year_en(year: int) -> tuple[str, ...]:
    century, rest = divmod(year, 100)
    if century % 10 == 0 and rest < 10:
        return number(year, "en")
    if not rest:
        return (*number(century, "en"), name_of(100))
    return (*number(century, "en"), *(("oh",) if rest < 10 else ()), *number(rest, "en"))


def _first_en(value: int) -> str:
    if value <= 20:
        return _FIRST_EN[value - 1]
    tens, ones = divmod(value, 10)
    if not ones:
        return "thirtieth"
    return f"{'twenty' if tens == 2 else 'thirty'} {_FIRST_EN[ones - 1]}"


def _first_ug(value: int) -> str:
    tens, ones = divmod(value, 10)
    if not tens:
        return _FIRST_UG[ones - 1]
    return f"{_TENS_UG[tens - 1]} {_FIRST_UG[ones - 1]}" if ones else _TENTH_UG[tens - 1]


PARTS: dict[str, dict[str, str]] = {
    **{f"month-{n}": {"en": _MONTHS_EN[n - 1], "ug": _MONTHS_UG[n - 1]} for n in range(1, 13)},
    **{f"day-{n}": {"en": _first_en(n), "ug": f"{_first_ug(n)} كۈنى"} for n in range(1, 32)},
    "year": {"zh": "年", "ug": "ئىنچى يىلى"},
    "month": {"zh": "月"},
    "day": {"zh": "日"},
    "hour": {"zh": "点", "ug": "سائەت"},
    "minute": {"zh": "分", "ug": "مىنۇت"},
    "am": {"zh": "上午", "en": "a.m.", "ug": "چۈشتىن بۇرۇن"},
    "pm": {"zh": "下午", "en": "p.m.", "ug": "چۈشتىن كېيىن"},
    "noon": {"zh": "中午", "en": "noon"},
    "midnight": {"en": "midnight"},
    "oh": {"en": "oh"},
    YESTERDAY: {"zh": "昨天", "en": "yesterday", "ug": "تۈنۈگۈن"},
    TODAY: {"zh": "今天", "en": "today", "ug": "بۈگۈن"},
    TOMORROW: {"zh": "明天", "en": "tomorrow", "ug": "ئەتە"},
}

__all__ = ["PARTS", "clock", "day", "digits", "moment", "near_day"]
