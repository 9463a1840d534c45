"""Case numbers: ``ZW-20261124-0001`` is the first case of government services 政务服务 on that day of the site.

Social services 社会服务 are ``SH``. The day is the site's local one; numbers of a day have no gaps and go past 9999.
"""

import re
from datetime import date

PREFIXES = {"government": "ZW", "social": "SH"}
_NUMBER = re.compile(r"([A-Z]{2})-([0-9]{8})-([0-9]{4,})", re.ASCII)


def counter_key(class_: str, day: date) -> str:
    """The counter that a class and day count on. Raises ValueError for an unknown class."""
    if class_ not in PREFIXES:
        raise ValueError(f"there is no class of cases {class_!r}")
    return f"{PREFIXES[class_]}-{day:%Y%m%d}"


def case_no(class_: str, day: date, number: int) -> str:
    """The number of the day's case `number` (from 1). Raises ValueError."""
    if number < 1:
        raise ValueError(f"cases are counted from 1, not {number}")
    return f"{counter_key(class_, day)}-{number:04d}"


def read_case_no(text: str) -> tuple[str, date, int]:
    """Class, day and number of the day, as written in a case number. Raises ValueError."""
    found = _NUMBER.fullmatch(text)
    classes = {prefix: class_ for class_, prefix in PREFIXES.items()}
    if not found or found[1] not in classes:
        raise ValueError(f"not a case number: {text[:40]!r}")
    day = found[2]
    return classes[found[1]], date(int(day[:4]), int(day[4:6]), int(day[6:])), int(found[3])
