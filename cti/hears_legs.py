"""What the PBX itself shows of channels, as facts: how they begin to ring, how that ends, how they end. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cti import hears_calls, hears_talk
from cti.hears_talk import REASONS
from cti.memory import Call, Leg
from schema.facts import CallEnded, Fact, LegEnded, OfferFailed, RecordingStopped, WrapUpStarted
from schema.rules.stages import outcome

if TYPE_CHECKING:
    from cti.hears import Hearing

SEAT_CHANNEL = re.compile(r"PJSIP/seat([0-9]{2,8})-")
FAR_CHANNEL = "PJSIP/node-"
Fields = Mapping[str, str]


def booted(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The PBX says since when it lives."""
    hearing.memory.booted = at - timedelta(seconds=int(event["Uptime"]))
    return []


def dial_begin(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A channel begins to ring."""
    leg, seat = event["DestUniqueid"], SEAT_CHANNEL.match(event["DestChannel"])
    if leg in hearing.memory.legs or leg in hearing.memory.gone:
        return []
    number = seat[1] if seat else ""
    if "Uniqueid" not in event:
        return _placed(hearing, event, number, at)
    caller = hearing.memory.legs[event["Uniqueid"]]
    if caller.kind == "citizen" and event["DestChannel"].startswith(FAR_CHANNEL):
        number = hearing.memory.calls[caller.call].far
    if not number or caller.kind != "citizen":
        return hears_talk.rang_by_leg(hearing, event, caller, number, at)
    same = {"at": at, "contact": caller.contact, "call": caller.call, "node": hearing.node}
    return [hears_calls.ring(hearing, same, leg, number, event["DestChannel"])]


def dial_end(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """In the net the PBX's own queue rings the seats; elsewhere the dialplan tells of a failure itself."""
    uniqueid, status = event["DestUniqueid"], event.get("DialStatus", "")
    leg = hearing.memory.legs[uniqueid]
    if leg.kind != "seat" or leg.by or leg.why in ("out", "internal"):
        return hears_talk.dialled(hearing, event, leg, at) if leg.why != "visit" else []
    call = hearing.memory.calls[leg.call]
    if status == "ANSWER" or leg.failed or not (call.stage == "net" or call.direction == "guest"):
        return []
    leg.failed = True
    return [OfferFailed(at=at, contact=leg.contact, call=leg.call, node=hearing.node, seat=leg.seat, leg=uniqueid,
                        reason=REASONS.get(status, "unreachable"), guest=call.direction == "guest")]  # fmt: skip


def going(hearing: "Hearing", event: Fields, _at: datetime) -> list[Fact]:
    """A leg's far end hung up: that is who ends the call, unless the other went first."""
    call = hearing.memory.calls[hearing.memory.legs[event["Uniqueid"]].call]
    call.first_out = call.first_out or event["Uniqueid"]
    return []


def hangup(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A channel is over."""
    memory, uniqueid = hearing.memory, event["Uniqueid"]
    memory.forget_leg(uniqueid)
    leg = memory.legs.pop(uniqueid)
    call = memory.calls.get(leg.call)
    cause = int(event.get("Cause") or 0)
    same = hears_talk.same(hearing, event, leg, at)
    wraps = _wraps(hearing, uniqueid, leg)
    facts = hears_talk.watch_ended(hearing, event, uniqueid, leg, at)
    facts.append(LegEnded(**same, leg=uniqueid, seat=leg.seat, cause=cause, kind=leg.kind, wraps=wraps))
    if leg.recording:
        facts.append(RecordingStopped(**same, leg=uniqueid, name=leg.recording, seat=leg.seat or "visit"))
    if wraps:
        facts.append(
            WrapUpStarted(at=at, contact=leg.contact, seat=leg.seat, node=hearing.node, call=leg.call)
        )
    placing = leg.kind == "seat" and leg.why == "out"
    if call is None or not (call.leg == uniqueid or (placing and not call.leg)):
        return facts
    del memory.calls[leg.call]
    if call.direction == "guest":
        return facts  # the caller's own PBX says how the call ended
    # A call older than the PBX's present life died with the one before.
    lost = same["inferred"] and memory.booted is not None and call.entered < memory.booted
    facts.append(
        CallEnded(**same, stage=call.stage, outcome=_outcome(call, lost), cause=cause,
                  ended_by="pbx" if lost else _who_ended(call, uniqueid))
    )  # fmt: skip
    return facts


def _placed(hearing: "Hearing", event: Fields, seat: str, at: datetime) -> list[Fact]:
    """A channel that we place begins to ring: nobody dials it, and it carries the order's ids and its why."""
    carried = "DestChanVariable(GRIDLINE_{})"
    named = {name: event.get(carried.format(name.upper()), "") for name in ("Contact", "Call", "Case")}
    why = event.get(carried.format("WHY"), "")
    uniqueid, channel = event["DestUniqueid"], event["DestChannel"]
    about = {**named, "Event": event["Event"], "Channel": channel, "Direction": "out"}
    if not seat:
        number = event["DialString"].partition("@")[0]
        return hears_calls.entered(
            hearing,
            {**about, "Uniqueid": uniqueid, "Number": number, "Dialled": number, "Purpose": why or "return-visit"}, at,
        )  # fmt: skip
    call, contact = hears_calls.ids(named)
    if why == "watch":
        if call not in hearing.memory.calls:
            return []
        leg = Leg(call, contact, "watcher", seat, channel=channel, why=why, by=seat)
        return hears_talk.rang(hearing, event, uniqueid, leg, at)
    # An agent's call: the seat rings first. Inside the house, and where a prompt is spoken, its own leg is the call.
    kind, _, number = why.partition(":")
    main = uniqueid if kind in ("internal", "prompt") else ""
    facts = hears_calls.entered(
        hearing,
        {**about, "Uniqueid": "", "Number": number, "Dialled": number,
         "Purpose": "call-out" if kind == "out" else kind}, at,
    )  # fmt: skip
    if not facts:
        return []
    hearing.memory.calls[call].leg = main
    leg = Leg(call, contact, "seat", seat, channel=channel, why="internal" if main else "out", by=seat)
    if kind == "prompt":
        leg.kind, leg.why = "watcher", kind
    return [*facts, *hears_talk.rang(hearing, event, uniqueid, leg, at)]


def _wraps(hearing: "Hearing", uniqueid: str, leg: Leg) -> bool:
    """Whether a seat has something to write up once its leg is over.

    Not who was only asked, placed a call that nobody took, or has the same call on another leg (its page was loaded
    anew).
    """
    if leg.kind != "seat" or not leg.answered or leg.why in ("consult", "internal"):
        return False
    if leg.why == "out" and not leg.reached:
        return False
    call = hearing.memory.calls.get(leg.call)
    newest = call.rang.get(leg.seat, uniqueid) if call is not None else uniqueid
    other = hearing.memory.legs.get(newest)
    return newest == uniqueid or other is None or other.failed


def _outcome(call: Call, lost: bool) -> str:
    came_out = outcome(call.direction, call.answered, lost)
    return call.settled if call.settled and came_out == "abandoned" else came_out


def _who_ended(call: Call, citizen: str) -> str:
    if call.first_out:
        return "citizen" if call.first_out == citizen else "seat"
    return "citizen" if call.direction == "in" else "system"
