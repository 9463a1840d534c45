"""The floor: live calls and seats as the facts leave them. Pure: a fact in, the changed keys out; no clock, no I/O.

Conservation holds at every instant, in each queue: offered = answered + abandoned + overflowed + called back + waiting.
The reducers of calls and queues are in `cti.floor_calls`, those of seats and of what happens inside a call in
`cti.floor_seats`, those of call-backs in `cti.promises`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from cti import floor_calls, floor_seats, promises
from cti.live import Figures, LiveCall, LiveSeat
from cti.promises import Promise
from schema.facts import Fact
from schema.ids import CallId
from schema.rules.waits import Promises


@dataclass(slots=True)
class Changed:
    """What one fact changed: keys of calls and seats."""

    calls: set[CallId] = field(default_factory=set)
    seats: set[str] = field(default_factory=set)


@dataclass(slots=True)
class FloorState:
    """Everything a floor knows, as it is kept in a checkpoint. `day` is the local day that `queues` count."""

    calls: dict[CallId, LiveCall] = field(default_factory=dict)
    seats: dict[str, LiveSeat] = field(default_factory=dict)
    queues: dict[str, Figures] = field(default_factory=dict)
    day: date | None = None
    promises: dict[UUID, Promise] = field(default_factory=dict)
    told: Promises = field(default_factory=Promises)


class Floor:
    """All that is live on one node. `zone` says when a day ends; `wrap_up` how long an agent writes up a call."""

    def __init__(self, zone: ZoneInfo, wrap_up: float = 30.0) -> None:
        self._zone = zone
        self.wrap_up = timedelta(seconds=wrap_up)
        self._day_ends = 0.0
        self._at: dict[CallId, dict[str, None]] = {}
        self.state = FloorState()

    @property
    def calls(self) -> dict[CallId, LiveCall]:
        """The calls that are up."""
        return self.state.calls

    @property
    def seats(self) -> dict[str, LiveSeat]:
        """The seats that are open."""
        return self.state.seats

    @property
    def promises(self) -> dict[UUID, Promise]:
        """The call-backs that are owed."""
        return self.state.promises

    @property
    def day(self) -> date | None:
        """The local day that the figures count."""
        return self.state.day

    @property
    def queues(self) -> dict[str, Figures]:
        """The day's figures of each queue."""
        return self.state.queues

    @property
    def figures(self) -> Figures:
        """The day's figures in sum. One who overflows from queue to queue is offered in each."""
        total = Figures()
        for figures in self.state.queues.values():
            total.add(figures)
        return total

    @property
    def right(self) -> bool:
        """Whether the figures add up and agree with the calls that wait: if not, nobody should act on this floor."""
        waiting: dict[str, int] = {}
        for call in self.calls.values():
            if call.counted == "waiting":
                waiting[call.counted_in] = waiting.get(call.counted_in, 0) + 1
        return all(
            figures.conserved and figures.waiting == waiting.pop(queue, 0)
            for queue, figures in self.queues.items()
        ) and not any(waiting.values())

    def restore(self, state: FloorState) -> None:
        """Begin with what a checkpoint kept."""
        self.state = state
        self._day_ends = 0.0
        self._at = {}
        for seat in state.seats.values():
            self._attach(seat.seat, None, seat.call)

    def hear(self, fact: Fact) -> Changed:
        """Take a fact in."""
        changed = Changed()
        if fact.at.timestamp() >= self._day_ends:
            self._turn_day(fact.at)
        reducer = _REDUCERS.get(type(fact))
        if reducer is not None:
            reducer(self, fact, changed)
        return changed

    def _turn_day(self, at: datetime) -> None:
        day = at.astimezone(self._zone).date()
        if self.state.day is not None and day > self.state.day:
            # Those still waiting are the new day's first.
            self.state.queues = {
                queue: Figures(offered=figures.waiting, waiting=figures.waiting)
                for queue, figures in self.queues.items()
            }
            self.state.told = Promises(self.state.told.open)
        if self.state.day is None or day > self.state.day:
            self.state.day = day
        ends = datetime.combine(self.state.day + timedelta(days=1), datetime.min.time(), self._zone)
        self._day_ends = ends.timestamp()

    # -- helpers -------------------------------------------------------------------------------------------

    def count_in(self, queue: str) -> None:
        """One more waits in a queue."""
        figures = self.queues.setdefault(queue, Figures())
        figures.offered += 1
        figures.waiting += 1

    def settle(self, call: LiveCall, how: str) -> None:
        """One who waited does not any more: answered, abandoned, overflowed or called_back."""
        figures = self.queues[call.counted_in]
        figures.waiting -= 1
        setattr(figures, how, getattr(figures, how) + 1)

    def change_call(self, call: CallId, changed: Changed, **new: Any) -> None:
        """Put new values on a call that is up."""
        if call in self.calls:
            self.calls[call] = replace(self.calls[call], **new)
            changed.calls.add(call)

    def change_seat(self, seat: str, changed: Changed, **new: Any) -> None:
        """Put new values on a seat that is open."""
        if seat in self.seats:
            self.put_seat(replace(self.seats[seat], **new))
            changed.seats.add(seat)

    def put_seat(self, seat: LiveSeat) -> None:
        """A seat is as given from now on."""
        known = self.seats.get(seat.seat)
        self.seats[seat.seat] = seat
        self._attach(seat.seat, known.call if known is not None else None, seat.call)

    def drop_seat(self, name: str) -> bool:
        """A seat is open no more; False when it was not."""
        known = self.seats.pop(name, None)
        if known is not None:
            self._attach(name, known.call, None)
        return known is not None

    def seats_of(self, call: CallId) -> list[LiveSeat]:
        """The seats that a call concerns: with hundreds open, nobody looks through all of them for each fact."""
        return [self.seats[name] for name in self._at.get(call, ())]

    def _attach(self, seat: str, before: CallId | None, now: CallId | None) -> None:
        if before is now or before == now:
            return
        if before is not None:
            self._at[before].pop(seat, None)
            if not self._at[before]:
                del self._at[before]
        if now is not None:
            self._at.setdefault(now, {})[seat] = None


_REDUCERS: dict[type[Fact], Callable[[Floor, Any, Changed], None]] = {
    **floor_calls.REDUCERS,
    **floor_seats.REDUCERS,
    **promises.REDUCERS,
}
