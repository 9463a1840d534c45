"""The daily brief (每日要情): its figures, each with what it is a share of and how it moved. Pure.

`Day` is what was counted of a day, or of a part of one; FIGURES is what is made of it, written down once, with the
definitions in words under `brief.figure.NAME`. A brief is kept as JSON (`body`), and read again (`read_body`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from schema.rules.callstats import Share, Value, worth

FORMAT = 1
"""The number of the body's form: one that is kept is read as it was written, for ever."""
SATISFIED = 2
"""Ratings from 1 (very satisfied) up to this one are satisfied."""
WITHIN = 20.0
"""Seconds of the service level."""


@dataclass(slots=True)
class Counts:
    """What is counted of a day. Waits belong to the day on which they began, everything else to that on which it
    happened. `late`: abandoned after WITHIN; `in_time`: of the closed, those whose clock had not run out.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    level_in: int = 0
    late: int = 0
    taken: int = 0
    filed: int = 0
    dispatched: int = 0
    closed: int = 0
    timed: int = 0
    in_time: int = 0
    reopened: int = 0
    rated: int = 0
    satisfied: int = 0


_NAMES = tuple(each.name for each in fields(Counts))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `kind`: count or share (shown in percent); `good`: "up" or "down" is the better way, "" neither."""

    name: str
    group: str
    kind: Literal["count", "share"]
    good: str
    of: Callable[[Counts], Value]


FIGURES = (
    Figure("offered", "calls", "count", "", lambda c: c.offered),
    Figure("answered", "calls", "share", "up", lambda c: Share(c.answered, c.offered)),
    Figure("abandoned", "calls", "share", "down", lambda c: Share(c.abandoned, c.offered)),
    Figure("level", "calls", "share", "up", lambda c: Share(c.level_in, c.answered + c.late)),
    Figure("taken", "cases", "count", "", lambda c: c.taken),
    Figure("filed", "cases", "count", "", lambda c: c.filed),
    Figure("dispatched", "cases", "count", "", lambda c: c.dispatched),
    Figure("closed", "cases", "count", "", lambda c: c.closed),
    Figure("in_time", "cases", "share", "up", lambda c: Share(c.in_time, c.timed)),
    Figure("reopened", "cases", "count", "down", lambda c: c.reopened),
    Figure("satisfied", "cases", "share", "up", lambda c: Share(c.satisfied, c.rated)),
)
GROUPS = ("calls", "cases")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: `names` by language ("" for every one), a `part` and what it is a part of (0: of nothing)."""

    key: str
    names: Mapping[str, str]
    part: int
    whole: int = 0

    def name(self, language: str) -> str:
        """Its name in a language, in Chinese, or its key."""
        return self.names.get(language) or self.names.get("") or self.names.get("zh") or self.key


@dataclass(frozen=True, slots=True)
class Hot:
    """A hot case as the brief has it: its id, number and title, and the count of each sign (see `schema.rules.hot`)."""

    case: str
    case_no: str
    title: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Brief:
    """A day's brief: its counts, those of the day before and of the same weekday a week before, charts, hot cases.

    `hours` has the cases taken in each hour of the day, `categories` and `areas` the cases taken, `units` the cases
    closed in time of those closed. `upto`: "" of a whole day, else the time "HH:MM" up to which all three days count.
    """

    day: str
    now: Counts
    before: Counts
    week: Counts
    hours: Sequence[Bar] = ()
    categories: Sequence[Bar] = ()
    areas: Sequence[Bar] = ()
    units: Sequence[Bar] = ()
    hot: Sequence[Hot] = field(default=())
    upto: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """How a figure differs from another day's: `by` is a number, of shares percentage points; None: not comparable.

    `way`: better, worse, or "" (the same, or neither is better).
    """

    by: float | None
    way: str


def move(figure: Figure, now: Counts, other: Counts) -> Move:
    """From the other day's to this one's."""
    here, there = worth(figure.of(now)), worth(figure.of(other))
    if here is None or there is None:
        return Move(None, "")
    by = round((here - there) * 100, 1) if figure.kind == "share" else here - there
    if not by or not figure.good:
        return Move(by, "")
    return Move(by, "better" if (by > 0) is (figure.good == "up") else "worse")


def body(brief: Brief) -> dict[str, Any]:
    """The brief as JSON types."""
    return {"format": FORMAT, **asdict(brief)}


def read_body(found: Mapping[str, Any]) -> Brief:
    """A brief that was kept; counts that a later form added are 0, those that it lost are left out."""

    def counts(name: str) -> Counts:
        return Counts(**{key: value for key, value in found.get(name, {}).items() if key in _NAMES})

    def bars(name: str) -> list[Bar]:
        return [
            Bar(one["key"], one["names"], one["part"], one.get("whole", 0)) for one in found.get(name, ())
        ]

    hot = [Hot(one["case"], one["case_no"], one["title"], one["counts"]) for one in found.get("hot", ())]
    return Brief(found["day"], counts("now"), counts("before"), counts("week"), bars("hours"), bars("categories"),
                 bars("areas"), bars("units"), hot, found.get("upto", ""))  # fmt: skip
