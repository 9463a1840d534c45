"""Queueing: which waiting caller is offered to which seat now. Pure.

First form: one queue. The caller with the highest priority goes first; among equals one who comes back from a seat
that did not answer, then the one who has waited longest. The seat that has been idle longest gets the caller.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """A waiting caller: `priority` 0 (ordinary) to 9 (first), `since` when the wait began."""

    call: UUID
    since: datetime
    priority: int = 0
    returning: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """A seat that may be rung, and since when it is idle."""

    seat: str
    since: datetime


def match(callers: Iterable[Caller], seats: Iterable[Idle]) -> list[tuple[Caller, Idle]]:
    """Pairs to be rung now, in order; each caller and each seat at most once."""
    waiting = sorted(callers, key=lambda c: (-c.priority, not c.returning, c.since, c.call))
    idle = sorted(seats, key=lambda s: (s.since, s.seat))
    return list(zip(waiting, idle, strict=False))
