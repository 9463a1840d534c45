"""The matcher: the pairs of `schema.rules.queueing.match`, for a floor that changes one caller or seat at a time. Pure.

Waiting callers with one need stand in one line; seats with the same languages, skills and queues are one kind, and a
kind has one bit. A line knows the bits of the kinds that may serve it, so "can any idle seat serve the next in this
line" is one AND of two integers: a decision costs one AND for each line that is passed over, then one look along the
idle seats, however many skills there are. A change costs a few bisections. A hypothesis test holds this equal to `match`.

Time may not run backwards: an earlier `now` counts as the latest one heard.
"""

import heapq
from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
"""Kinds remembered before those with no idle seat are forgotten; skills do change."""

Turn = tuple[int, bool, datetime, int]
Kind = tuple[frozenset[str], frozenset[tuple[str, int]], frozenset[tuple[str, int]]]


@dataclass(slots=True)
class Line:
    """Callers with one need, as (turn, entry), first first; `fits` the bits of the kinds that may serve them."""

    need: Need
    fits: int
    callers: list[tuple[Turn, "Waiting"]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Waiting:
    """A caller, and where they stand; in no line before `not_before`."""

    caller: Caller
    turn: Turn
    line: Line | None = None


@dataclass(slots=True, eq=False)
class Seat:
    """An idle seat and the bit of its kind."""

    idle: Idle
    rank: tuple[int, datetime, str]
    bit: int


class Matcher:
    """Waiting callers and idle seats, and who is offered to whom."""

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self._rules = rules
        self._now: datetime | None = None
        self._callers: dict[UUID, Waiting] = {}
        self._lines: dict[Need, Line] = {}
        self._heads: list[tuple[Turn, Line]] = []
        self._changes: list[tuple[datetime, int, Waiting]] = []
        self._seats: dict[str, Seat] = {}
        self._order: list[tuple[tuple[int, datetime, str], Seat]] = []
        self._kinds: dict[Kind, int] = {}
        self._idle: dict[int, int] = {}
        self._idle_bits = 0

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
        self._place(Waiting(caller, turn(caller, now, self._rules)), now)

    def remove_caller(self, call: UUID) -> Caller | None:
        """A caller waits no more; None when they did not."""
        entry = self._callers.pop(call, None)
        if entry is None:
            return None
        self._leave(entry)
        return entry.caller

    def add_seat(self, idle: Idle) -> None:
        """A seat becomes idle, or what is known of it has changed."""
        self.remove_seat(idle.seat)
        bit = self._bit_of(idle)
        seat = Seat(idle, rank(idle, self._rules), bit)
        self._seats[idle.seat] = seat
        insort(self._order, (seat.rank, seat))
        self._idle[bit] = self._idle.get(bit, 0) + 1
        self._idle_bits |= bit

    def remove_seat(self, name: str) -> Idle | None:
        """A seat is idle no more; None when it was not."""
        seat = self._seats.pop(name, None)
        if seat is None:
            return None
        del self._order[bisect_left(self._order, seat.rank, key=_first)]
        self._idle[seat.bit] -= 1
        if not self._idle[seat.bit]:
            del self._idle[seat.bit]
            self._idle_bits &= ~seat.bit
        return seat.idle

    def decide(
        self, now: datetime, picks: Mapping[str, UUID] = MappingProxyType({}), most: int | None = None
    ) -> list[tuple[Caller, Idle]]:
        """The pairs to be rung now, in order, at most `most`; they leave the matcher."""
        self._now = now = max(now, self._now or now)
        self._wait_until(now)
        pairs: list[tuple[Caller, Idle]] = []
        for name, call in picks.items():
            entry, seat = self._callers.get(call), self._seats.get(name)
            if entry is not None and entry.line is not None and seat is not None and len(pairs) != most:
                pairs.append(self._pair(entry, seat))
        while len(pairs) != most and (found := self._next()) is not None:
            pairs.append(self._pair(*found))
        return pairs

    def _next(self) -> tuple[Waiting, Seat] | None:
        """The first caller whom an idle seat may serve, and the seat."""
        idle = self._idle_bits
        if not idle:
            return None
        for _, line in self._heads:
            if able := line.fits & idle:
                entry = line.callers[0][1]
                if entry.caller.sticky:
                    for _, seat in self._order:
                        if able & seat.bit and is_sticky(entry.caller, seat.idle):
                            return entry, seat
                for _, seat in self._order:
                    if able & seat.bit:
                        return entry, seat
        return None

    def _pair(self, entry: Waiting, seat: Seat) -> tuple[Caller, Idle]:
        self.remove_caller(entry.caller.call)
        self.remove_seat(seat.idle.seat)
        return entry.caller, seat.idle

    def _wait_until(self, now: datetime) -> None:
        """Let waiting change turns and needs."""
        while self._changes and self._changes[0][0] <= now:
            _, _, entry = heapq.heappop(self._changes)
            if self._callers.get(entry.caller.call) is entry:  # else gone, or known anew
                self._leave(entry)
                self._place(entry, now)
        if len(self._changes) > 64 + 4 * len(self._callers):
            # Changes of callers who are long gone must not pile up.
            self._changes = [one for one in self._changes if self._callers.get(one[2].caller.call) is one[2]]
            heapq.heapify(self._changes)

    def _place(self, entry: Waiting, now: datetime) -> None:
        caller = entry.caller
        self._callers[caller.call] = entry
        if (at := changes_after(caller, now, self._rules)) is not None:
            heapq.heappush(self._changes, (at, caller.call.int, entry))
        if caller.not_before is not None and caller.not_before > now:
            return
        entry.turn = turn(caller, now, self._rules)
        wanted = need(caller, now, self._rules)
        line = self._lines.get(wanted)
        if line is None:
            line = self._lines[wanted] = Line(wanted, self._fits(wanted))
        before = line.callers[0][0] if line.callers else None
        insort(line.callers, (entry.turn, entry), key=_first)
        entry.line = line
        self._head(line, before)

    def _leave(self, entry: Waiting) -> None:
        line, entry.line = entry.line, None
        if line is None:
            return
        before = line.callers[0][0]
        del line.callers[bisect_left(line.callers, entry.turn, key=_first)]
        self._head(line, before)
        if not line.callers:
            del self._lines[line.need]

    def _head(self, line: Line, before: Turn | None) -> None:
        """Keep the lines in the order of their first callers; `before` was this line's."""
        first = line.callers[0][0] if line.callers else None
        if first == before:
            return
        if before is not None:
            del self._heads[bisect_left(self._heads, before, key=_first)]
        if first is not None:
            insort(self._heads, (first, line), key=_first)

    def _bit_of(self, idle: Idle) -> int:
        kind = (idle.queues, frozenset(idle.languages.items()), frozenset(idle.skills.items()))
        bit = self._kinds.get(kind)
        if bit is None:
            if len(self._kinds) >= MOST_KINDS:
                self._forget()
            bit = self._kinds[kind] = 1 << self._free()
            for line in self._lines.values():
                if may_serve(line.need, idle):
                    line.fits |= bit
        return bit
