"""One routing decision: 500 seats, 1,000 waiting callers, 40 skills, on one core in pure Python.

Every change of the floor is one decision: the change itself (a caller comes or goes, a seat falls idle or is taken)
and the pairs that follow. Two floors, each held at 500 seats and 1,000 waiting callers with skills, levels and three
languages dealt out by a seeded generator:

busy    the seats talk; every few changes one falls idle and takes a caller, and the next one comes. Levels loosen and
        waiting lifts callers while time goes on, 0.1 s a change.
unfit   all 500 seats are idle and none may serve any of the 1,000: the worst there is, for nothing can be left out.

Times are processor time of the one thread, so that what else the machine does is not in them. decision_p99_ms is the
worse floor's 99th percentile (nearest rank). The plain rule `match` (all pairs anew) and a scan
as app_queue does it (a queue for each language and skill, the members' penalties compared one by one for the caller at
the head of each queue) decide on the same floors after the same changes; x_plain and x_penalties say how many times
the matcher's 99th percentile theirs is. The scan is the weaker rule: it knows one skill a caller, no relaxing and no
best fit, and its queues stand ready. rush_ms: all 500 seats fall idle before 1,000 callers; all pairs in one go.
"""

import gc
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.figures import percentile
from schema.rules.matcher import Matcher
from schema.rules.queueing import DEFAULT, Caller, Idle, Relax, Rules, match

SEATS, WAITING = 500, 1000
SKILLS = [f"skill{n}" for n in range(40)]
LANGUAGES = (("zh", 0.97), ("en", 0.30), ("ug", 0.05))
START = datetime(2026, 3, 4, 1, tzinfo=UTC)
TICK = timedelta(seconds=0.1)
STIFF = Rules(Relax(relax_after=None, any_after=None), age_every=None)
CHANGES, SAMPLED = 20_000, 60

Change = Callable[[], object]
Queues = dict[tuple[str, str], list[Caller]]
Members = dict[tuple[str, str], list[tuple[Idle, int]]]


def run() -> dict[str, float]:
    """All figures of the bench."""
    figures: dict[str, float] = {}
    gc.collect()
    gc.freeze()
    for name in ("busy", "unfit"):
        figures |= _floor(name)
    figures["decision_p99_ms"] = max(figures["busy_p99_ms"], figures["unfit_p99_ms"])
    figures["rush_ms"] = _rush()
    return figures


class Town:
    """Deals out callers and seats. With `apart`, callers want levels above those that seats have."""

    def __init__(self, seed: int, apart: bool = False) -> None:
        self._random = random.Random(seed)
        self._apart = apart
        self._calls = 0

    def caller(self, since: datetime) -> Caller:
        """A caller: one skill or two, a language, now and then a priority or an agent known from before."""
        chance = self._random
        self._calls += 1
        levels = (6, 10) if self._apart else (1, 9)
        names = chance.sample(SKILLS, chance.choices((1, 2), (2, 1))[0])
        wants = tuple((name, chance.randint(*levels)) for name in names)
        language = chance.choices(("zh", "en", "ug"), (90, 7, 3))[0]
        sticky = str(chance.randrange(SEATS)) if chance.random() < 0.1 else ""
        priority = chance.choices((0, 3, 9), (90, 8, 2))[0]
        return Caller(UUID(int=self._calls), since, priority, language=language, wants=wants, sticky=sticky)

    def seat(self, number: int, since: datetime) -> Idle:
        """A seat: 1 to 8 skills, the languages by how common they are."""
        chance = self._random
        levels = (1, 5) if self._apart else (1, 10)
        skills = {name: chance.randint(*levels) for name in chance.sample(SKILLS, chance.randint(1, 8))}
        spoken = {name: chance.randint(3, 10) for name, share in LANGUAGES if chance.random() < share}
        return Idle(str(number), since, languages=spoken, skills=skills)

    def number(self) -> int:
        """A seat's number."""
        return self._random.randrange(SEATS)

    def one_of(self, calls: list[UUID]) -> UUID:
        """A caller who gives up."""
        return calls[self._random.randrange(len(calls))]


class Held:
    """A floor held at its size, in the matcher and beside it. `apart`: all seats idle, and none may serve anybody."""

    def __init__(self, apart: bool) -> None:
        self.rules = STIFF if apart else DEFAULT
        self.now, self.apart = START, apart
        self.town, self.matcher = Town(1, apart), Matcher(self.rules)
        self.roster = [self.town.seat(n, START) for n in range(SEATS)]
        self.callers: dict[UUID, Caller] = {}
        self.seats: dict[str, Idle] = {}
        for n in range(WAITING):
            self.come(START - timedelta(seconds=1200 * (1 - n / WAITING)))()
        for n in range(SEATS if apart else 0):
            self.fall_idle(n)()
        self.after(self.matcher.decide(START))

    def change(self, turn: int) -> Change:
        """What happens next: a seat falls idle; else a caller comes when one is missing, or goes."""
        self.now += TICK
        if turn % 2 == 0:
            return self.fall_idle(self.town.number())
        return self.come(self.now) if len(self.callers) < WAITING else self.go()

    def come(self, since: datetime) -> Change:
        """A caller comes."""
        caller, now = self.town.caller(since), self.now
        self.callers[caller.call] = caller
        return lambda: self.matcher.add_caller(caller, now)

    def go(self) -> Change:
        """A caller gives up."""
        call = self.town.one_of(list(self.callers))
        del self.callers[call]
        return lambda: self.matcher.remove_caller(call)

    def fall_idle(self, number: int) -> Change:
        """A seat falls idle (one that is idle already was taken and is free again)."""
        seat = replace(self.roster[number], since=self.now)
        self.seats[seat.seat] = seat
        return lambda: self.matcher.add_seat(seat)

    def after(self, pairs: list[tuple[Caller, Idle]]) -> None:
        """These were rung."""
        for caller, seat in pairs:
            del self.callers[caller.call], self.seats[seat.seat]


def _floor(name: str) -> dict[str, float]:
    """Changes on one floor, each decided by the matcher; SAMPLED of each kind by the other two as well."""
    floor = Held(apart=name == "unfit")
    matcher, others = [0.0] * CHANGES, {"plain": [0.0], "penalties": [0.0]}
    for turn in range(CHANGES):
        change = floor.change(turn)
        if turn % (CHANGES // SAMPLED) < 2:
            callers, seats, now = floor.callers.values(), floor.seats.values(), floor.now
            began = time.thread_time()
            match(callers, seats, now, floor.rules)
            others["plain"].append(_since(began))
            queues, members = as_queues(callers, floor.roster)
            began = time.thread_time()
            by_penalties(queues, members, floor.seats)
            others["penalties"].append(_since(began))
        began = time.thread_time()
        change()
        pairs = floor.matcher.decide(floor.now)
        matcher[turn] = _since(began)
        floor.after(pairs)
    p99 = percentile(matcher, 99)
    figures = {"p50_ms": percentile(matcher, 50), "p99_ms": p99, "max_ms": max(matcher)}
    figures |= {f"x_{other}": percentile(took, 99) / p99 for other, took in others.items()}
    return {f"{name}_{key}": round(value, 4) for key, value in figures.items()}


def as_queues(callers: Iterable[Caller], seats: Iterable[Idle]) -> tuple[Queues, Members]:
    """The same floor as app_queue would have it: a queue for each language and first skill, whose waiting callers are
    in their order, and whose members, busy or not, have as penalty 10 less their level (a caller takes up to some)."""
    queues: Queues = {}
    for caller in sorted(callers, key=lambda one: (-one.priority, one.since)):
        queues.setdefault((caller.language, caller.wants[0][0]), []).append(caller)
    members: Members = {}
    for seat in seats:
        for language in seat.languages:
            for skill, level in seat.skills.items():
                members.setdefault((language, skill), []).append((seat, 10 - level))
    return queues, members


def by_penalties(queues: Queues, members: Members, idle: Mapping[str, Idle]) -> tuple[Caller, Idle] | None:
    """app_queue's way (strategy leastrecent): the head of each queue looks at all members one by one, passes over who
    is busy, keeps the lowest penalty, then who is idle longest; the first queue whose head has found one rings it."""
    rung = None
    for name, waiting in queues.items():
        head, best = waiting[0], None
        most = 10 - head.wants[0][1]
        for member, penalty in members.get(name, ()):
            seat = idle.get(member.seat)
            if seat is not None and penalty <= most and (best is None or (penalty, seat.since) < best[0]):
                best = ((penalty, seat.since), seat)
        if best is not None and rung is None:
            rung = (head, best[1])
    return rung


def _rush() -> float:
    """The worst of five mornings: everybody waits, then all seats open, and all pairs are found in one decision."""
    worst = 0.0
    for seed in range(5):
        town, matcher = Town(seed), Matcher()
        for n in range(WAITING):
            matcher.add_caller(town.caller(START + timedelta(seconds=n / 100)), START + timedelta(seconds=10))
        for n in range(SEATS):
            matcher.add_seat(town.seat(n, START))
        began = time.thread_time()
        matcher.decide(START + timedelta(seconds=10))
        worst = max(worst, _since(began))
    return round(worst, 2)


def _since(began: float) -> float:
    return (time.thread_time() - began) * 1000
