"""Positions pass one ordered list of filters; the first that objects names the flag a position is kept with. Pure.

The list is that of Traccar's FilterHandler (org.traccar.handler): first what is wrong with the position by itself, then
what is too much or impossible after the trusted one before it in time (its `filter.relative`). Times are Unix
seconds, places WGS-84 degrees, lengths metres, speeds metres a second.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

EARTH = 6_371_008.8
"""Mean radius of the earth in metres (IUGG); good to 0.5 %, enough to know a jump."""

DEGREE = math.radians(1) * EARTH
"""Metres of a degree along a great circle."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the filters allow; 0, False and () turn one off where that makes sense.

    `future`, `past` seconds ahead of and behind our clock; `accuracy` metres; `approximate` and `static` flag what is
    by radio cells, or says that it does not move; `distance` metres and `min_period` seconds since the one before;
    `max_speed`, but `agree` jumps in a row to one place are none; above `daily` in a UTC day one in `daily_interval`
    seconds (0: none). What is kept `skip_after` seconds after the one before, or has one of `skip_attributes`, is never
    too much or impossible.
    """

    future: float = 120.0
    past: float = 7 * 86_400.0
    accuracy: float = 2_000.0
    approximate: bool = False
    static: bool = False
    duplicate: bool = True
    distance: float = 0.0
    max_speed: float = 60.0
    agree: int = 5
    min_period: float = 0.0
    daily: int = 20_000
    daily_interval: float = 60.0
    skip_after: float = 900.0
    skip_attributes: tuple[str, ...] = ()


@dataclass(slots=True)
class Fix:
    """A position as the filters see it. `taken` is our time of it, `told` the names of what it says besides its place.

    `accuracy` 0 when not told, `speed` None. `valid`: the receiver has a fix; `outdated`: it repeats its last one.
    """

    at: float
    lon: float
    lat: float
    accuracy: float = 0.0
    speed: float | None = None
    approximate: bool = False
    valid: bool = True
    outdated: bool = False
    taken: float = 0.0
    told: frozenset[str] = frozenset()


Check = Callable[[Fix, Limits, float], bool]
Compare = Callable[[Fix, Fix, Limits], bool]


def _invalid(fix: Fix, _limits: Limits, _now: float) -> bool:
    # "not <=" and not ">": NaN is no place either.
    return not (fix.valid and -180 <= fix.lon <= 180 and -90 <= fix.lat <= 90)


def _zero(fix: Fix, _limits: Limits, _now: float) -> bool:
    return fix.lon == 0 and fix.lat == 0


def _outdated(fix: Fix, _limits: Limits, _now: float) -> bool:
    return fix.outdated


def _future(fix: Fix, limits: Limits, now: float) -> bool:
    return fix.at - now > limits.future


def _old(fix: Fix, limits: Limits, now: float) -> bool:
    return 0 < limits.past < now - fix.at


def _inaccurate(fix: Fix, limits: Limits, _now: float) -> bool:
    # Cells are kilometres wide; how vague they are is what `approximate` and the fusion are for.
    return 0 < limits.accuracy < fix.accuracy and not fix.approximate


def _approximate(fix: Fix, limits: Limits, _now: float) -> bool:
    return limits.approximate and fix.approximate


def _duplicate(fix: Fix, last: Fix, limits: Limits) -> bool:
    return limits.duplicate and fix.at == last.at and fix.told <= last.told


def _static(fix: Fix, _last: Fix, limits: Limits) -> bool:
    return limits.static and fix.speed == 0


def _near(fix: Fix, last: Fix, limits: Limits) -> bool:
    return limits.distance > 0 and metres(fix, last) < limits.distance


def _jump(fix: Fix, last: Fix, limits: Limits) -> bool:
    if limits.max_speed <= 0:
        return False
    # Both may be off by as much as they say they are.
    allowed = limits.max_speed * max(abs(fix.at - last.at), 1.0) + fix.accuracy + last.accuracy
    # No way is longer than its degrees added up: mostly that is enough to know.
    if (abs(fix.lon - last.lon) + abs(fix.lat - last.lat)) * DEGREE <= allowed:
        return False
    return metres(fix, last) > allowed


def _too_soon(fix: Fix, last: Fix, limits: Limits) -> bool:
    return 0 < fix.at - last.at < limits.min_period


ALONE: tuple[tuple[str, Check], ...] = (
    ("invalid", _invalid),
    ("zero", _zero),
    ("outdated", _outdated),
    ("future", _future),
    ("old", _old),
    ("inaccurate", _inaccurate),
    ("approximate", _approximate),
)
"""What is wrong with a position by itself, in order."""
AFTER: tuple[tuple[str, Compare], ...] = (
    ("duplicate", _duplicate),
    ("static", _static),
    ("distance", _near),
    ("jump", _jump),
    ("too-soon", _too_soon),
)
"""What is too much or impossible after the trusted position before it, in order; then "daily-limit"."""
FLAGS = (*(name for name, _ in ALONE), *(name for name, _ in AFTER), "daily-limit")
"""Every flag there is, in the order in which they are looked for."""


_OFF: dict[str, Callable[[Limits], bool]] = {
    "old": lambda limits: limits.past <= 0,
    "inaccurate": lambda limits: limits.accuracy <= 0,
    "approximate": lambda limits: not limits.approximate,
    "duplicate": lambda limits: not limits.duplicate,
    "static": lambda limits: not limits.static,
    "distance": lambda limits: limits.distance <= 0,
    "jump": lambda limits: limits.max_speed <= 0,
    "too-soon": lambda limits: limits.min_period <= 0,
}
"""When a filter never objects: of twelve calls a position most sites spare four."""


@lru_cache(maxsize=16)
def _used(limits: Limits) -> tuple[tuple[tuple[str, Check], ...], tuple[tuple[str, Compare], ...]]:
    def is_used(name: str) -> bool:
        return name not in _OFF or not _OFF[name](limits)

    return (
        tuple(one for one in ALONE if is_used(one[0])),
        tuple(one for one in AFTER if is_used(one[0])),
    )


def judge(
    fixes: Sequence[Fix], limits: Limits, now: float, last: Fix | None, today: int = 0
) -> tuple[list[str], Fix | None]:
    """A flag for each position ("" when trusted) in their order, judged in that of their times; and the last trusted.

    `last` is the trusted position before the first of them, None if there is none; `today` how many the device has
    had kept on the day of the first.
    """
    found = [""] * len(fixes)
    day = None
    trusted: list[int] = []
    others: list[int] = []
    has_past = last is not None
    used = _used(limits)
    for place in sorted(range(len(fixes)), key=lambda index: fixes[index].at):
        fix = fixes[place]
        if day is not None and fix.at // 86_400 != day:
            today = 0
        day = fix.at // 86_400
        flag = found[place] = _flag(fix, limits, now, last, today, *used)
        today += 1
        if flag == "jump":
            others = [*others, place] if others and not _jump(fix, fixes[others[-1]], limits) else [place]
            if 0 < limits.agree <= len(others):
                # So many that agree with each other are right, and what they jumped away from was not, unless more
                # than they stood for it.
                for one in others:
                    found[one] = ""
                if not has_past and len(trusted) < len(others):
                    for one in trusted:
                        found[one] = "jump"
                last, trusted, others = fix, others, []
        elif not flag:
            last = fix
            trusted.append(place)
            others = []
    return found, last


def _flag(
    fix: Fix, limits: Limits, now: float, last: Fix | None, today: int,
    alone: tuple[tuple[str, Check], ...], after: tuple[tuple[str, Compare], ...],
) -> str:  # fmt: skip
    for name, objects in alone:
        if objects(fix, limits, now):
            return name
    if last is None or _passes(fix, last, limits):
        return ""
    for name, compares in after:
        if compares(fix, last, limits):
            return name
    if 0 < limits.daily <= today:
        is_spaced = limits.daily_interval > 0 and fix.at - last.at >= limits.daily_interval
        return "" if is_spaced else "daily-limit"
    return ""


def metres(one: Fix, other: Fix) -> float:
    """Great-circle distance on a sphere (haversine)."""
    return between(one.lon, one.lat, other.lon, other.lat)


def between(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle distance of two places on a sphere (haversine), in metres."""
    first, second = math.radians(lat1), math.radians(lat2)
    up = math.sin((second - first) / 2) ** 2
    along = math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(up + math.cos(first) * math.cos(second) * along)))


def _passes(fix: Fix, last: Fix, limits: Limits) -> bool:
    if 0 < limits.skip_after < fix.taken - last.taken:
        return True
    return bool(limits.skip_attributes) and not fix.told.isdisjoint(limits.skip_attributes)
