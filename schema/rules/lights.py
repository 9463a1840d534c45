"""Lights (红黄绿灯) of a clock with their reason, and the steps of urging (催办, 督办): one place.

Both go by the share of its time that a clock has used, in percent, so that the yellow light and the first urging
come at the same moment. A light is told in words by messages `light.REASON` of the catalogue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schema.rules.calendar import Calendar
from schema.rules.clocks import Clock, allowance, reached, used
from schema.rules.duewords import span

SOON = 80
"""Percent of its time after which a clock is yellow."""


@dataclass(frozen=True, slots=True)
class Rung:
    """At `percent` of the time used, `what` is done and `tells` are told: worker (who has it), desk, supervisor."""

    what: str
    percent: int
    tells: tuple[str, ...]


LADDER = (
    Rung("urge", SOON, ("worker", "desk")),
    Rung("urge-again", 100, ("worker", "desk", "supervisor")),
    Rung("supervise", 150, ("supervisor",)),
)
"""催办, 二次催办, 督办."""

COLOURS = {
    "in-time": "green",
    "soon": "yellow",
    "over": "red",
    "suspended": "grey",
    "done": "green",
    "done-late": "red",
}
"""Reason → colour; grey stands still."""


@dataclass(frozen=True, slots=True)
class Light:
    """A colour with its reason: `percent` of the time is used, `left` of it remains (below zero: is over).

    Both are in the clock's own measure, `unit` says which: working time or all time.
    """

    reason: str
    percent: int
    left: timedelta
    unit: str

    @property
    def colour(self) -> str:
        """green, yellow, red or grey."""
        return COLOURS[self.reason]


def light(clock: Clock, calendar: Calendar, now: datetime) -> Light:
    """The light of a clock at `now` (aware); of one that is stopped, how it came out."""
    whole, gone = allowance(clock, calendar), used(clock, calendar, now)
    end, late, soon = clock.ended or now, reached(clock, calendar, 100), reached(clock, calendar, SOON)
    if late is not None and end > late:
        reason = "over" if clock.ended is None else "done-late"
    elif clock.ended is not None:
        reason = "done"
    elif clock.suspended:
        reason = "suspended"
    else:
        reason = "soon" if soon is not None and now >= soon else "in-time"
    return Light(reason, int(gone * 100 // whole), whole - gone, clock.unit)


def moments(clock: Clock, calendar: Calendar) -> list[tuple[Rung, datetime | None]]:
    """When each step of urging is due, None for what stands still before; nothing for a clock that is stopped."""
    if clock.ended is not None:
        return []
    return [(rung, reached(clock, calendar, rung.percent)) for rung in LADDER]


def climbed(clock: Clock, calendar: Calendar, now: datetime) -> list[Rung]:
    """The steps of urging that are due by now, the first first."""
    return [rung for rung, at in moments(clock, calendar) if at is not None and at <= now]


def next_moment(
    clock: Clock, calendar: Calendar, rungs: int, whole: timedelta | None = None
) -> datetime | None:
    """When a clock that has climbed so many steps is due for the next; None: it stands still, or there is none.

    `whole` as for `schema.rules.clocks.reached`.
    """
    if clock.ended is not None or clock.suspended or rungs >= len(LADDER):
        return None
    return reached(clock, calendar, LADDER[rungs].percent, whole)


def words(light: Light, language: str, say: Callable[..., str]) -> str:
    """The light's reason in words; `say` gives the message of a key with its values filled in."""
    return say(f"light.{light.reason}", percent=light.percent, time=span(light.left, light.unit, language))
