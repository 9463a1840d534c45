"""Samples of calls for inspection (抽检): what a plan draws of answered, recorded legs, and why no others. Pure.

A draw needs no generator of random numbers: every leg has a place, SHA-256 of the seed and its id, and of each agent
those in front are taken. So the same seed draws the same from the same calls, whatever order they come in and whatever
machine draws; and a leg's place does not change when others come, so that drawing again adds and never swaps.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from schema.rules.bookparts import BadBook

MOST_EACH, LONGEST, MOST_NAMES = 50, 24 * 3600, 40
RATINGS = range(1, 6)
"""1 very satisfied … 5 very dissatisfied."""
TAKEN, SHORT, LONG, RATING, QUEUE, PURPOSE, OVER = (
    "taken",
    "short",
    "long",
    "rating",
    "queue",
    "purpose",
    "over",
)
WHY_NOT = (TAKEN, SHORT, LONG, QUEUE, PURPOSE, RATING, OVER)
"""Why a leg is not drawn, in the order they are asked: already inspected, too short or too long, another queue, purpose
or rating; fit, but beyond the number of each agent."""
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)
_SEED = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a plan draws of a week: `each` legs of every agent, from `least` to `most` seconds (0: any length).

    `ratings`, `queues`, `purposes`: only these; none: all of them, unrated calls too.
    """

    each: int = 3
    least: int = 0
    most: int = 0
    ratings: tuple[int, ...] = ()
    queues: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """As JSON types."""
        numbers = {"each": self.each, "least": self.least, "most": self.most}
        lists = {"ratings": list(self.ratings), "queues": list(self.queues), "purposes": list(self.purposes)}
        return numbers | lists

    def why_not(self, leg: "Leg") -> str:
        """The first reason for which a leg is not drawn at all; "" when it fits."""
        if leg.taken:
            return TAKEN
        if leg.seconds < self.least:
            return SHORT
        if self.most and leg.seconds > self.most:
            return LONG
        if self.queues and leg.queue not in self.queues:
            return QUEUE
        if self.purposes and leg.purpose not in self.purposes:
            return PURPOSE
        if self.ratings and leg.rating not in self.ratings:
            return RATING
        return ""


@dataclass(frozen=True, slots=True)
class Leg:
    """An answered, recorded leg: the id of its recording, whose it is, and what is asked of it.

    `rating` is the citizen's, None when they gave none; `taken`: it is inspected already, `counts` by this very plan.
    """

    id: UUID
    agent: UUID
    seconds: float
    queue: str = ""
    purpose: str = ""
    rating: int | None = None
    taken: bool = False
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a draw came to: the legs in the order of their places, and of each agent how many there were and why not.

    Of every agent: "all" = those drawn ("drawn") and every reason of `WHY_NOT` added up.
    """

    legs: tuple[Leg, ...]
    told: Mapping[UUID, Mapping[str, int]]

    def whole(self) -> dict[str, int]:
        """The same of all agents together."""
        names = ("all", "drawn", *WHY_NOT)
        return {name: sum(one.get(name, 0) for one in self.told.values()) for name in names}


def place(seed: str, leg: UUID) -> str:
    """Where a leg stands in a draw by this seed: hexadecimal, the smallest in front."""
    return sha256(f"{seed}:{leg}".encode()).hexdigest()


def draw(rule: Rule, seed: str, legs: Iterable[Leg]) -> Drawn:
    """Draw of these legs. Those that this plan drew before count towards the number of each agent."""
    fits: dict[UUID, list[Leg]] = {}
    told: dict[UUID, dict[str, int]] = {}
    had: dict[UUID, int] = {}
    for leg in legs:
        counts = told.setdefault(leg.agent, {"all": 0, "drawn": 0})
        counts["all"] += 1
        had[leg.agent] = had.get(leg.agent, 0) + leg.counts
        if why := rule.why_not(leg):
            counts[why] = counts.get(why, 0) + 1
        else:
            fits.setdefault(leg.agent, []).append(leg)
    drawn: list[Leg] = []
    for agent, found in fits.items():
        ranked = sorted(found, key=lambda leg: place(seed, leg.id))
        some = ranked[: max(0, rule.each - had[agent])]
        told[agent]["drawn"] = len(some)
        if over := len(ranked) - len(some):
            told[agent][OVER] = over
        drawn += some
    return Drawn(tuple(sorted(drawn, key=lambda leg: place(seed, leg.id))), told)


def deal(
    legs: Iterable[Leg], hears: Mapping[UUID, Collection[UUID]], has: Mapping[UUID, int]
) -> dict[UUID, UUID]:
    """Who inspects which leg: always who has the least and may hear it, nobody themselves; `has`: what each has now.

    `hears` says of each inspector which recordings they may hear. A leg that nobody may inspect is left out.
    """
    load = {inspector: has.get(inspector, 0) for inspector in hears}
    able = {
        leg.id: choice
        for leg in legs
        if (choice := [one for one in hears if one != leg.agent and leg.id in hears[one]])
    }
    found: dict[UUID, UUID] = {}
    # Those that few may inspect go first, so that the others can make up for them.
    for id in sorted(able, key=lambda id: len(able[id])):
        found[id] = min(able[id], key=lambda one: (load[one], str(one)))
        load[found[id]] += 1
    return found


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def span_of(week: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when (included) to when (not included) the week lasts that begins on this Monday, UTC."""
    begin, end = (
        datetime.combine(day, time.min, zone).astimezone(UTC) for day in (week, week + timedelta(days=7))
    )
    return begin, end


def is_seed(text: str) -> bool:
    """Whether this can be a seed: up to 40 letters, digits or dashes."""
    return bool(_SEED.fullmatch(text))


def read_rule(body: Mapping[str, Any]) -> Rule:
    """A rule out of its JSON types. Raises BadBook with every fault by its field."""
    faults = {key: "there is no such field" for key in body if key not in Rule().body()}
    numbers = {}
    for name, (least, most) in {"each": (1, MOST_EACH), "least": (0, LONGEST), "most": (0, LONGEST)}.items():
        value = body.get(name, 0)
        numbers[name] = value if isinstance(value, int) and not isinstance(value, bool) else -1
        if not least <= numbers[name] <= most:
            faults[name] = f"a whole number from {least} to {most}"
    if not faults and numbers["most"] and numbers["most"] < numbers["least"]:
        faults["most"] = "the longest is not shorter than the shortest"
    ratings = body.get("ratings", [])
    if not isinstance(ratings, list) or any(one not in RATINGS or isinstance(one, bool) for one in ratings):
        faults["ratings"] = "ratings are 1 to 5"
    names: dict[str, tuple[str, ...]] = {}
    for name in ("queues", "purposes"):
        given = body.get(name, [])
        if not isinstance(given, list) or len(given) > MOST_NAMES or any(
            not isinstance(one, str) or not _WORD.fullmatch(one) for one in given
        ):  # fmt: skip
            faults[name] = f"at most {MOST_NAMES} names"
            continue
        names[name] = tuple(sorted(set(given)))
    if faults:
        raise BadBook(faults)
    found = tuple(sorted(set(ratings)))
    return Rule(numbers["each"], numbers["least"], numbers["most"], found, names["queues"], names["purposes"])
