"""Queueing: which waiting caller is offered to which idle seat now. Pure; this is the rule, easy to read, O(n·m).

`schema.rules.matcher.Matcher` gives the same pairs for a floor that changes one caller or seat at a time.

Callers go in the order of `turn`: the highest level first (`priority`, lifted by one for every `age_every` seconds of
waiting, up to 9, so that nobody starves); among equals one who comes back from a seat that did not answer or whose
browser died; then the longest wait. A promised call-back keeps its `since` and so its place.

Each takes, of the seats that may serve (queue, language, every wanted skill at its level), the seat that served this
number last (`sticky`), else the one whose languages and skills weigh least, then the one that is idle longest.
Least weight, and not the highest level, because a level is a threshold the city has set and a wait is what citizens
feel: the seat that alone speaks Uyghur must be free when a Uyghur speaker calls. A caller whom no idle seat may serve
holds up nobody behind.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

TOP = 9
"""The highest priority, and the level that waiting can lift a caller to."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A waiting caller: `priority` 0 (ordinary) to 9 (first), `since` when the wait began.

    `wants` are skills with the lowest level that will do (1 to 10); `language` a BCP 47 tag ("" = any will do);
    `sticky` the seat, or the user's id, that served this number a short while ago; `callback` one who hung up and is
    called back; before `not_before` the caller is offered to nobody. `node` is for whoever connects the two.
    """

    call: UUID
    since: datetime
    priority: int = 0
    returning: bool = False
    _: KW_ONLY
    queue: str = "hotline"
    language: str = ""
    wants: tuple[tuple[str, int], ...] = ()
    sticky: str = ""
    callback: bool = False
    not_before: datetime | None = None
    node: str = ""


@dataclass(frozen=True, slots=True)
class Idle:
    """A seat that may be rung, and since when it is idle.

    `languages` (BCP 47 tag → level) and `skills` (name → level) are from 1 to 10; `queues` those it serves, none = all.
    """

    seat: str
    since: datetime
    _: KW_ONLY
    user: UUID | None = None
    languages: Mapping[str, int] = field(default_factory=dict)
    skills: Mapping[str, int] = field(default_factory=dict)
    queues: frozenset[str] = frozenset()
    node: str = ""


@dataclass(frozen=True, slots=True)
class Relax:
    """How minimums loosen with waiting, in seconds; None = never.

    After `relax_after`, and again every `relax_every`, each minimum falls by `relax_by`; a skill whose minimum falls
    below 1 is no longer wanted, a language's stays at 1 until `any_after`, when any will do. A queue never loosens.
    """

    relax_after: float | None = 60
    relax_every: float = 30
    relax_by: int = 2
    any_after: float | None = 300

    def __post_init__(self) -> None:
        if self.relax_every <= 0 or self.relax_by < 1:
            raise ValueError("minimums loosen by 1 or more, every so many seconds")


@dataclass(frozen=True, slots=True)
class Rules:
    """The site's settings: `age_every` seconds lift a caller one level (None = never); `language_level` is the lowest
    level of the caller's language that will do at first; `weights` of languages and skills, 1 where not named."""

    relax: Relax = field(default_factory=Relax)
    age_every: float | None = 600
    language_level: int = 1
    weights: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.age_every is not None and self.age_every <= 0:
            raise ValueError("waiting lifts a caller every so many seconds, or never (None)")


@dataclass(frozen=True, slots=True)
class Need:
    """What a seat must have for a caller as things stand; `language` "" = any."""

    queue: str
    language: str
    language_level: int
    wants: tuple[tuple[str, int], ...]


DEFAULT = Rules()


def match(
    callers: Iterable[Caller],
    seats: Iterable[Idle],
    now: datetime | None = None,
    rules: Rules = DEFAULT,
    picks: Mapping[str, UUID] = MappingProxyType({}),
) -> list[tuple[Caller, Idle]]:
    """Pairs to be rung now, in order; each caller and each seat at most once. Without `now` nothing ages or loosens.

    `picks` (seat → waiting call that its agent has clicked) go before everything and ask for no skill; of two seats
    that picked one caller the first in `picks` has it, a pick of what is not there is passed over.
    """
    waiting = [c for c in callers if now is None or c.not_before is None or c.not_before <= now]
    waiting.sort(key=lambda caller: turn(caller, now, rules))
    idle = {seat.seat: seat for seat in sorted(seats, key=lambda seat: rank(seat, rules))}
    pairs: list[tuple[Caller, Idle]] = []
    for name, call in picks.items():
        picked = next((caller for caller in waiting if caller.call == call), None)
        if picked is not None and name in idle:
            pairs.append((picked, idle.pop(name)))
            waiting.remove(picked)
    for caller in waiting:
        wanted = need(caller, now, rules)
        able = [seat for seat in idle.values() if may_serve(wanted, seat)]
        if able:
            chosen = next((seat for seat in able if is_sticky(caller, seat)), able[0])
            pairs.append((caller, idle.pop(chosen.seat)))
    return pairs


def turn(caller: Caller, now: datetime | None, rules: Rules = DEFAULT) -> tuple[int, bool, datetime, int]:
    """What callers are sorted by: lower goes first."""
    return (-level(caller, now, rules), not caller.returning, caller.since, caller.call.int)


def rank(seat: Idle, rules: Rules = DEFAULT) -> tuple[int, datetime, str]:
    """What seats are sorted by: lower is taken first."""
    weights = rules.weights
    weight = sum(weights.get(name, 1) for talents in (seat.languages, seat.skills) for name in talents)
    return (weight, seat.since, seat.seat)


def level(caller: Caller, now: datetime | None, rules: Rules = DEFAULT) -> int:
    """The caller's priority, lifted by waiting."""
    if now is None or rules.age_every is None:
        return caller.priority
    return max(caller.priority, min(TOP, caller.priority + _steps(caller.since, now, rules.age_every)))


def need(caller: Caller, now: datetime | None, rules: Rules = DEFAULT) -> Need:
    """What the caller needs after waiting until `now`."""
    relax, loose, language = rules.relax, 0, caller.language
    if now is not None:
        if relax.relax_after is not None:
            began = caller.since + timedelta(seconds=relax.relax_after)
            if now >= began:
                loose = (1 + _steps(began, now, relax.relax_every)) * relax.relax_by
        if relax.any_after is not None and now >= caller.since + timedelta(seconds=relax.any_after):
            language = ""
    at_least = max(1, rules.language_level - loose) if language else 0
    wants = tuple((name, least - loose) for name, least in caller.wants if least > loose)
    return Need(caller.queue, language, at_least, wants)


def may_serve(wanted: Need, seat: Idle) -> bool:
    """Whether a seat has all that is needed."""
    return (
        (not seat.queues or wanted.queue in seat.queues)
        and (not wanted.language or seat.languages.get(wanted.language, 0) >= wanted.language_level)
        and all(seat.skills.get(name, 0) >= least for name, least in wanted.wants)
    )


def is_sticky(caller: Caller, seat: Idle) -> bool:
    """Whether this seat, or who sits there, served the caller's number before."""
    return caller.sticky != "" and caller.sticky in (seat.seat, str(seat.user))


def changes_after(caller: Caller, now: datetime, rules: Rules = DEFAULT) -> datetime | None:
    """When waiting alone next changes the caller's turn or need; None = never again."""
    relax, times = rules.relax, []
    if rules.age_every is not None and level(caller, now, rules) < TOP:
        times.append(_next_step(caller.since, now, rules.age_every))
    if relax.relax_after is not None:
        began = caller.since + timedelta(seconds=relax.relax_after)
        tightest = max((rules.language_level, *(least for _, least in caller.wants)))
        last = began + timedelta(seconds=relax.relax_every) * (tightest // max(1, relax.relax_by))
        if now < began:
            times.append(began)
        elif now < last:
            times.append(_next_step(began, now, relax.relax_every))
    if relax.any_after is not None and caller.language:
        times.append(caller.since + timedelta(seconds=relax.any_after))
    if caller.not_before is not None:
        times.append(caller.not_before)
    return min((at for at in times if at > now), default=None)


def scarcity(seats: Iterable[Idle]) -> dict[str, int]:
    """Weights for `Rules`: how many seats there are for each one that has the language or skill. Give it all seats of
    the floor, busy ones too, when the roster changes."""
    every = list(seats)
    held = Counter(name for seat in every for name in {*seat.languages, *seat.skills})
    return {name: round(len(every) / holders) for name, holders in held.items()}


def _steps(start: datetime, now: datetime, every: float) -> int:
    return max(0, (now - start) // timedelta(seconds=every))


def _next_step(start: datetime, now: datetime, every: float) -> datetime:
    return start + timedelta(seconds=every) * (_steps(start, now, every) + 1)
