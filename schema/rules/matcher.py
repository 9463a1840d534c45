"""The matcher: the pairs of `schema.rules.queueing.match`, for a floor that changes one caller or seat at a time. Pure.

Callers who need the same stand in one line, in the order of their turn; seats with the same languages, skills and
queues are one kind, and each kind has a bit. A line knows the bits of the kinds that may serve it, so whether any idle
seat may serve its first caller is one AND of two integers, however many skills there are: a decision passes over the
lines in order, and looks along the idle seats only for the caller who gets one. What waiting changes (levels, needs)
is kept by the time when it does. A hypothesis test holds this equal to `match`; bench/match.py times it.

Time may not run backwards: an earlier `now` counts as the latest one heard.
"""

import heapq
from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from types import MappingProxyType
from uuid import UUID

from schema.rules.queueing import (
    DEFAULT,
    Caller,
    Idle,
    Need,
    Rules,
    changes_after,
    is_sticky,
    may_serve,
    need,
    rank,
    turn,
)

MOST_KINDS = 4096
"""Kinds remembered before those without an idle seat are forgotten: people learn, and bits are not endless."""

Turn = tuple[int, bool, datetime, int]
Rank = tuple[int, datetime, str]
_first = itemgetter(0)


@dataclass(slots=True, eq=False)
class Line:
    """Callers with one need, by turn; `fits` are the bits of the kinds that may serve them."""

    need: Need
    fits: int
    turns: list[tuple[Turn, UUID]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Seat:
    """An idle seat, its rank, and the bit of its kind."""

    idle: Idle
    rank: Rank
    bit: int


class Matcher:
    """Waiting callers and idle seats, and who is offered to whom."""

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self._rules = rules
        self._now: datetime | None = None
        self._callers: dict[UUID, Caller] = {}
        self._where: dict[UUID, tuple[Line, Turn]] = {}
        self._lines: dict[Need, Line] = {}
        self._heads: list[tuple[Turn, Line]] = []
        self._changes: list[tuple[datetime, int, UUID]] = []
        self._seats: dict[str, Seat] = {}
        self._order: list[tuple[Rank, Seat]] = []
        self._kinds = _Kinds()

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return len(self._callers)

    @property
    def idle(self) -> int:
        """How many seats are idle."""
        return len(self._seats)

    def add_caller(self, caller: Caller, now: datetime) -> None:
        """A caller begins to wait, or what is known of them has changed."""
        self.remove_caller(caller.call)
        self._now = now = max(now, self._now or now)
        self._callers[caller.call] = caller
        self._place(caller, now)

    def remove_caller(self, call: UUID) -> Caller | None:
        """A caller waits no more; None when they did not."""
        caller = self._callers.pop(call, None)
        if caller is not None:
            self._unplace(call)
        return caller

    def add_seat(self, idle: Idle) -> None:
        """A seat becomes idle, or what is known of it has changed."""
        self.remove_seat(idle.seat)
        seat = Seat(idle, rank(idle, self._rules), self._bit_of(idle))
        self._seats[idle.seat] = seat
        insort(self._order, (seat.rank, seat), key=_first)
        self._kinds.came(seat.bit)

    def remove_seat(self, name: str) -> Idle | None:
        """A seat is idle no more; None when it was not."""
        seat = self._seats.pop(name, None)
        if seat is None:
            return None
        del self._order[bisect_left(self._order, seat.rank, key=_first)]
        self._kinds.went(seat.bit)
        return seat.idle

    def decide(
        self, now: datetime, picks: Mapping[str, UUID] = MappingProxyType({})
    ) -> list[tuple[Caller, Idle]]:
        """The pairs to be rung now, in order; they leave the matcher."""
        self._now = now = max(now, self._now or now)
        self._wait_until(now)
        pairs = [
            self._pair(call, self._seats[name])
            for name, call in picks.items()
            if name in self._seats and call in self._where
        ]
        at = self._servable(0)
        while at is not None:
            # A line that was passed over stays so: seats only leave here, and the next of this line comes later.
            line = self._heads[at][1]
            call = line.turns[0][1]
            pairs.append(self._pair(call, self._seat_for(self._callers[call], line)))
            at = self._servable(at)
        return pairs

    def _servable(self, start: int) -> int | None:
        """Which head, from `start` on, an idle seat may serve."""
        idle = self._kinds.idle
        if idle:
            for at in range(start, len(self._heads)):
                if self._heads[at][1].fits & idle:
                    return at
        return None

    def _seat_for(self, caller: Caller, line: Line) -> Seat:
        fits = line.fits
        if caller.sticky:
            for _, seat in self._order:
                if seat.bit & fits and is_sticky(caller, seat.idle):
                    return seat
        return next(seat for _, seat in self._order if seat.bit & fits)

    def _pair(self, call: UUID, seat: Seat) -> tuple[Caller, Idle]:
        caller = self._callers[call]
        self.remove_caller(call)
        self.remove_seat(seat.idle.seat)
        return caller, seat.idle

    def _place(self, caller: Caller, now: datetime) -> None:
        later = changes_after(caller, now, self._rules)
        if later is not None:
            heapq.heappush(self._changes, (later, caller.call.int, caller.call))
        if caller.not_before is not None and caller.not_before > now:
            return
        wanted, at = need(caller, now, self._rules), turn(caller, now, self._rules)
        line = self._lines.get(wanted)
        if line is None:
            line = self._lines[wanted] = Line(wanted, self._kinds.fit(wanted))
        head = line.turns[0][0] if line.turns else None
        insort(line.turns, (at, caller.call), key=_first)
        self._where[caller.call] = (line, at)
        self._reorder(line, head)

    def _unplace(self, call: UUID) -> None:
        where = self._where.pop(call, None)
        if where is not None:
            line, at = where
            head = line.turns[0][0]
            del line.turns[bisect_left(line.turns, at, key=_first)]
            self._reorder(line, head)
            if not line.turns:
                del self._lines[line.need]

    def _reorder(self, line: Line, head: Turn | None) -> None:
        """Keep the lines by the turn of their first caller, which was `head`."""
        now = line.turns[0][0] if line.turns else None
        if now == head:
            return
        if head is not None:
            del self._heads[bisect_left(self._heads, head, key=_first)]
        if now is not None:
            insort(self._heads, (now, line), key=_first)

    def _bit_of(self, idle: Idle) -> int:
        bit = self._kinds.bit(idle)
        if bit:
            return bit
        if self._kinds.count >= max(MOST_KINDS, 2 * len(self._seats)):
            self._kinds = _Kinds()
            for seat in self._seats.values():
                seat.bit = self._kinds.bit(seat.idle) or self._kinds.learn(seat.idle)
                self._kinds.came(seat.bit)
            for line in self._lines.values():
                line.fits = self._kinds.fit(line.need)
        bit = self._kinds.learn(idle)
        for line in self._lines.values():
            if may_serve(line.need, idle):
                line.fits |= bit
        return bit

    def _wait_until(self, now: datetime) -> None:
        """Let waiting change turns and needs."""
        while self._changes and self._changes[0][0] <= now:
            call = heapq.heappop(self._changes)[2]
            if call in self._callers:
                self._unplace(call)
                self._place(self._callers[call], now)
        if len(self._changes) > 64 + 4 * len(self._callers):
            # Changes of callers who are long gone must not pile up.
            self._changes = [change for change in self._changes if change[2] in self._callers]
            heapq.heapify(self._changes)


class _Kinds:
    """Kinds of seats, each with a bit; `idle` the bits of those with an idle seat."""

    def __init__(self) -> None:
        self.idle = 0
        self._bits: dict[object, int] = {}
        self._has: dict[tuple[str, str, int], int] = {}
        self._all, self._counts = 0, dict[int, int]()

    @property
    def count(self) -> int:
        return len(self._bits)

    def bit(self, idle: Idle) -> int:
        """The bit of the seat's kind; 0 when that is not known yet."""
        return self._bits.get(_kind(idle), 0)

    def learn(self, idle: Idle) -> int:
        """A bit for a new kind."""
        bit = self._bits[_kind(idle)] = 1 << len(self._bits)
        self._all |= bit
        levels = [("language", *one) for one in idle.languages.items()]
        levels += [("skill", *one) for one in idle.skills.items()]
        levels += [("queue", name, 1) for name in idle.queues or ("",)]
        for what, name, most in levels:
            for level in range(1, most + 1):
                self._has[what, name, level] = self._has.get((what, name, level), 0) | bit
        return bit

    def fit(self, wanted: Need) -> int:
        """The kinds that may serve a need: `schema.rules.queueing.may_serve` for all kinds at once."""
        has = self._has
        found = has.get(("queue", "", 1), 0) | has.get(("queue", wanted.queue, 1), 0)
        if wanted.language:
            found &= has.get(("language", wanted.language, wanted.language_level), 0)
        for name, least in wanted.wants:
            found &= has.get(("skill", name, least), 0)
        return found

    def came(self, bit: int) -> None:
        """A seat of the kind is idle."""
        self._counts[bit] = self._counts.get(bit, 0) + 1
        self.idle |= bit

    def went(self, bit: int) -> None:
        """One is not any more."""
        self._counts[bit] -= 1
        if not self._counts[bit]:
            del self._counts[bit]
            self.idle &= ~bit


def _kind(idle: Idle) -> object:
    return idle.queues, frozenset(idle.languages.items()), frozenset(idle.skills.items())
