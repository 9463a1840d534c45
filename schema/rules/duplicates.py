"""Duplicates: how likely two requests are about the same thing, as a score whose every share says its reason. Pure.

Seven parts are looked at; each has a strength between 0 and 1, and its share of the score is its weight times that.
What is not known has strength 0, so a share is only ever added. The score is about two requests, never about a person.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from uuid import UUID

from schema.rules.matters import matters_of, sameness
from schema.rules.plaintext import digits, likeness, pieces, plain, telling

SAME_PLACE, REACH = 30.0, 400.0
"""Metres: so near is the same place; from there on two places have nothing to do with each other."""
SAME_CELL, NEXT_CELL, NUMBER = 0.45, 0.15, 0.35
"""What it says of the place when nothing but the cells is known, and what a number that both addresses have adds."""
FRESH, STALE = 2.0, 45.0
"""Days between two requests: up to `FRESH` time speaks for the same thing in full, from `STALE` on not at all."""
UNLIKE, ALIKE = 0.08, 0.35
"""Likeness of texts: below the first it is chance, above the second the texts say the same."""
HALF_KNOWN = 0.35
"""What like words still say of the matter when the list knows the matter of one request only."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part can add at most; together 1. Chosen on the tuning half of the pairs of docs/duplicates.md."""

    place: float = 0.35
    matter: float = 0.27
    time: float = 0.17
    text: float = 0.09
    phone: float = 0.06
    kind: float = 0.03
    contact: float = 0.03

    def __post_init__(self) -> None:
        values = [getattr(self, field.name) for field in fields(self)]
        if any(not 0 <= value <= 1 for value in values) or not math.isclose(math.fsum(values), 1):
            raise ValueError("the weights of the parts lie between 0 and 1 and are 1 together")


WEIGHTS = Weights()
THRESHOLD = 0.70
"""From this score on a request is shown as a likely duplicate, unless a supervisor chose another.

It is above what all other parts give together when the place says nothing (0.65), or what is said does not (0.64).
"""
LOWEST, HIGHEST = 0.3, 0.95
"""Between these a threshold makes sense: below, everything of a street is shown; above, nothing."""


@dataclass(frozen=True)
class Request:
    """A request as it is compared. `at` is aware; `cell` and `category` "" when not known.

    `category` is a code of the city's event categories; without it the matter is told from title and text.
    """

    title: str
    text: str
    at: datetime
    cell: str = ""
    address: str = ""
    phone: str = ""
    contact: UUID | None = None
    class_: str = ""
    kind: str = ""
    category: str = ""

    @cached_property
    def where(self) -> str:
        """The address, folded."""
        return plain(self.address)

    @cached_property
    def matters(self) -> dict[str, int]:
        """What it is about."""
        return matters_of(plain(self.title), plain(self.text))

    @cached_property
    def words(self) -> Counter[str]:
        """The pieces of title and text without the address, which is a matter of the place."""
        said = plain(f"{self.title} {self.text}")
        return pieces(telling(said.replace(self.where, " ") if len(self.where) > 2 else said))

    @cached_property
    def caller(self) -> str:
        """The digits of the number, without what only says how to dial it from afar; "" for a withheld one."""
        found = "".join(re.findall(r"[0-9]", plain(self.phone)))
        found = re.sub(r"^(0086|86(?=1[0-9]{10}$))", "", found)
        return found.lstrip("0") if len(found) >= 5 else ""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far apart two requests are: `metres` on the ellipsoid when both have a point; whether their cells are next to
    each other (`near`)."""

    metres: float | None = None
    near: bool = False


UNKNOWN = Apart()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: `share` of it (0 to the part's weight), and why: a key of words, and its values."""

    name: str
    share: float
    why: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Score:
    """How likely two requests are about the same thing (0 to 1), and the parts with a share, the largest first."""

    value: float
    parts: tuple[Part, ...]


def score(one: Request, two: Request, apart: Apart = UNKNOWN, weights: Weights = WEIGHTS) -> Score:
    """Compare two requests; which is which does not matter."""
    found = {
        "place": _place(one, two, apart),
        "matter": _matter(one, two),
        "text": _text(one, two),
        "phone": (float(bool(one.caller) and one.caller == two.caller), "phone", {}),
        "time": _time(one, two),
        "contact": (float(one.contact is not None and one.contact == two.contact), "contact", {}),
        "kind": (float(bool(one.kind) and (one.class_, one.kind) == (two.class_, two.kind)), "kind", {}),
    }
    parts = [
        Part(name, getattr(weights, name) * strength, why, values)
        for name, (strength, why, values) in found.items()
        if strength > 0
    ]
    parts.sort(key=lambda part: -part.share)
    return Score(min(1.0, math.fsum(part.share for part in parts)), tuple(parts))


def ceiling(one: Request, two: Request, apart: Apart = UNKNOWN, weights: Weights = WEIGHTS) -> float:
    """What the score can be at most, told without a look at the texts, which takes longer than all the rest."""
    known = weights.place * _place(one, two, apart)[0] + weights.time * _time(one, two)[0]
    return known + weights.matter + weights.text + weights.phone + weights.kind + weights.contact


_Strength = tuple[float, str, Mapping[str, str | int]]


def nearness(metres: float) -> float:
    """What a distance says of the place, 1 to 0: it falls evenly with the logarithm of the metres."""
    if not metres > SAME_PLACE:
        return 1.0
    return max(0.0, 1 - math.log(metres / SAME_PLACE) / math.log(REACH / SAME_PLACE))


def _place(one: Request, two: Request, apart: Apart) -> _Strength:
    ways: list[_Strength] = []
    if apart.metres is not None:
        ways.append((nearness(apart.metres), "metres", {"metres": round(apart.metres)}))
    if (apart.metres is None or apart.metres < REACH) and (same := _address(one.where, two.where)) > 0:
        ways.append((same, "address" if same >= 0.9 else "address_like", {}))
    if apart.metres is None and (one.cell and one.cell == two.cell or apart.near):
        # Points say more than cells. Where there are none, a house number does, in whatever language the street is.
        mine, other = digits(one.where), digits(two.where)
        same = SAME_CELL if one.cell and one.cell == two.cell else NEXT_CELL
        if mine & other:
            ways.append(
                (same + NUMBER, "number", {"number": min(mine & other, key=lambda said: (-len(said), said))})
            )
        else:
            name = "cell" if same == SAME_CELL else "near"
            ways.append((same / 2 if mine and other else same, name, {}))
    return max(ways, key=lambda way: way[0], default=(0.0, "", {}))


def _address(one: str, two: str) -> float:
    """How like two folded addresses are; nothing when their numbers differ, little when only the street is said."""
    if not one or not two or digits(one) != digits(two):
        return 0.0
    alike = likeness(pieces(one), pieces(two))
    return alike * (0.95 if digits(one) else 0.6) if alike > 0.6 else 0.0


def _matter(one: Request, two: Request) -> _Strength:
    if one.category and two.category:
        return float(one.category == two.category), "category", {}
    same = sameness(one.matters, two.matters)
    if same:
        both = [matter for matter in one.matters if matter in two.matters]
        name = max(both, key=lambda matter: (min(one.matters[matter], two.matters[matter]), matter))
        return same, "matter", {"matter": name}
    if one.matters and two.matters:
        return 0.0, "", {}
    # The list of matters does not know one of them: then only like words can tell, less so where it knows the other.
    return _alike(one, two) * (HALF_KNOWN if one.matters or two.matters else 1), "said", {}


def _text(one: Request, two: Request) -> _Strength:
    return _alike(one, two), "text", {"percent": round(100 * likeness(one.words, two.words))}


def _alike(one: Request, two: Request) -> float:
    return min(1.0, max(0.0, (likeness(one.words, two.words) - UNLIKE) / (ALIKE - UNLIKE)))


def _time(one: Request, two: Request) -> _Strength:
    days = abs((one.at - two.at).total_seconds()) / 86_400
    strength = min(1.0, max(0.0, (STALE - days) / (STALE - FRESH)))
    return (strength, "days", {"days": int(days)}) if days >= 1 else (strength, "today", {})
