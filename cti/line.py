"""The line: everybody who waits and every idle seat of all PBXs of this process, and what is reserved for whom.

Each router puts its own callers and seats in; whoever is matched is sent by the router of the caller's PBX.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from schema.facts import Fact
from schema.rules.matcher import Matcher
from schema.rules.queueing import Caller, Idle, Rules, turn


class Sends(Protocol):
    """A router, as far as the line needs it."""

    def sync(self) -> None:
        """Put in what changed."""

    def send(self, caller: Caller, idle: Idle) -> None:
        """Bring a caller of one's own to a seat."""

    def freed(self, seat: str) -> None:
        """A seat of one's own is not reserved any more."""


class Line:
    """`reserved` says for whom (a call or a promise) each seat is kept, `kept` the reverse.

    `follows` says who wants the facts of which call.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.matcher = Matcher(rules)
        self.routers: dict[str, Any] = {}
        self.callers: dict[UUID, Caller] = {}
        self.seats: dict[str, Idle] = {}
        self.reserved: dict[str, UUID] = {}
        self.kept: dict[UUID, str] = {}
        self.follows: dict[UUID, Callable[[Fact], None]] = {}

    def put_caller(self, call: UUID, caller: Caller | None, now: datetime) -> None:
        """A caller waits like this (None: not at all)."""
        if self.callers.get(call) == caller:
            return
        if caller is None:
            del self.callers[call]
            self.matcher.remove_caller(call)
        else:
            self.callers[call] = caller
            self.matcher.add_caller(caller, now)

    def put_seat(self, name: str, idle: Idle | None) -> None:
        """A seat is idle like this (None: not idle)."""
        if self.seats.get(name) == idle:
            return
        if idle is None:
            del self.seats[name]
            self.matcher.remove_seat(name)
        else:
            self.seats[name] = idle
            self.matcher.add_seat(idle)

    def offer(self, now: datetime, picks: Mapping[str, UUID] = MappingProxyType({})) -> None:
        """Bring together who can be."""
        for router in self.routers.values():
            router.sync()
        pairs = self.matcher.decide(now, picks)
        for caller, idle in pairs:
            self.callers.pop(caller.call, None)
            self.seats.pop(idle.seat, None)
            self.reserved[idle.seat], self.kept[caller.call] = caller.call, idle.seat
        for caller, idle in pairs:  # only now: sending may lead back here
            self.routers[caller.node].send(caller, idle)

    def free(self, seat: str, whom: UUID) -> None:
        """A seat is not reserved for somebody any more."""
        if self.reserved.get(seat) == whom:
            del self.reserved[seat]
            self.kept.pop(whom, None)
            for router in self.routers.values():
                router.freed(seat)

    def places(self, queue: str, now: datetime) -> dict[UUID, int]:
        """Each one's place (from 1) in a queue; promised call-backs keep theirs."""
        mine = [caller for caller in self.callers.values() if caller.queue == queue]
        mine.sort(key=lambda caller: turn(caller, now, self.rules))
        return {caller.call: place for place, caller in enumerate(mine, 1)}
