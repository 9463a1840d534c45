"""Intervals of the site's time: quarter hours to months, cut at local midnights, in UTC. Pure.

A day that the clocks change has 23 or 25 hours and is cut as long as it is; the hour that comes twice is two intervals.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTES = {"15min": 15, "30min": 30, "hour": 60}
EVERY = ("whole", *MINUTES, "day", "month")
MOST = 3_000
"""Intervals in one report: a month of quarter hours."""


class TooMany(ValueError):
    """More intervals than a report takes."""


def bounds(first: date, last: date, every: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The ends of the intervals from the first local day to the last, both included: one more than there are intervals.

    Raises TooMany; ValueError when the last day is before the first, or `every` is none of EVERY.
    """
    if last < first:
        raise ValueError("the last day is before the first")
    if every not in EVERY:
        raise ValueError(f"there is no interval {every!r}")
    end = midnight(last + timedelta(days=1), zone)
    found = [midnight(first, zone)]
    for edge in _edges(first, last, every, zone):
        found.append(edge)
        if len(found) > MOST:
            raise TooMany(f"more than {MOST} intervals")
    return (*found, end)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins (UTC); where midnight does not exist, the moment that the clocks jump."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def split(begins: datetime, ends: datetime, edges: Sequence[datetime]) -> Iterator[tuple[int, float]]:
    """How many seconds of a stretch lie in which interval; what lies outside all of them is left out."""
    begins, ends = max(begins, edges[0]), min(ends, edges[-1])
    i = bisect_right(edges, begins) - 1
    while begins < ends:
        until = min(ends, edges[i + 1])
        yield i, (until - begins).total_seconds()
        begins, i = until, i + 1


def _edges(first: date, last: date, every: str, zone: ZoneInfo) -> Iterator[datetime]:
    """The ends that lie within."""
    if every == "whole":
        return
    day = first
    while day <= last:
        following = day + timedelta(days=1)
        if every == "month":
            following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if every in MINUTES:
            step, at, until = (
                timedelta(minutes=MINUTES[every]),
                midnight(day, zone),
                midnight(following, zone),
            )
            while (at := at + step) < until:
                yield at
        if following <= last:
            yield midnight(following, zone)
        day = following


def steps(
    edges: Sequence[datetime], length: timedelta = timedelta(days=31)
) -> Iterator[tuple[tuple[datetime, ...], list[int]]]:
    """Edges in pieces that are counted one after another: of each its own edges, and which interval each part is of.

    No piece is longer than `length`; an interval that is longer is counted in parts, which add up.
    """
    part, of = [edges[0]], list[int]()
    for i, (begins, ends) in enumerate(pairwise(edges)):
        at = begins
        while at < ends:
            at = min(ends, at + length)
            if of and at - part[0] > length:
                yield tuple(part), of
                part, of = [part[-1]], []
            part.append(at)
            of.append(i)
    if of:
        yield tuple(part), of
