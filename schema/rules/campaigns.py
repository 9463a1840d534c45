"""Return-visit campaigns (回访任务): which closed cases are picked, why others are left out, who gets which. Pure.

A campaign picks cases closed on some days, by class, category, department, and by whether they were closed in time, and
takes a share of them: by a hash of its seed and the case's id, so whoever has the seed draws the same again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from schema.rules.categories import CLASSES

EVENLY, BY_SKILL, AUTOMATIC = "evenly", "skill", "auto"
WAYS = (EVENLY, BY_SKILL, AUTOMATIC)
"""平均分派, 按语言技能分派, 自动外呼."""
LATE, IN_TIME = "late", "in-time"
LEFT_OUT = ("confidential", "rated", "visited", "no-number", "wrong-number", "do-not-call", "not-drawn")
"""Why a case is left out, the first that holds."""
AGAIN = ("not-reached", "wrong-number", "declined")
"""Ends after which a reviewer can send a visit back to be called again."""
LONGEST_DAYS = 366
LONGEST_NAME = 60
AT_ONCE, PER_MINUTE = (1, 20), (1, 60)
"""Bounds of automatic calls."""
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Pick:
    """The rule of a campaign: closed from the first to the last local day; "" or None is any; `share` per cent."""

    first: date
    last: date
    class_: str = ""
    category: str = ""
    department: UUID | None = None
    late: str = ""
    share: int = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is asked of a case that the rule's days and kinds fit."""

    id: UUID
    dialable: bool
    confidential: bool = False
    rated: bool = False
    visited: bool = False
    wrong: bool = False
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Of automatic calls: so many at once, so many begun in a minute."""

    at_once: int = 2
    per_minute: int = 6


def faults(pick: Pick, limits: Limits, way: str) -> dict[str, str]:
    """What is wrong with a campaign, by field."""
    wrong = {}
    if pick.last < pick.first:
        wrong["last"] = "the last day is before the first"
    elif (pick.last - pick.first) > timedelta(days=LONGEST_DAYS):
        wrong["last"] = f"at most {LONGEST_DAYS} days"
    if pick.class_ and pick.class_ not in CLASSES:
        wrong["class_"] = "there is no such class"
    if pick.late not in ("", LATE, IN_TIME):
        wrong["late"] = f"one of {LATE}, {IN_TIME}"
    if not 1 <= pick.share <= 100:
        wrong["share"] = "1 to 100 per cent"
    if way not in WAYS:
        wrong["way"] = f"one of {', '.join(WAYS)}"
    for name, (least, most) in (("at_once", AT_ONCE), ("per_minute", PER_MINUTE)):
        if not least <= getattr(limits, name) <= most:
            wrong[name] = f"{least} to {most}"
    return wrong


def left_out(case: Candidate, seed: str, share: int) -> str:
    """Why a case is left out, one of `LEFT_OUT`; "" when it is picked."""
    for holds, why in (
        (case.confidential, "confidential"),
        (case.rated, "rated"),
        (case.visited, "visited"),
        (not case.dialable, "no-number"),
        (case.wrong, "wrong-number"),
        (case.blocked, "do-not-call"),
        (not drawn(seed, case.id, share), "not-drawn"),
    ):
        if holds:
            return why
    return ""


def drawn(seed: str, id: UUID, share: int) -> bool:
    """Whether a case is among the share that is drawn."""
    return int.from_bytes(sha256(f"{seed} {id}".encode()).digest()[:8]) % 10_000 < share * 100


def deal(languages: Sequence[str], agents: Mapping[Key, frozenset[str]], way: str) -> list[Key | None]:
    """Who gets each case: whoever has the fewest so far, the first named first; by skill only who speaks its language
    (no languages: all of them). None: nobody can."""
    has = dict.fromkeys(agents, 0)
    given: list[Key | None] = []
    for language in languages:
        able = [one for one, speaks in agents.items() if way != BY_SKILL or not speaks or language in speaks]
        who = min(able, key=lambda one: has[one], default=None)
        if who is not None:
            has[who] += 1
        given.append(who)
    return given


def may_begin(limits: Limits, running: int, begun_lately: int) -> int:
    """How many automatic calls may begin now, with so many on the way and so many begun within the last minute."""
    return max(0, min(limits.at_once - running, limits.per_minute - begun_lately))
