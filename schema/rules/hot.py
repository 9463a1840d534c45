"""Hot cases (热点案卷): which open cases a leader should look at, by points that everybody can add up. Pure.

A sign gives so many points a time, up to a most; a case with HOT points or more is hot. A case is never hot for its
citizen, its words or its place: only for what happened to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

HOT = 3
"""So many points make a case hot."""
WITHIN = timedelta(days=60)
"""What happened longer ago does not count."""


@dataclass(frozen=True, slots=True)
class Sign:
    """`points` for each time it happened, at most `most` together."""

    points: int
    most: int


SIGNS: Mapping[str, Sign] = {
    "marked": Sign(5, 5),
    "joined": Sign(2, 10),
    "reopened": Sign(2, 6),
    "overdue": Sign(2, 2),
    "urged": Sign(1, 4),
}
"""Marked by a person; another report of the same matter merged into it; opened again; over its time; urged by a person
(what the clock urges by itself is the time's being over, and counted there)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case is hot: the `sign`, how many times, and the points it gives; told by messages `hot.why.SIGN`."""

    sign: str
    count: int
    points: int


def reasons(counts: Mapping[str, int]) -> tuple[Reason, ...]:
    """What speaks for a case, in the order of SIGNS, by how many times each is there; unknown ones count nothing."""
    return tuple(
        Reason(name, count, min(count * sign.points, sign.most))
        for name, sign in SIGNS.items()
        if (count := counts.get(name, 0)) > 0
    )


def score(why: tuple[Reason, ...]) -> int:
    """The points together."""
    return sum(reason.points for reason in why)


def is_hot(why: tuple[Reason, ...]) -> bool:
    """Whether they are enough."""
    return score(why) >= HOT
