"""The floor: live calls and seats as the facts leave them. Pure: a fact in, the changed keys out; no clock, no I/O.

Conservation holds at every instant: offered = answered + abandoned + overflowed + called back + waiting.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cti.live import Figures, LiveCall, LiveSeat
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallOffered,
    CallQueued,
    Fact,
    LanguageChosen,
    NetUsed,
    OfferFailed,
    SeatClosed,
    SeatOpened,
    SeatPaused,
    SeatReachable,
    SeatReady,
    SeatUnreachable,
    WrapUpEnded,
    WrapUpStarted,
)
from schema.ids import CallId
from schema.rules.stages import after, first


@dataclass(slots=True)
class Changed:
    """What one fact changed: keys of calls and seats."""

    calls: set[CallId] = field(default_factory=set)
    seats: set[str] = field(default_factory=set)


class Floor:
    """All that is live on one node. `zone` says when a day ends."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._day: date | None = None
        self.calls: dict[CallId, LiveCall] = {}
        self.seats: dict[str, LiveSeat] = {}
        self.figures = Figures()

    def restore(
        self, calls: Iterable[LiveCall], seats: Iterable[LiveSeat], figures: Figures, day: date
    ) -> None:
        """Begin with what the records say was live, and the figures of `day`."""
        self.calls = {call.call: call for call in calls}
        self.seats = {seat.seat: seat for seat in seats}
        self.figures, self._day = figures, day

    @property
    def day(self) -> date | None:
        """The local day that the figures count."""
        return self._day

    @property
    def right(self) -> bool:
        """Whether the figures add up and agree with the calls that wait: if not, nobody should act on this floor."""
        counted = sum(call.counted == "waiting" for call in self.calls.values())
        return self.figures.conserved and self.figures.waiting == counted

    def hear(self, fact: Fact) -> Changed:
        """Take one fact in."""
        changed = Changed()
        self._turn_day(fact.at)
        reducer = _REDUCERS.get(type(fact))
        if reducer is not None:
            reducer(self, fact, changed)
        return changed

    def _turn_day(self, at: datetime) -> None:
        day = at.astimezone(self._zone).date()
        if self._day is not None and day > self._day:
            waiting = sum(call.counted == "waiting" for call in self.calls.values())
            self.figures = Figures(
                offered=waiting, waiting=waiting
            )  # those still waiting are the new day's first
        if self._day is None or day > self._day:
            self._day = day

    # -- calls ---------------------------------------------------------------------------------------------

    def _entered(self, fact: CallEntered, changed: Changed) -> None:
        assert fact.contact is not None
        self.calls[fact.call] = LiveCall(fact.call, fact.contact, fact.number, first(fact.direction), fact.at, fact.at,
                                         fact.direction, channel=fact.channel, leg=fact.leg)  # fmt: skip
        changed.calls.add(fact.call)

    def _language(self, fact: LanguageChosen, changed: Changed) -> None:
        self._call(fact.call, changed, language=fact.language)

    def _queued(self, fact: CallQueued, changed: Changed) -> None:
        call = self.calls.get(fact.call)
        if call is None:
            return
        self._count_in(call)
        self._free(call.seat, call.call, fact.at, changed)
        self._call(
            fact.call, changed, stage=after(call.stage, "queued") or call.stage, since=fact.at,
            queue=fact.queue, priority=fact.priority, seat="",
            language=fact.language or call.language, returning=fact.returning, channel=fact.channel or call.channel,
            waiting_since=call.waiting_since or fact.at, counted=call.counted or "waiting",
        )  # fmt: skip

    def _net(self, fact: NetUsed, changed: Changed) -> None:
        call = self.calls.get(fact.call)
        if call is not None:
            self._count_in(call)
            self._call(
                fact.call, changed, stage=after(call.stage, "net") or call.stage, since=fact.at,
                waiting_since=call.waiting_since or fact.at, counted=call.counted or "waiting",
            )  # fmt: skip

    def _offered(self, fact: CallOffered, changed: Changed) -> None:
        call = self.calls.get(fact.call)
        if call is None:
            return
        if stage := after(call.stage, "offered"):
            self._call(fact.call, changed, stage=stage, since=fact.at, seat=fact.seat)
        self._seat(fact.seat, changed, busy="ringing", since=fact.at, call=fact.call, contact=fact.contact,
                   number=call.number, language=call.language)  # fmt: skip

    def _offer_failed(self, fact: OfferFailed, changed: Changed) -> None:
        self._free(fact.seat, fact.call, fact.at, changed)

    def _answered(self, fact: CallAnswered, changed: Changed) -> None:
        call = self.calls.get(fact.call)
        if call is None:
            return
        if call.counted == "waiting":
            self.figures.waiting -= 1
            self.figures.answered += 1
        stage = after(call.stage, "answered" if fact.by == "seat" else "visited") or call.stage
        counted = "answered" if call.counted else ""
        self._call(fact.call, changed, stage=stage, since=fact.at, seat=fact.seat, counted=counted)
        if fact.seat:
            self._seat(fact.seat, changed, busy="talking", since=fact.at, call=fact.call, contact=fact.contact,
                       number=call.number, language=call.language)  # fmt: skip

    def _ended(self, fact: CallEnded, changed: Changed) -> None:
        call = self.calls.pop(fact.call, None)
        if call is None:
            return
        changed.calls.add(fact.call)
        if call.counted == "waiting":
            self.figures.waiting -= 1
            self.figures.abandoned += 1
        for seat in list(self.seats.values()):
            if seat.call == fact.call and seat.busy == "ringing":
                self._free(seat.seat, fact.call, fact.at, changed)

    # -- seats ---------------------------------------------------------------------------------------------

    def _opened(self, fact: SeatOpened, changed: Changed) -> None:
        self.seats[fact.seat] = LiveSeat(fact.seat, fact.user, fact.name, fact.at)
        changed.seats.add(fact.seat)

    def _closed(self, fact: SeatClosed, changed: Changed) -> None:
        if self.seats.pop(fact.seat, None) is not None:
            changed.seats.add(fact.seat)

    def _reachable(self, fact: SeatReachable, changed: Changed) -> None:
        self._reach(fact.seat, True, fact.at, changed)

    def _unreachable(self, fact: SeatUnreachable, changed: Changed) -> None:
        self._reach(fact.seat, False, fact.at, changed)

    def _reach(self, name: str, reachable: bool, at: datetime, changed: Changed) -> None:
        seat = self.seats.get(name)
        if seat is not None and seat.reachable != reachable:
            since = seat.since if seat.busy else at
            self._seat(name, changed, reachable=reachable, since=since, idle_since=at)

    def _ready(self, fact: SeatReady, changed: Changed) -> None:
        seat = self.seats.get(fact.seat)
        if seat is not None:
            busy = "" if seat.busy == "wrapup" else seat.busy
            since = seat.since if busy else fact.at
            self._seat(fact.seat, changed, paused="", busy=busy, since=since, idle_since=fact.at,
                       **({} if busy else _NOBODY))  # fmt: skip

    def _paused(self, fact: SeatPaused, changed: Changed) -> None:
        seat = self.seats.get(fact.seat)
        if seat is not None:
            since = seat.since if seat.busy else fact.at
            self._seat(fact.seat, changed, paused=fact.reason, since=since)

    def _wrap_up(self, fact: WrapUpStarted, changed: Changed) -> None:
        seat = self.seats.get(fact.seat)
        if seat is not None and seat.call == fact.call:
            self._seat(fact.seat, changed, busy="wrapup", since=fact.at)

    def _wrapped_up(self, fact: WrapUpEnded, changed: Changed) -> None:
        seat = self.seats.get(fact.seat)
        if seat is not None and seat.busy == "wrapup":
            self._seat(fact.seat, changed, busy="", since=fact.at, idle_since=fact.at, **_NOBODY)

    # -- helpers -------------------------------------------------------------------------------------------

    def _count_in(self, call: LiveCall) -> None:
        if not call.counted:
            self.figures.offered += 1
            self.figures.waiting += 1

    def _free(self, name: str, call: CallId, at: datetime, changed: Changed) -> None:
        seat = self.seats.get(name)
        if seat is not None and seat.call == call and seat.busy == "ringing":
            self._seat(name, changed, busy="", since=at, **_NOBODY)

    def _call(self, call: CallId, changed: Changed, **new: Any) -> None:
        if call in self.calls:
            self.calls[call] = replace(self.calls[call], **new)
            changed.calls.add(call)

    def _seat(self, seat: str, changed: Changed, **new: Any) -> None:
        if seat in self.seats:
            self.seats[seat] = replace(self.seats[seat], **new)
            changed.seats.add(seat)


_NOBODY: dict[str, Any] = {"call": None, "contact": None, "number": "", "language": ""}
_REDUCERS: dict[type[Fact], Callable[[Floor, Any, Changed], None]] = {
    CallEntered: Floor._entered,
    LanguageChosen: Floor._language,
    CallQueued: Floor._queued,
    NetUsed: Floor._net,
    CallOffered: Floor._offered,
    OfferFailed: Floor._offer_failed,
    CallAnswered: Floor._answered,
    CallEnded: Floor._ended,
    SeatOpened: Floor._opened,
    SeatClosed: Floor._closed,
    SeatReachable: Floor._reachable,
    SeatUnreachable: Floor._unreachable,
    SeatReady: Floor._ready,
    SeatPaused: Floor._paused,
    WrapUpStarted: Floor._wrap_up,
    WrapUpEnded: Floor._wrapped_up,
}
