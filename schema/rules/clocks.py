"""The clock of a case: how long it may take, when the clock ran and when it stood still, and so when it is due.

A clock keeps its policy (`units` of `unit`), the name and version of its calendar, and its intervals, one after the
other without a gap. Working hours and working days are counted in open time, the other two in all time: what was
suspended is made up for in the same measure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from schema.rules.calendar import (
    WORKING_DAYS,
    WORKING_HOURS,
    Calendar,
    Due,
    after_open_time,
    due,
    open_time,
    reasoned,
)


class BadClock(ValueError):
    """What was asked of a clock is not possible as it stands: to suspend one that stands still, and the like."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `began` to `ended` (aware UTC; None: still) the clock was `running`, or stood still for a `reason`."""

    began: datetime
    ended: datetime | None = None
    running: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """`units` + `extra` (granted later) of `unit` by version `version` of the calendar `calendar`."""

    units: int
    unit: str
    calendar: str
    version: int
    intervals: tuple[Interval, ...]
    extra: int = 0

    @property
    def started(self) -> datetime:
        """When it began to run."""
        return self.intervals[0].began

    @property
    def ended(self) -> datetime | None:
        """When it was stopped; None while it is not."""
        return self.intervals[-1].ended

    @property
    def suspended(self) -> bool:
        """Whether it stands still now, and may go on."""
        return self.ended is None and not self.intervals[-1].running

    def suspend(self, at: datetime, reason: str) -> "Clock":
        """Let it stand still. Raises BadClock for one that does not run."""
        if self.suspended:
            raise BadClock("the clock stands still already")
        return self._next(at, Interval(at, running=False, reason=reason))

    def resume(self, at: datetime) -> "Clock":
        """Let it run on. Raises BadClock for one that does not stand still."""
        if not self.suspended:
            raise BadClock("the clock does not stand still")
        return self._next(at, Interval(at))

    def stop(self, at: datetime) -> "Clock":
        """End it. Raises BadClock for one that is ended."""
        return replace(self, intervals=self._closed(at))

    def restart(self) -> "Clock":
        """Take its end back, as if it had never been: no time is won. Raises BadClock for one that is not ended."""
        if self.ended is None:
            raise BadClock("the clock was not stopped")
        return replace(self, intervals=(*self.intervals[:-1], replace(self.intervals[-1], ended=None)))

    def extend(self, units: int) -> "Clock":
        """Give it more units. Raises BadClock for none."""
        if units < 1:
            raise BadClock("an extension is of at least one unit")
        return replace(self, extra=self.extra + units)

    def _next(self, at: datetime, then: Interval) -> "Clock":
        closed = self._closed(at)
        return replace(self, intervals=(*closed, replace(then, began=closed[-1].ended or at)))

    def _closed(self, at: datetime) -> tuple[Interval, ...]:
        last = self.intervals[-1]
        if last.ended is not None:
            raise BadClock("the clock was stopped")
        # Two machines tell the time a little differently: no interval ends before it began.
        return (*self.intervals[:-1], replace(last, ended=max(at, last.began)))


def start(units: int, unit: str, calendar: str, version: int, at: datetime) -> Clock:
    """A clock that runs from `at` (aware)."""
    return Clock(units, unit, calendar, version, (Interval(at.astimezone(UTC)),))


def deadline(clock: Clock, calendar: Calendar, whole: timedelta | None = None) -> Due | None:
    """When the clock is due, with the reasons; None while it stands still before that. `whole` as for `reached`."""
    at = reached(clock, calendar, 100, whole)
    if at is None:
        return None
    found = reasoned(clock.started, at, clock.units + clock.extra, clock.unit, calendar)
    stood = sum(
        (
            counted(one.began, min(one.ended, at), clock.unit, calendar)
            for one in clock.intervals
            if not one.running and one.ended is not None and one.began < at
        ),
        timedelta(0),
    )
    return replace(found, extra=clock.extra, suspended=stood)


def reached(
    clock: Clock, calendar: Calendar, percent: int, whole: timedelta | None = None
) -> datetime | None:
    """When the clock has used `percent` of its time; None when it stands still before that.

    `whole` is its `allowance`, for whoever asks several things of one clock: to count it takes longer than the rest.
    """
    left = (allowance(clock, calendar) if whole is None else whole) * percent / 100
    for began, ended in _running(clock):
        got = counted(began, ended, clock.unit, calendar) if ended is not None else None
        if got is None or got >= left:
            if clock.unit in (WORKING_HOURS, WORKING_DAYS):
                return after_open_time(began, left, calendar)
            return began + left
        left -= got
    return None


def used(clock: Clock, calendar: Calendar, now: datetime) -> timedelta:
    """How much of its time the clock has used up to `now`, or up to its end."""
    end = min(now, clock.ended) if clock.ended is not None else now
    return sum(
        (
            counted(one.began, min(one.ended or end, end), clock.unit, calendar)
            for one in clock.intervals
            if one.running and one.began < end
        ),
        timedelta(0),
    )


def allowance(clock: Clock, calendar: Calendar) -> timedelta:
    """How much time the clock allows, in its own measure, were it never suspended."""
    last = due(clock.started, clock.units + clock.extra, clock.unit, calendar).at
    return counted(clock.started, last, clock.unit, calendar)


def counted(start: datetime, end: datetime, unit: str, calendar: Calendar) -> timedelta:
    """How much of the time from `start` to `end` a clock of `unit` counts: open time, or all of it."""
    if end <= start:
        return timedelta(0)
    return open_time(start, end, calendar) if unit in (WORKING_HOURS, WORKING_DAYS) else end - start


def _running(clock: Clock) -> Iterator[tuple[datetime, datetime | None]]:
    """When it ran; the last interval without an end, for when it is due does not depend on when it was stopped."""
    for one in clock.intervals[:-1]:
        if one.running:
            yield one.began, one.ended
    last = clock.intervals[-1]
    if last.running:
        yield last.began, None
