"""The figures of call reports: what is counted, what is counted from it, and what each is a share of. Pure.

`Counts` of intervals, queues, agents or languages add up to those of the whole. Every figure is written down once, in
FIGURES; docs/figures.md has the definitions in words. Times are seconds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Literal

ANSWER_WITHIN = 15.0
"""GB/T 33358: a caller is answered within 15 s."""
SHORT = 5.0
"""Who gives up sooner is shown apart: a wrong number, or a change of mind."""
SATISFIED = 2
"""Of the ratings from 1 (very satisfied) to 5, up to this one."""
HANDLING = ("ringing", "talking", "hold", "wrapup")
HOW_SENT = ("blind", "consulted", "forced", "taken")
"""Transfers that somebody wanted; what follows from a broken browser is none."""


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; `value` is None when there is nothing to share."""

    part: float
    whole: float

    @property
    def value(self) -> float | None:
        """Part divided by whole."""
        return self.part / self.whole if self.whole else None


@dataclass(slots=True)
class Counts:
    """What was counted of one row of a report.

    A wait belongs to the interval in which it began, whenever it ended. `in_15`, `in_time`: answered within 15 s, and
    within the time asked for; `late`: abandoned after that time; `short`: abandoned within 5 s. `error` is how much
    longer those waited who had been told a time and were answered (`told_answered`), `error_size` the same without its
    sign; `told_in_vain`: gave up after the time they had been told. `handled`: times that a seat began to talk with a
    citizen from a queue; `rated`: talks that citizens rated afterwards, `satisfied` of these with 1 or 2; `talk`,
    `hold` and `wrapup` are of those handled alone, the seats' own times are of everything.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    overflowed: int = 0
    called_back: int = 0
    waiting: int = 0
    in_15: int = 0
    in_time: int = 0
    late: int = 0
    short: int = 0
    waited: float = 0.0
    longest: float = 0.0
    told_answered: int = 0
    told_in_vain: int = 0
    error: float = 0.0
    error_size: float = 0.0
    within_half: int = 0
    handled: int = 0
    talk: float = 0.0
    hold: float = 0.0
    wrapup: float = 0.0
    transfers: int = 0
    consults: int = 0
    handling: float = 0.0
    ready: float = 0.0
    logged_in: float = 0.0
    rated: int = 0
    satisfied: int = 0
    pauses: dict[str, float] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Whether every wait that began is accounted for; `offered` is counted by itself."""
        ends = self.answered + self.abandoned + self.overflowed + self.called_back + self.waiting
        return self.offered == ends

    @property
    def paused(self) -> float:
        """All pauses."""
        return sum(self.pauses.values())

    def add(self, other: "Counts") -> None:
        """Take another row's counts in."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest = max(self.longest, other.longest)
        for reason, seconds in other.pauses.items():
            self.pauses[reason] = self.pauses.get(reason, 0.0) + seconds

    def spell(self, state: str, reason: str, seconds: float, of_queue: bool) -> None:
        """A seat was in a state for so long; `of_queue`: with a call that came out of a queue."""
        self.logged_in += seconds
        if state in HANDLING:
            self.handling += seconds
        if state == "ready":
            self.ready += seconds
        if state == "paused":
            self.pauses[reason] = self.pauses.get(reason, 0.0) + seconds
        if of_queue and state == "hold":
            self.hold += seconds
        if of_queue and state == "wrapup":
            self.wrapup += seconds


_SUMS = tuple(each.name for each in fields(Counts) if each.name not in ("longest", "pauses"))


def total(rows: Iterable[Counts]) -> Counts:
    """The whole."""
    whole = Counts()
    for row in rows:
        whole.add(row)
    return whole


Kind = Literal["count", "share", "seconds", "time"]
Scope = Literal["queue", "any", "seat"]
Value = int | float | Share


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `kind`: count; share, shown in percent; seconds, a mean with one decimal; time, a sum of hours.

    `scope`: a "queue" figure cannot be told of one agent, for who gave up was nobody's; a "seat" figure not of one
    queue or language, for a seat that is ready is so for all of its queues.
    """

    name: str
    group: str
    kind: Kind
    scope: Scope
    of: Callable[[Counts], Value]


FIGURES = (
    Figure("offered", "waits", "count", "queue", lambda c: c.offered),
    Figure("answered", "waits", "count", "any", lambda c: c.answered),
    Figure("abandoned", "waits", "count", "queue", lambda c: c.abandoned),
    Figure("overflowed", "waits", "count", "queue", lambda c: c.overflowed),
    Figure("called_back", "waits", "count", "queue", lambda c: c.called_back),
    Figure("waiting", "waits", "count", "queue", lambda c: c.waiting),
    Figure("short", "waits", "count", "queue", lambda c: c.short),
    Figure("connect", "speed", "share", "queue", lambda c: Share(c.answered, c.offered - c.waiting)),
    Figure("in_15", "speed", "share", "any", lambda c: Share(c.in_15, c.answered)),
    Figure("level", "speed", "share", "queue", lambda c: Share(c.in_time, c.answered + c.late)),
    Figure("asa", "speed", "seconds", "any", lambda c: Share(c.waited, c.answered)),
    Figure("longest", "speed", "seconds", "any", lambda c: c.longest),
    Figure("handled", "handling", "count", "any", lambda c: c.handled),
    Figure("aht", "handling", "seconds", "any", lambda c: Share(c.talk + c.hold + c.wrapup, c.handled)),
    Figure("talk", "handling", "time", "any", lambda c: c.talk),
    Figure("hold", "handling", "time", "any", lambda c: c.hold),
    Figure("wrapup", "handling", "time", "any", lambda c: c.wrapup),
    Figure("transfers", "handling", "count", "any", lambda c: c.transfers),
    Figure("consults", "handling", "count", "any", lambda c: c.consults),
    Figure("rated", "handling", "count", "any", lambda c: c.rated),
    Figure("satisfied", "handling", "share", "any", lambda c: Share(c.satisfied, c.rated)),
    Figure("occupancy", "seats", "share", "seat", lambda c: Share(c.handling, c.handling + c.ready)),
    Figure("logged_in", "seats", "time", "seat", lambda c: c.logged_in),
    Figure("paused", "seats", "time", "seat", lambda c: c.paused),
    Figure("told", "promises", "count", "any", lambda c: c.told_answered + c.told_in_vain),
    Figure("bias", "promises", "seconds", "any", lambda c: Share(c.error, c.told_answered)),
    Figure("mae", "promises", "seconds", "any", lambda c: Share(c.error_size, c.told_answered)),
    Figure(
        "half", "promises", "share", "any", lambda c: Share(c.within_half, c.told_answered + c.told_in_vain)
    ),
)


def figures(*, queues: bool, agents: bool) -> tuple[Figure, ...]:
    """The figures of a report: `queues` when it is by or of one queue or language, `agents` by or of one agent."""
    hidden = {"seat"} if queues else set()
    hidden |= {"queue"} if agents else set()
    return tuple(figure for figure in FIGURES if figure.scope not in hidden)


def worth(value: Value) -> float | None:
    """The number of a figure's value; None when there is nothing to tell."""
    return value.value if isinstance(value, Share) else value
