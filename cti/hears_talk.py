"""What is heard inside a call, as facts: legs that ring and answer, bridges, hold, transfers, watchers. Pure.

The parts of `cti.hears` that concern more than a citizen and the seat that a queue found.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cti.memory import Leg
from schema.facts import (
    CallAnswered,
    CallTransferred,
    Fact,
    LegAnswered,
    LegFailed,
    LegHeld,
    LegJoined,
    LegLeft,
    LegRang,
    PromptDictated,
    RecordingPaused,
    RecordingResumed,
    WatchEnded,
    WatchStarted,
)

if TYPE_CHECKING:
    from cti.hears import Hearing

ROOM = "base"
"""How the PBX names the bridge of a conference; one of two is "basic"."""
Fields = Mapping[str, str]
REASONS = {"NOANSWER": "no answer", "BUSY": "busy", "CHANUNAVAIL": "unreachable", "CONGESTION": "unreachable",
           "CANCEL": "caller gone", "ABORT": "caller gone"}  # fmt: skip
ENDS = {"DTMF": "key", "HANGUP": "hangup", "TIMEOUT": "time"}
"""How a recording by the dialplan ended (RECORD_STATUS)."""


def same(hearing: "Hearing", event: Fields, leg: Leg, at: datetime) -> dict[str, Any]:
    """What every fact about a leg says."""
    return {"at": at, "contact": leg.contact, "call": leg.call, "node": hearing.node,
            "inferred": event["Event"] == "Note"}  # fmt: skip


def rang(hearing: "Hearing", event: Fields, uniqueid: str, leg: Leg, at: datetime) -> list[Fact]:
    """A further leg of a call begins to ring."""
    hearing.memory.legs[uniqueid] = leg
    return [
        LegRang(**same(hearing, event, leg, at), leg=uniqueid, channel=leg.channel, kind=leg.kind, why=leg.why,
                seat=leg.seat, by=leg.by, number=leg.number)
    ]  # fmt: skip


def rang_by_leg(hearing: "Hearing", event: Fields, caller: Leg, seat: str, at: datetime) -> list[Fact]:
    """A leg of a call dials: a seat somebody outside, or another seat; a citizen somebody outside."""
    uniqueid, channel = event["DestUniqueid"], event["DestChannel"]
    number = "" if seat else event.get("DialString", "").partition("@")[0]
    call = hearing.memory.calls.get(caller.call)
    consults = caller.reached or event.get("Context", "").startswith("gridline-consult")
    placing = caller.kind == "seat" and caller.why in ("out", "internal") and not consults
    why = caller.why if placing else "consult" if caller.kind == "seat" else "transfer"
    kind = "seat" if seat else "citizen" if placing else "party"
    leg = Leg(
        caller.call, caller.contact, kind, seat, channel=channel, why=why, by=caller.seat, number=number[:32]
    )
    if call is not None and kind == "citizen" and not call.leg:
        call.leg = uniqueid
    return rang(hearing, event, uniqueid, leg, at)


def dialled(hearing: "Hearing", event: Fields, leg: Leg, at: datetime) -> list[Fact]:
    """How the ringing of a further leg ended."""
    uniqueid, status = event["DestUniqueid"], event.get("DialStatus", "")
    about = same(hearing, event, leg, at)
    told: dict[str, Any] = {"leg": uniqueid, "kind": leg.kind, "why": leg.why, "seat": leg.seat, "by": leg.by}
    if leg.answered or leg.failed:
        return []
    if status != "ANSWER":
        leg.failed = True
        return [LegFailed(**about, **told, reason=REASONS.get(status, "unreachable"))]
    leg.answered = True
    facts: list[Fact] = [LegAnswered(**about, **told)]
    if leg.why == "prompt" and hearing.memory.move(leg.call, "answered"):
        hearing.memory.calls[leg.call].answered = True  # there is nobody to talk with
    if leg.kind == "citizen" or (leg.why == "internal" and leg.seat != leg.by):
        facts += reached(hearing, event, uniqueid, leg, at)
    return facts


def reached(hearing: "Hearing", event: Fields, uniqueid: str, leg: Leg, at: datetime) -> list[Fact]:
    """The citizen of a call that an agent placed has answered."""
    call = hearing.memory.calls.get(leg.call)
    if call is None or not hearing.memory.move(leg.call, "answered"):
        return []
    call.answered = True
    if (placing := hearing.memory.legs.get(event.get("Uniqueid", ""))) is not None:
        placing.reached = True
    about = same(hearing, event, leg, at)
    return [
        CallAnswered(**about, seat=leg.by, leg=uniqueid, by="citizen", user=hearing.memory.users.get(leg.by))
    ]


def joined(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A leg enters a bridge."""
    leg, bridge = hearing.memory.legs[event["Uniqueid"]], event["BridgeUniqueid"]
    if (call := hearing.memory.calls.get(leg.call)) is not None:
        call.first_out = ""
    if leg.bridge == bridge:
        return []
    facts: list[Fact] = []
    if leg.bridge:  # it was moved, and the bridge before did not say so yet
        facts.append(_left(hearing, event, leg, at))
    leg.bridge, leg.held, leg.room = bridge, False, event.get("BridgeType") == ROOM
    about = same(hearing, event, leg, at)
    return [*facts, LegJoined(**about, leg=event["Uniqueid"], bridge=bridge, kind=leg.kind, seat=leg.seat)]


def left(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A leg leaves a bridge."""
    leg = hearing.memory.legs[event["Uniqueid"]]
    call = hearing.memory.calls.get(leg.call)
    if call is not None:
        call.first_out = call.first_out or event["Uniqueid"]
        if leg.kind == "seat" and leg.why != "consult":
            call.left_by = leg.seat
    if leg.bridge != event["BridgeUniqueid"]:
        return []
    fact = _left(hearing, event, leg, at)
    leg.bridge, leg.room = "", False
    return [fact]


def _left(hearing: "Hearing", event: Fields, leg: Leg, at: datetime) -> Fact:
    about = same(hearing, event, leg, at)
    return LegLeft(**about, leg=event["Uniqueid"], bridge=leg.bridge, kind=leg.kind, seat=leg.seat)


def held(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A leg hears music."""
    leg = hearing.memory.legs[event["Uniqueid"]]
    if leg.held:
        return []
    leg.held = True
    if (call := hearing.memory.calls.get(leg.call)) is not None:
        call.first_out = ""
    about = same(hearing, event, leg, at)
    return [
        LegHeld(**about, leg=event["Uniqueid"], kind=leg.kind, seat=leg.seat, by=event.get("By", "")[:16])
    ]


def paused(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A leg's recording is paused, or goes on."""
    uniqueid, off = event["Uniqueid"], event["State"] == "1"
    leg = hearing.memory.legs[uniqueid]
    if leg.unrecorded == off or not leg.recording:
        return []
    about = same(hearing, event, leg, at)
    by_itself, leg.unrecorded, leg.unrecorded_at, leg.goes_on = leg.goes_on, off, at if off else None, False
    if off:
        return [RecordingPaused(**about, leg=uniqueid, seat=leg.seat)]
    return [RecordingResumed(**about, leg=uniqueid, seat=leg.seat, by_itself=by_itself)]


def goes_on(hearing: "Hearing", event: Fields, _at: datetime) -> list[Fact]:
    """A note of ours: a pause is as long as one may be, and the recording is about to go on by itself."""
    hearing.memory.legs[event["Uniqueid"]].goes_on = True
    return []


def transferred(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The citizen is sent on."""
    leg = hearing.memory.legs[event["Uniqueid"]]
    call = hearing.memory.calls[leg.call]
    call.first_out, leg.held = "", False
    how, target = event["How"][:12], event["Target"][:40]
    call.why = "transfer" if target.startswith("seat:") else "queue"
    about = same(hearing, event, leg, at)
    return [CallTransferred(**about, seat=event.get("Seat", "")[:16], target=target, how=how)]


def handed(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A note of ours: a leg that was asked first, or a supervisor's, has the citizen now (`Uniqueid` is that leg)."""
    leg = hearing.memory.legs[event["Uniqueid"]]
    ended = watch_ended(hearing, event, event["Uniqueid"], leg, at)
    leg.kind = "seat" if leg.seat else "party"
    leg.why, leg.mode, leg.watched = "transfer", "", ""
    about = same(hearing, event, leg, at)
    target = f"seat:{leg.seat}" if leg.seat else f"number:{leg.number}"
    return [*ended, CallTransferred(**about, seat=event["Seat"], target=target, how=event["How"])]


def watching(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A supervisor's leg listens, whispers or joins in."""
    uniqueid, mode = event["Uniqueid"], event["Mode"]
    leg = hearing.memory.legs[uniqueid]
    if leg.kind != "watcher" or leg.mode == mode:
        return []
    facts = watch_ended(hearing, event, uniqueid, leg, at)
    leg.mode, leg.watched = mode, event["Seat"][:16]
    about = same(hearing, event, leg, at)
    return [*facts, WatchStarted(**about, seat=leg.watched, watcher=leg.seat, mode=mode, leg=uniqueid)]


def watch_ended(hearing: "Hearing", event: Fields, uniqueid: str, leg: Leg, at: datetime) -> list[Fact]:
    """The end of a supervisor's listening, if the leg did."""
    if not leg.mode:
        return []
    about = same(hearing, event, leg, at)
    return [WatchEnded(**about, seat=leg.watched, watcher=leg.seat, mode=leg.mode, leg=uniqueid)]


def dictated(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """A prompt was spoken; the file is closed."""
    leg = hearing.memory.legs[event["Uniqueid"]]
    how = ENDS.get(event.get("How", ""), "nothing")
    about = same(hearing, event, leg, at)
    return (
        [PromptDictated(**about, seat=leg.seat, leg=event["Uniqueid"], how=how)]
        if leg.why == "prompt"
        else []
    )
