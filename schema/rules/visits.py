"""Return visits (回访): which closed cases are called, when, what a try leads to, and what the figures are of. Pure.

A case is called when it is closed, has a number that can be dialled, was not rated, and was closed `after_hours` ago
or longer (the voice script has had its turn by then), but not more than `within_days`. The rules are a book of the
site (`read_visits`); whatever that says, nobody is called between 21:00 and 08:00 of the site's clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schema.rules.bookparts import BadBook
from schema.rules.calendar import Calendar, Span
from schema.rules.callhours import WEEK, CallHours, read_hours, week_of
from schema.rules.categories import CLASSES
from schema.rules.dialling import NUMBER
from schema.rules.outcomes import ANSWERED, BUSY, FAILED, NO_ANSWER, REFUSED, WRONG_NUMBER

REACHED, DECLINED = "reached", "declined"
RESULTS = (REACHED, NO_ANSWER, BUSY, WRONG_NUMBER, REFUSED, FAILED, DECLINED)
"""What a try can come to: 接通, 无人接听, 占线, 号码错误, 拒接, 呼叫失败, 拒绝回访 (said on the telephone)."""
PAUSES: Mapping[str, str] = {
    BUSY: "busy_minutes", NO_ANSWER: "no_answer_minutes", REFUSED: "refused_minutes", FAILED: "failed_minutes",
}  # fmt: skip
"""After these the number is tried again: of each the field of the book that says how much later."""
AGAIN = tuple(PAUSES)
SKIPPED = "skipped"
"""No try: an agent looked at the case and left it for later, for a reason."""
SKIPS = ("later", "talked", "data")
"""Why: it is no good time; the citizen was talked to just now; something in the case has to be put right first."""
BY_KEYS = "by-keys"
"""What is written down of a citizen who told the voice script that it is not solved."""
LATER = timedelta(hours=1)
"""So much later a visit that was skipped comes again."""
NOT_REACHED = "not-reached"
ENDS = (REACHED, NOT_REACHED, WRONG_NUMBER, DECLINED)
"""How a visit ends; not-reached: the last try came to nothing."""
SCORES = range(1, 6)
"""1 very satisfied 非常满意 … 5 very dissatisfied 非常不满意, as in `schema.desk.ratings`."""
SATISFIED = (1, 2)

EARLIEST, LATEST = 8, 21
"""Hours of the local day; outside of them nobody is called, whatever the book says."""
RANGES: Mapping[str, tuple[int, int]] = {
    "after_hours": (0, 720), "within_days": (1, 365), "tries": (1, 10), "busy_minutes": (5, 2880),
    "no_answer_minutes": (5, 2880), "refused_minutes": (5, 10080), "failed_minutes": (5, 2880),
    "opens": (EARLIEST, LATEST), "closes": (EARLIEST, LATEST),
}  # fmt: skip
_CAME_LATER = ("refused_minutes", "failed_minutes", "week", "holidays")
_CATEGORY = re.compile(r"(?:[0-9]{2}){1,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VisitRules:
    """The book. `opens`, `closes`: hours of the local day; `classes`, `categories`: only these ("": all of them).

    A category stands for those below it: its code begins theirs. `week` are the days, Monday first, that have hours of
    their own ("09:00-12:00 14:00-18:00"; "-" for none; "" the usual); `holidays`: citizens are called on holidays too.
    """

    after_hours: int = 24
    within_days: int = 30
    tries: int = 3
    busy_minutes: int = 30
    no_answer_minutes: int = 180
    refused_minutes: int = 1440
    failed_minutes: int = 60
    opens: int = 9
    closes: int = 20
    classes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    week: tuple[str, ...] = ("",) * WEEK
    holidays: bool = False

    @property
    def hours(self) -> CallHours:
        """When citizens are called."""
        usual = Span(self.opens * 60, self.closes * 60)
        return CallHours(week_of(usual, self.week, EARLIEST, LATEST), self.holidays)

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        numbers = {name: getattr(self, name) for name in RANGES}
        lists = {"classes": self.classes, "categories": self.categories, "week": self.week}
        return numbers | {name: list(value) for name, value in lists.items()} | {"holidays": self.holidays}


def read_visits(body: Mapping[str, Any]) -> VisitRules:
    """The book "visits" from its JSON types. Raises BadBook."""
    known = VisitRules().body()
    # What a book of before these fields were there does not say is as usual.
    body = {name: known[name] for name in _CAME_LATER} | dict(body)
    faults = {key: "there is no such field" for key in body if key not in known}
    for name, (least, most) in RANGES.items():
        value = body.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            faults[name] = f"a whole number from {least} to {most}"
    if not faults and body["opens"] >= body["closes"]:
        faults["closes"] = "it closes after it opens"
    classes, codes = body.get("classes"), body.get("categories")
    if not isinstance(classes, list) or any(one not in CLASSES for one in classes):
        faults["classes"] = f"some of {', '.join(CLASSES)}"
    if not isinstance(codes, list) or len(codes) > 200 or any(
        not isinstance(one, str) or not _CATEGORY.fullmatch(one) for one in codes
    ):  # fmt: skip
        faults["categories"] = "codes of categories, two, four or six digits each"
    week = body.get("week")
    if not isinstance(week, list) or len(week) != WEEK or not all(map(_is_hours, week)):
        faults["week"] = f"hours of seven days, Monday first, between {EARLIEST}:00 and {LATEST}:00"
    if not isinstance(body.get("holidays"), bool):
        faults["holidays"] = "yes or no"
    if faults:
        raise BadBook(faults)
    assert isinstance(classes, list) and isinstance(codes, list) and isinstance(week, list)
    numbers: dict[str, Any] = {name: body[name] for name in RANGES}
    some = (tuple(sorted(set(classes))), tuple(sorted(set(codes))))
    days = tuple(text.strip() for text in week)
    return VisitRules(**numbers, classes=some[0], categories=some[1], week=days, holidays=body["holidays"])


def _is_hours(text: object) -> bool:
    if not isinstance(text, str) or len(text) > 100:
        return False
    try:
        if text.strip():
            read_hours(text, EARLIEST, LATEST)
        return True
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Closed:
    """What the rule asks of a case."""

    state: str
    number: str
    closed_at: datetime | None
    class_: str = ""
    category: str = ""
    rating: int | None = None


def closed_between(rules: VisitRules, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last moment at which a case to be called now was closed."""
    return now - timedelta(days=rules.within_days), now - timedelta(hours=rules.after_hours)


def is_due(rules: VisitRules, case: Closed, now: datetime) -> bool:
    """Whether the citizen of this case is to be called, if nobody was given it yet."""
    first, last = closed_between(rules, now)
    return (
        case.state == "closed"
        and case.rating is None
        and bool(NUMBER.fullmatch(case.number))
        and case.closed_at is not None
        and first <= case.closed_at <= last
        and (not rules.classes or case.class_ in rules.classes)
        and (not rules.categories or case.category.startswith(rules.categories))
    )


def may_call(rules: VisitRules, now: datetime, calendar: Calendar) -> bool:
    """Whether a citizen may be called at this moment."""
    return rules.hours.open_at(now, calendar)


def next_time(rules: VisitRules, moment: datetime, calendar: Calendar) -> datetime:
    """The moment itself if one may call then, else when calling begins again (in a week, if never)."""
    return rules.hours.next_open(moment, calendar) or moment + timedelta(days=WEEK)


@dataclass(frozen=True, slots=True)
class After:
    """What a try leads to: the visit `ended` so, or ("") is tried again at `next_at`."""

    ended: str = ""
    next_at: datetime | None = None


def after(rules: VisitRules, result: str, tries: int, now: datetime, calendar: Calendar) -> After:
    """What comes after a try; `tries` counts it. Raises ValueError for a result there is not."""
    if result not in RESULTS:
        raise ValueError(f"a try is one of {', '.join(RESULTS)}")
    if result not in AGAIN:
        return After(result)
    if tries >= rules.tries:
        return After(NOT_REACHED)
    minutes: int = getattr(rules, PAUSES[result])
    return After("", next_time(rules, now + timedelta(minutes=minutes), calendar))


def result_of(outcome: str) -> str:
    """What a try comes to by the call's own end, where nobody says otherwise."""
    return REACHED if outcome == ANSWERED else outcome


def dealt(cases: int, agents: int) -> list[int]:
    """How many each agent gets when cases are dealt evenly, those in front first."""
    return [cases // agents + (place < cases % agents) for place in range(agents)]


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of visits. given = reached + not_reached + wrong_number + declined + open + overtaken.

    `overtaken`: the case was rated or opened again before anybody was reached. `satisfied_*` are of `rated_*`.
    """

    given: int = 0
    reached: int = 0
    not_reached: int = 0
    wrong_number: int = 0
    declined: int = 0
    open: int = 0
    overtaken: int = 0
    rated_reception: int = 0
    satisfied_reception: int = 0
    rated_department: int = 0
    satisfied_department: int = 0
    unsolved: int = 0

    @property
    def ended(self) -> int:
        """Visits that came to an end on the telephone."""
        return self.reached + self.not_reached + self.wrong_number + self.declined


def share(part: int, of: int) -> int | None:
    """A part in whole per cent; None of nothing."""
    return round(100 * part / of) if of else None
