"""Seats on the floor: what each fact makes of an open seat, and where the legs of its call stand. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from cti.live import HOLD, Consulted, LiveSeat
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallOffered,
    CallTransferred,
    Fact,
    LegAnswered,
    LegEnded,
    LegFailed,
    LegHeld,
    LegJoined,
    LegRang,
    RecordingPaused,
    RecordingResumed,
    SeatClosed,
    SeatOpened,
    SeatPaused,
    SeatReachable,
    SeatReady,
    SeatSkilled,
    SeatUnreachable,
    WatchEnded,
    WatchStarted,
    WrapUpEnded,
    WrapUpExtended,
    WrapUpStarted,
)
from schema.ids import CallId

if TYPE_CHECKING:
    from cti.floor import Changed, Floor

_ALONE: dict[str, Any] = {
    "leg": "", "why": "", "citizen": "", "consult": None, "conference": False, "unrecorded": False,
    "unrecorded_at": None,
}  # fmt: skip
_NOBODY: dict[str, Any] = {
    "call": None,
    "contact": None,
    "number": "",
    "language": "",
    "wrap_until": None,
    **_ALONE,
}

# -- opened, closed, ready ---------------------------------------------------------------------------------


def _opened(floor: "Floor", fact: SeatOpened, changed: "Changed") -> None:
    known = floor.seats.get(fact.seat)
    skills: dict[str, Any] = (
        {"languages": known.languages, "skills": known.skills, "queues": known.queues} if known else {}
    )
    floor.put_seat(LiveSeat(fact.seat, fact.user, fact.name, fact.at, opened=fact.at, **skills))
    changed.seats.add(fact.seat)


def _closed(floor: "Floor", fact: SeatClosed, changed: "Changed") -> None:
    if floor.drop_seat(fact.seat):
        changed.seats.add(fact.seat)


def _reachable(floor: "Floor", fact: SeatReachable, changed: "Changed") -> None:
    _reach(floor, fact.seat, True, fact.at, changed)


def _unreachable(floor: "Floor", fact: SeatUnreachable, changed: "Changed") -> None:
    _reach(floor, fact.seat, False, fact.at, changed)


def _reach(floor: "Floor", name: str, reachable: bool, at: datetime, changed: "Changed") -> None:
    seat = floor.seats.get(name)
    if seat is not None and seat.reachable != reachable:
        since = seat.since if seat.busy else at
        floor.change_seat(name, changed, reachable=reachable, since=since, idle_since=at)


def _skilled(floor: "Floor", fact: SeatSkilled, changed: "Changed") -> None:
    floor.change_seat(fact.seat, changed, languages=fact.languages, skills=fact.skills, queues=fact.queues)


def _ready(floor: "Floor", fact: SeatReady, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None:
        busy = "" if seat.busy == "wrapup" else seat.busy
        since = seat.since if busy else fact.at
        floor.change_seat(fact.seat, changed, paused="", busy=busy, since=since, idle_since=fact.at,
                          **({} if busy else _NOBODY))  # fmt: skip


def _paused(floor: "Floor", fact: SeatPaused, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None:
        floor.change_seat(fact.seat, changed, paused=fact.reason, since=seat.since if seat.busy else fact.at)


def _wrap_up(floor: "Floor", fact: WrapUpStarted, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None and seat.call == fact.call:
        until = fact.at + floor.wrap_up
        floor.change_seat(fact.seat, changed, busy="wrapup", since=fact.at, wrap_until=until, **_ALONE)


def _wrap_up_extended(floor: "Floor", fact: WrapUpExtended, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None and seat.busy == "wrapup":
        floor.change_seat(fact.seat, changed, wrap_until=fact.until)


def _wrapped_up(floor: "Floor", fact: WrapUpEnded, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None and seat.busy == "wrapup":
        floor.change_seat(fact.seat, changed, busy="", since=fact.at, idle_since=fact.at, **_NOBODY)


# -- ringing and talking -----------------------------------------------------------------------------------


def rings(floor: "Floor", fact: CallOffered | LegRang, why: str, changed: "Changed") -> None:
    """A seat's leg begins to ring."""
    call = floor.calls.get(fact.call)
    floor.change_seat(
        fact.seat, changed, busy="ringing", since=fact.at, call=fact.call, contact=fact.contact, leg=fact.leg, why=why,
        number=call.number if call else "", language=call.language if call else "",
    )  # fmt: skip


def talks(floor: "Floor", fact: CallAnswered, changed: "Changed") -> None:
    """Seat and citizen talk."""
    call, seat = floor.calls.get(fact.call), floor.seats.get(fact.seat)
    if seat is None or (seat.busy == "talking" and fact.by == "seat" and seat.leg not in ("", fact.leg)):
        return
    leg = fact.leg if fact.by == "seat" else seat.leg
    if not leg:
        return  # the citizen of a call that it placed, and left
    about = {"number": call.number, "language": call.language} if call else {}
    floor.change_seat(
        fact.seat, changed, busy="talking", since=fact.at, call=fact.call, contact=fact.contact, leg=leg,
        citizen="talking", **about,
    )  # fmt: skip


def free(floor: "Floor", name: str, call: CallId, at: datetime, changed: "Changed") -> None:
    """A seat rings no more for a call."""
    seat = floor.seats.get(name)
    if seat is not None and seat.call == call and seat.busy == "ringing":
        floor.change_seat(name, changed, busy="", since=at, **_NOBODY)


def leg_rang(floor: "Floor", fact: LegRang, changed: "Changed") -> None:
    """A further leg rings: the seat's own state, and for who asked."""
    if fact.kind in ("seat", "watcher"):
        rings(floor, fact, fact.why, changed)
    if fact.why == "consult":
        target = f"seat:{fact.seat}" if fact.seat else f"number:{fact.number}"
        floor.change_seat(fact.by, changed, consult=Consulted(fact.leg, target))


def _leg_answered(floor: "Floor", fact: LegAnswered, changed: "Changed") -> None:
    if fact.kind in ("seat", "watcher") and _has_leg(floor, fact.seat, fact.leg):
        floor.change_seat(fact.seat, changed, busy="talking", since=fact.at)
    _consult(floor, fact.by, fact.leg, "talking", changed)


def _leg_failed(floor: "Floor", fact: LegFailed, changed: "Changed") -> None:
    if _has_leg(floor, fact.seat, fact.leg):
        floor.change_seat(fact.seat, changed, busy="", since=fact.at, **_NOBODY)
    _consult(floor, fact.by, fact.leg, "", changed)


def _leg_ended(floor: "Floor", fact: LegEnded, changed: "Changed") -> None:
    call = floor.calls.get(fact.call)
    if call is not None and (fact.leg in call.places or fact.leg in call.parties):
        floor.change_call(
            fact.call, changed, places={leg: at for leg, at in call.places.items() if leg != fact.leg},
            parties={leg: number for leg, number in call.parties.items() if leg != fact.leg},
        )  # fmt: skip
    if not fact.wraps and _has_leg(floor, fact.seat, fact.leg):
        floor.change_seat(fact.seat, changed, busy="", since=fact.at, idle_since=fact.at, **_NOBODY)
    for seat in floor.seats_of(fact.call):
        if seat.consult is not None and seat.consult.leg == fact.leg:
            floor.change_seat(seat.seat, changed, consult=None, conference=False)


def call_ended(floor: "Floor", fact: CallEnded, changed: "Changed") -> None:
    """The citizen is gone: nobody rings for them, nobody has them on hold."""
    for seat in floor.seats_of(fact.call):
        if seat.busy == "ringing" and seat.why in ("queue", "transfer"):
            free(floor, seat.seat, fact.call, fact.at, changed)
        elif seat.citizen:
            floor.change_seat(seat.seat, changed, citizen="", conference=False)


def transferred(floor: "Floor", fact: CallTransferred, changed: "Changed") -> None:
    """The citizen is with somebody else now; a seat that was asked, or listened, has them."""
    kind, _, name = fact.target.partition(":")
    seat = floor.seats.get(fact.seat)
    consult = (
        seat.consult if seat is not None and fact.how == "recovered" else None
    )  # they wait for the new leg
    floor.change_seat(fact.seat, changed, consult=consult, conference=False, citizen="")
    if kind == "seat" and fact.how in ("consulted", "taken"):
        floor.change_seat(name, changed, why="transfer", citizen="talking", since=fact.at)


# -- where the legs are ------------------------------------------------------------------------------------


def _joined(floor: "Floor", fact: LegJoined, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None and seat.busy == "ringing" and seat.leg == fact.leg:  # that it answered was missed
        floor.change_seat(fact.seat, changed, busy="talking", since=fact.at)
    _place(floor, fact.call, fact.leg, fact.bridge, changed)


def _recorded(floor: "Floor", fact: RecordingPaused | RecordingResumed, changed: "Changed") -> None:
    if _has_leg(floor, fact.seat, fact.leg):
        paused = isinstance(fact, RecordingPaused)
        floor.change_seat(fact.seat, changed, unrecorded=paused, unrecorded_at=fact.at if paused else None)


def _held(floor: "Floor", fact: LegHeld, changed: "Changed") -> None:
    _place(floor, fact.call, fact.leg, HOLD, changed)


def _place(floor: "Floor", name: CallId, leg: str, place: str, changed: "Changed") -> None:
    call = floor.calls.get(name)
    if call is None or call.stage in ("queue", "ivr", "net"):
        return
    places = {**call.places, leg: place}
    floor.change_call(name, changed, places=places)
    for seat in [seat for seat in floor.seats_of(name) if seat.leg and seat.why != "watch"]:
        mine, citizen = places.get(seat.leg, ""), places.get(call.leg, "")
        asked = places.get(seat.consult.leg, "") if seat.consult else ""
        hears = HOLD if citizen == HOLD else "talking" if citizen and citizen == mine else seat.citizen
        stands: dict[str, Any] = {"citizen": hears, "conference": bool(mine) and mine == citizen == asked}
        if seat.consult is not None and asked:
            state = HOLD if asked == HOLD else "talking" if asked == mine else seat.consult.state
            stands["consult"] = replace(seat.consult, state=state)
        if any(getattr(seat, key) != value for key, value in stands.items()):
            floor.change_seat(seat.seat, changed, **stands)


def _watch_started(floor: "Floor", fact: WatchStarted, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None:
        floor.change_seat(fact.seat, changed, watchers={**seat.watchers, fact.watcher: fact.mode})


def _watch_ended(floor: "Floor", fact: WatchEnded, changed: "Changed") -> None:
    seat = floor.seats.get(fact.seat)
    if seat is not None:
        watchers = {who: mode for who, mode in seat.watchers.items() if who != fact.watcher}
        floor.change_seat(fact.seat, changed, watchers=watchers)


def _has_leg(floor: "Floor", name: str, leg: str) -> bool:
    seat = floor.seats.get(name)
    return seat is not None and bool(seat.leg) and seat.leg == leg


def _consult(floor: "Floor", by: str, leg: str, state: str, changed: "Changed") -> None:
    seat = floor.seats.get(by)
    if seat is not None and seat.consult is not None and seat.consult.leg == leg:
        floor.change_seat(by, changed, consult=replace(seat.consult, state=state) if state else None)


REDUCERS: dict[type[Fact], Callable[["Floor", Any, "Changed"], None]] = {
    SeatOpened: _opened,
    SeatClosed: _closed,
    SeatReachable: _reachable,
    SeatUnreachable: _unreachable,
    SeatSkilled: _skilled,
    SeatReady: _ready,
    SeatPaused: _paused,
    WrapUpStarted: _wrap_up,
    WrapUpExtended: _wrap_up_extended,
    WrapUpEnded: _wrapped_up,
    LegAnswered: _leg_answered,
    LegFailed: _leg_failed,
    LegEnded: _leg_ended,
    LegJoined: _joined,
    LegHeld: _held,
    RecordingPaused: _recorded,
    RecordingResumed: _recorded,
    WatchStarted: _watch_started,
    WatchEnded: _watch_ended,
}
