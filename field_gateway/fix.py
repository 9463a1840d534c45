"""Positions: each fix passes one ordered list of checks; the first that objects names the flag. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FUTURE = timedelta(minutes=2)
"""How far a handset's clock may run ahead before its times are flagged."""
OLD = timedelta(days=7)
INACCURATE = 2_000.0
"""Metres: a fix worse than this tells only the neighbourhood."""
FASTEST = 60.0
"""Metres a second (216 km/h) that nobody on duty exceeds."""
EARTH = 6_371_008.8
"""Mean radius of the earth in metres (IUGG); good to 0.5 %, enough to know a jump."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A fix: WGS-84 degrees, metres of accuracy (None: not told), the handset's time in UTC."""

    fixed_at: datetime
    lon: float
    lat: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check sees: the fix, our time, and the last trusted fix of the same device (None: none yet)."""

    fix: Fix
    now: datetime
    last: Fix | None


def in_the_future(seen: Seen) -> str:
    """The handset's clock is ahead."""
    return "future" if is_future(seen.fix.fixed_at, seen.now) else ""


def too_old(seen: Seen) -> str:
    """The fix waited longer than positions are worth keeping."""
    return "old" if seen.now - seen.fix.fixed_at > OLD else ""


def at_null_island(seen: Seen) -> str:
    """Exactly 0, 0 is what a receiver says that knows nothing."""
    return "null-island" if seen.fix.lon == 0 and seen.fix.lat == 0 else ""


def inaccurate(seen: Seen) -> str:
    """The fix is too vague to be drawn as a point."""
    return "inaccurate" if (seen.fix.accuracy or 0) > INACCURATE else ""


def jumped(seen: Seen) -> str:
    """Faster than anybody moves, after allowing for what both fixes may be off."""
    fix, last = seen.fix, seen.last
    if last is None:
        return ""
    seconds = abs((fix.fixed_at - last.fixed_at).total_seconds())
    slack = (fix.accuracy or 0) + (last.accuracy or 0)
    return "jump" if metres(fix, last) - slack > FASTEST * max(seconds, 1) else ""


CHECKS: tuple[Callable[[Seen], str], ...] = (in_the_future, too_old, at_null_island, inaccurate, jumped)


def flags(fixes: Sequence[Fix], now: datetime, last: Fix | None) -> list[str]:
    """A flag for each fix ("" when trusted), in the given order; judged in the order of their times."""
    found = [""] * len(fixes)
    for place in sorted(range(len(fixes)), key=lambda index: fixes[index].fixed_at):
        seen = Seen(fixes[place], now, last)
        found[place] = next((flag for check in CHECKS if (flag := check(seen))), "")
        if not found[place]:
            last = fixes[place]
    return found


def is_future(made: datetime, now: datetime) -> bool:
    """Whether a handset's time is ahead of ours by more than clocks may differ."""
    return made - now > FUTURE


def metres(one: Fix, other: Fix) -> float:
    """Great-circle distance on a sphere (haversine)."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    across = math.sin((lat2 - lat1) / 2) ** 2
    along = math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(across + math.cos(lat1) * math.cos(lat2) * along)))
