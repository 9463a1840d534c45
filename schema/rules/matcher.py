"""The matcher: the pairs of `schema.rules.queueing.match`, for a floor that changes one caller or seat at a time. Pure.

Callers who need the same stand in one line, in order of their turn. Once `decide` is done no idle seat may serve any
waiting caller, so what is new is all that is looked at: a new seat by the first of each line, a new line by the idle
seats. A line is closed when its need was looked at with every seat that is idle. What waiting changes (levels, needs)
is kept by the time when it does. A hypothesis test holds this equal to `match`.

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

Turn = tuple[int, bool, datetime, int]
Rank = tuple[int, datetime, str]


@dataclass(slots=True, eq=False)
class Line:
    """Callers with one need, by turn. `closed`: no seat that was idle when it was last looked at may serve it."""

    need: Need
    turns: list[tuple[Turn, UUID]] = field(default_factory=list)
    closed: bool = False


class Matcher:
    """Waiting callers and idle seats, and who is offered to whom."""

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self._rules = rules
        self._now: datetime | None = None
        self._callers: dict[UUID, Caller] = {}
        self._where: dict[UUID, tuple[Line, Turn]] = {}
        self._lines: dict[Need, Line] = {}
        self._changes: list[tuple[datetime, int, UUID]] = []
        self._seats: dict[str, Idle] = {}
        self._ranks: dict[str, Rank] = {}
        self._order: list[Rank] = []
        self._users: dict[str, dict[str, None]] = {}
        self._new: set[str] = set()

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
        at = rank(idle, self._rules)
        self._seats[idle.seat], self._ranks[idle.seat] = idle, at
        insort(self._order, at)
        self._users.setdefault(str(idle.user), {})[idle.seat] = None
        self._new.add(idle.seat)

    def remove_seat(self, name: str) -> Idle | None:
        """A seat is idle no more; None when it was not."""
        idle = self._seats.pop(name, None)
        if idle is None:
            return None
        del self._order[bisect_left(self._order, self._ranks.pop(name))]
        self._new.discard(name)
        of_user = self._users[str(idle.user)]
        del of_user[name]
        if not of_user:
            del self._users[str(idle.user)]
        return idle

    def decide(
        self, now: datetime, picks: Mapping[str, UUID] = MappingProxyType({})
    ) -> list[tuple[Caller, Idle]]:
        """The pairs to be rung now, in order; they leave the matcher."""
        self._now = now = max(now, self._now or now)
        self._wait_until(now)
        pairs = [
            self._pair(call, name)
            for name, call in picks.items()
            if name in self._seats and call in self._where
        ]
        if not self._seats:
            return pairs
        heads = [(line.turns[0], line) for line in self._lines.values() if self._new or not line.closed]
        heapq.heapify(heads)
        while heads and self._seats:
            _, line = heapq.heappop(heads)
            caller = self._callers[line.turns[0][1]]
            seat = self._seat_for(caller, line)
            if seat is None:
                line.closed = True
                continue
            pairs.append(self._pair(caller.call, seat))
            if line.turns:
                heapq.heappush(heads, (line.turns[0], line))
        for _, line in heads:  # no seat is left that could
            line.closed = True
        self._new.clear()
        return pairs

    def _seat_for(self, caller: Caller, line: Line) -> str | None:
        if caller.sticky:
            names = {caller.sticky: None, **self._users.get(caller.sticky, {})}
            known = [self._seats[name] for name in names if name in self._seats]
            stuck = [idle for idle in known if is_sticky(caller, idle) and may_serve(line.need, idle)]
            if stuck:
                return min(stuck, key=lambda idle: self._ranks[idle.seat]).seat
        if line.closed:
            found = [name for name in self._new if may_serve(line.need, self._seats[name])]
            return min(found, key=self._ranks.__getitem__, default=None)
        return next((name for *_, name in self._order if may_serve(line.need, self._seats[name])), None)

    def _pair(self, call: UUID, name: str) -> tuple[Caller, Idle]:
        pair = self._callers[call], self._seats[name]
        self.remove_caller(call)
        self.remove_seat(name)
        return pair

    def _place(self, caller: Caller, now: datetime) -> None:
        later = changes_after(caller, now, self._rules)
        if later is not None:
            heapq.heappush(self._changes, (later, caller.call.int, caller.call))
        if caller.not_before is not None and caller.not_before > now:
            return
        wanted, at = need(caller, now, self._rules), turn(caller, now, self._rules)
        line = self._lines.get(wanted)
        if line is None:
            line = self._lines[wanted] = Line(wanted)
        insort(line.turns, (at, caller.call))
        self._where[caller.call] = (line, at)

    def _unplace(self, call: UUID) -> None:
        where = self._where.pop(call, None)
        if where is not None:
            line, at = where
            del line.turns[bisect_left(line.turns, (at, call))]
            if not line.turns:
                del self._lines[line.need]

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
