"""The floor's reducers of calls: what a fact changes about a call, and about the queue that it waits in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cti import floor_seats, promises
from cti.live import LiveCall
from schema.facts import (
    CallAnswered,
    CallBackPromised,
    CallEnded,
    CallEntered,
    CallOffered,
    CallOverflowed,
    CallQueued,
    CallTransferred,
    Fact,
    LanguageChosen,
    LegRang,
    NetUsed,
    OfferFailed,
    RatingAsked,
    WaitTold,
)
from schema.rules.stages import after, first

if TYPE_CHECKING:
    from cti.floor import Changed, Floor


def entered(floor: "Floor", fact: CallEntered, changed: "Changed") -> None:
    """A call begins."""
    assert fact.contact is not None
    floor.calls[fact.call] = LiveCall(
        fact.call, fact.contact, fact.number, first(fact.direction), fact.at, fact.at, fact.direction,
        channel=fact.channel, leg=fact.leg, purpose=fact.purpose,
    )  # fmt: skip
    changed.calls.add(fact.call)


def language(floor: "Floor", fact: LanguageChosen, changed: "Changed") -> None:
    """The citizen chose a language."""
    floor.change_call(fact.call, changed, language=fact.language)


def queued(floor: "Floor", fact: CallQueued, changed: "Changed") -> None:
    """A citizen waits in a queue."""
    call = floor.calls.get(fact.call)
    if call is None:
        return
    waits_on = call.counted == "waiting"
    if waits_on and call.counted_in != fact.queue:
        floor.settle(call, "overflowed")
        waits_on = False
    if not waits_on:
        floor.count_in(fact.queue)
    floor_seats.free(floor, call.seat, call.call, fact.at, changed)
    floor.change_call(
        fact.call, changed, stage=after(call.stage, "queued") or call.stage, since=fact.at,
        queue=fact.queue, priority=fact.priority, seat="",
        language=fact.language or call.language, returning=fact.returning, channel=fact.channel or call.channel,
        waiting_since=call.waiting_since or fact.at, counted="waiting", counted_in=fact.queue, why=fact.why,
        skills=fact.skills or call.skills, places={},
    )  # fmt: skip


def net(floor: "Floor", fact: NetUsed, changed: "Changed") -> None:
    """The PBX's own queue has the citizen."""
    call = floor.calls.get(fact.call)
    if call is not None:
        if call.counted != "waiting":
            floor.count_in(fact.queue)
        floor.change_call(
            fact.call, changed, stage=after(call.stage, "net") or call.stage, since=fact.at,
            waiting_since=call.waiting_since or fact.at, counted="waiting",
            counted_in=call.counted_in if call.counted == "waiting" else fact.queue, queue=call.queue or fact.queue,
        )  # fmt: skip


def overflowed(floor: "Floor", fact: CallOverflowed, changed: "Changed") -> None:
    """A caller left the line for elsewhere."""
    call = floor.calls.get(fact.call)
    if call is not None and call.counted == "waiting":
        floor.settle(call, "overflowed")
        floor.state.told.gone([fact.call])
        stage = after(call.stage, "settled") or call.stage
        floor.change_call(fact.call, changed, counted="", stage=stage, since=fact.at, why=fact.reason)


def promised(floor: "Floor", fact: CallBackPromised, changed: "Changed") -> None:
    """A caller was promised a call-back."""
    promises.promised(floor, fact)
    call = floor.calls.get(fact.call)
    if call is not None and call.counted == "waiting":
        floor.settle(call, "called_back")
        floor.state.told.gone([fact.call])
        stage = after(call.stage, "settled") or call.stage
        floor.change_call(fact.call, changed, counted="", stage=stage, since=fact.at)


def told(floor: "Floor", fact: WaitTold, changed: "Changed") -> None:
    """A caller was told how long it takes."""
    floor.state.told.tell(fact.call, fact.at, fact.seconds)
    floor.change_call(fact.call, changed, told=fact.seconds)


def offered(floor: "Floor", fact: CallOffered, changed: "Changed") -> None:
    """A seat rings."""
    call = floor.calls.get(fact.call)
    if call is not None and (stage := after(call.stage, "offered")):
        floor.change_call(fact.call, changed, stage=stage, since=fact.at, seat=fact.seat)
    floor_seats.rings(floor, fact, fact.why, changed)


def offer_failed(floor: "Floor", fact: OfferFailed, changed: "Changed") -> None:
    """A seat did not take a call."""
    floor_seats.free(floor, fact.seat, fact.call, fact.at, changed)


def answered(floor: "Floor", fact: CallAnswered, changed: "Changed") -> None:
    """Citizen and seat talk."""
    call = floor.calls.get(fact.call)
    if call is not None:
        counted = call.counted
        if counted == "waiting":
            floor.settle(call, "answered")
            floor.state.told.answered(fact.call, fact.at)
            counted = "answered"
        stage = after(call.stage, "answered" if fact.by == "seat" or fact.seat else "visited")
        floor.change_call(
            fact.call, changed, stage=stage or call.stage, since=fact.at, seat=fact.seat, counted=counted
        )
    floor_seats.talks(floor, fact, changed)


def leg_rang(floor: "Floor", fact: LegRang, changed: "Changed") -> None:
    """A further leg rings."""
    call = floor.calls.get(fact.call)
    if call is not None and fact.kind == "citizen":
        floor.change_call(fact.call, changed, leg=fact.leg, channel=fact.channel, seat=fact.by)
    elif call is not None and fact.kind == "party":
        floor.change_call(fact.call, changed, parties={**call.parties, fact.leg: fact.number})
    floor_seats.leg_rang(floor, fact, changed)


def transferred(floor: "Floor", fact: CallTransferred, changed: "Changed") -> None:
    """The citizen is sent on."""
    kind, _, name = fact.target.partition(":")
    if fact.how in ("consulted", "taken") and fact.call in floor.calls:
        floor.change_call(fact.call, changed, seat=name if kind == "seat" else "")
    floor_seats.transferred(floor, fact, changed)


def asked(floor: "Floor", fact: RatingAsked, changed: "Changed") -> None:
    """The agent left; the citizen is asked what they think. The seat writes up the call meanwhile."""
    call = floor.calls.get(fact.call)
    if call is not None and (stage := after(call.stage, "asked")):
        floor.change_call(fact.call, changed, stage=stage, since=fact.at, seat="", places={})


def ended(floor: "Floor", fact: CallEnded, changed: "Changed") -> None:
    """A call is over."""
    call = floor.calls.pop(fact.call, None)
    if call is None:
        return
    changed.calls.add(fact.call)
    if call.counted == "waiting":
        floor.settle(call, "abandoned")
        floor.state.told.gone([fact.call], fact.at)
    floor_seats.call_ended(floor, fact, changed)


REDUCERS: dict[type[Fact], Callable[["Floor", Any, "Changed"], None]] = {
    CallEntered: entered,
    LanguageChosen: language,
    CallQueued: queued,
    NetUsed: net,
    CallOverflowed: overflowed,
    CallBackPromised: promised,
    WaitTold: told,
    CallOffered: offered,
    OfferFailed: offer_failed,
    CallAnswered: answered,
    LegRang: leg_rang,
    CallTransferred: transferred,
    RatingAsked: asked,
    CallEnded: ended,
}
