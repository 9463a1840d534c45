"""What the PBX says, as facts. Pure and deterministic: the same tape always gives the same facts.

One event in, facts out; `cti.memory` is what is remembered between them. Events of our own (notes, `cti.notes`) come
over the same tape in the same form. A snapshot's notes make facts that say `inferred`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cti import ami, hears_seats, hears_talk, hears_waits
from cti.hears_talk import REASONS
from cti.memory import Call, Leg, Memory
from cti.tape import Heard
from schema.facts import (
    CallAnswered,
    CallEnded,
    CallEntered,
    CallOffered,
    CallQueued,
    Fact,
    LanguageChosen,
    LegEnded,
    NetUsed,
    NoticePlayed,
    OfferFailed,
    RatingGiven,
    RecordingStarted,
    RecordingStopped,
    WrapUpStarted,
)
from schema.ids import CallId, CaseId, ContactId, as_id
from schema.rules.stages import first, outcome

SEAT_CHANNEL = re.compile(r"PJSIP/seat([0-9]{2,8})-")
FAR_CHANNEL = "PJSIP/node-"
Fields = Mapping[str, str]


class Hearing:
    """The ears' understanding of one node: hears events in the order of the tape."""

    def __init__(self, node: str, memory: Memory) -> None:
        self.node = node
        self.memory = memory

    def hear(self, frame: Heard) -> list[Fact]:
        """The facts of one frame of the tape. What makes no sense (a broken id, a stranger's channel) has none."""
        raw = frame.raw
        name = _HEARD.get(raw[: raw.find(b"\r\n")])
        if name is None:
            return []
        event = ami.Fields(raw)
        try:
            if name == "UserEvent":
                return TOLD[event["What"]](self, event, frame.at) if event["UserEvent"] == "Gridline" else []
            what = event["What"] if name == "Note" else name
            if what in hears_seats.NOTED:
                return hears_seats.NOTED[what](self.memory, self.node, event, frame.at)
            return (NOTED if name == "Note" else SHOWN)[what](self, event, frame.at)
        except (KeyError, ValueError):
            return []  # not ours, or not whole: it must not stop the ears

    # -- what the dialplan tells, and a snapshot after it ----------------------------------------------------

    def entered(self, event: Fields, at: datetime) -> list[Fact]:
        call, contact = _ids(event)
        leg, direction = event["Uniqueid"], "out" if event.get("Direction") == "out" else "in"
        if call in self.memory.calls or leg in self.memory.gone:
            return []
        purpose = event.get("Purpose", "hotline")[:20]
        self.memory.calls[call] = Call(contact, first(direction), leg, direction, at, purpose=purpose)
        if leg:
            self.memory.legs[leg] = Leg(
                call, contact, "citizen", channel=event["Channel"], why="visit" if direction == "out" else "queue",
                answered=direction == "in",
            )  # fmt: skip
        return [
            CallEntered(
                **self.about(event, at), leg=leg, channel=event["Channel"], number=event.get("Number", "")[:32],
                dialled=event.get("Dialled", "")[:32], direction=direction,
                purpose=purpose, case=_case(event),
            )
        ]  # fmt: skip

    def notice(self, event: Fields, at: datetime) -> list[Fact]:
        return [NoticePlayed(**self.about(event, at))]

    def language(self, event: Fields, at: datetime) -> list[Fact]:
        return [
            LanguageChosen(
                **self.about(event, at), language=event["Language"][:8], key=event.get("Key", "")[:1]
            )
        ]

    def queued(self, event: Fields, at: datetime) -> list[Fact]:
        about = self.about(event, at)
        # Not "Priority" and "Language": AMI puts the channel's own fields of these names before ours.
        priority = min(max(int(event.get("Level") or 0), 0), 9)
        if not self.memory.move(about["call"], "queued"):
            return []
        self.memory.calls[about["call"]].why, self.memory.calls[about["call"]].settled = "queue", ""
        if (leg := self.memory.legs.get(event["Uniqueid"])) is not None:
            leg.held = False
        return [
            CallQueued(
                **about, queue=event["Queue"][:40], language=event.get("Spoken", "")[:8], priority=priority,
                returning=event.get("Returning") == "1", leg=event["Uniqueid"], channel=event["Channel"],
                number=event.get("Number", "")[:32], why=event.get("Why", "")[:20],
                skills=event.get("Skills", "")[:100],
            )
        ]  # fmt: skip

    def net(self, event: Fields, at: datetime) -> list[Fact]:
        about = self.about(event, at)
        return [NetUsed(**about, queue=event["Queue"][:40])] if self.memory.move(about["call"], "net") else []

    def offering(self, event: Fields, _at: datetime) -> list[Fact]:
        """A seat is about to ring; only one of another PBX must be known before it does."""
        if event.get("Node"):
            call = self.memory.calls[_ids(event)[0]]
            call.far, user = event["Seat"][:16], event.get("User", "")
            call.far_user = as_id(user) if user else None
        return []

    def guest(self, event: Fields, at: datetime) -> list[Fact]:
        """A caller of another PBX, for a seat here."""
        call, contact = _ids(event)
        self.memory.calls[call] = Call(contact, "queue", event["Uniqueid"], "guest", at, purpose="guest")
        self.memory.legs[event["Uniqueid"]] = Leg(
            call, contact, "citizen", channel=event["Channel"], why="guest", answered=True
        )
        return []

    def offer_failed(self, event: Fields, at: datetime) -> list[Fact]:
        about, seat = self.about(event, at), event["Seat"][:16]
        rang = self.memory.calls[about["call"]].rang.get(seat, "")  # most often it is over already
        if rang in self.memory.legs:
            self.memory.legs[rang].failed = True
        return [
            OfferFailed(
                **about, seat=seat, leg=rang, reason=REASONS.get(event.get("Status", ""), "unreachable")
            )
        ]

    def ringing(self, event: Fields, at: datetime) -> list[Fact]:
        """A seat's leg rings (only a snapshot says it like this)."""
        about, leg = self.about(event, at), event["Uniqueid"]
        if leg in self.memory.legs or leg in self.memory.gone:
            return []
        return [self._ring(about, leg, event["Seat"], event["Channel"])]

    def answered(self, event: Fields, at: datetime) -> list[Fact]:
        about, seat, leg = self.about(event, at), event["Seat"][:16], event["Uniqueid"]
        facts = self.ringing(event, at)
        known = self.memory.legs[leg]
        if known.answered or known.kind != "seat":
            return facts
        known.answered = self.memory.calls[known.call].answered = True
        self.memory.move(known.call, "answered")
        user, guest = self._user(known.call, seat), self._guest(known.call)
        return [*facts, CallAnswered(**about, seat=seat, leg=leg, user=user, guest=guest)]

    def recording(self, event: Fields, at: datetime) -> list[Fact]:
        about, leg, name = self.about(event, at), event["Uniqueid"], event["Name"]
        if self.memory.legs[leg].recording:
            return []
        self.memory.legs[leg].recording = name
        return [RecordingStarted(**about, leg=leg, name=name, seat=event.get("Seat", "")[:16])]

    def visited(self, event: Fields, at: datetime) -> list[Fact]:
        about, leg = self.about(event, at), event["Uniqueid"]
        if not self.memory.move(about["call"], "visited"):
            return []
        self.memory.calls[about["call"]].answered = True
        return [CallAnswered(**about, seat="", leg=leg, by="citizen")]

    def rated(self, event: Fields, at: datetime) -> list[Fact]:
        case, score = CaseId(as_id(event["Case"])), int(event["Score"])
        return [RatingGiven(**self.about(event, at), case=case, score=score)] if 1 <= score <= 5 else []

    # -- what the PBX itself shows -----------------------------------------------------------------------------

    def booted(self, event: Fields, at: datetime) -> list[Fact]:
        self.memory.booted = at - timedelta(seconds=int(event["Uptime"]))
        return []

    def dial_begin(self, event: Fields, at: datetime) -> list[Fact]:
        leg, seat = event["DestUniqueid"], SEAT_CHANNEL.match(event["DestChannel"])
        if leg in self.memory.legs or leg in self.memory.gone:
            return []
        number = seat[1] if seat else ""
        if "Uniqueid" not in event:
            return self._placed(event, number, at)
        caller = self.memory.legs[event["Uniqueid"]]
        if caller.kind == "citizen" and event["DestChannel"].startswith(FAR_CHANNEL):
            number = self.memory.calls[caller.call].far
        if not number or caller.kind != "citizen":
            return hears_talk.rang_by_leg(self, event, caller, number, at)
        same = {"at": at, "contact": caller.contact, "call": caller.call, "node": self.node}
        return [self._ring(same, leg, number, event["DestChannel"])]

    def dial_end(self, event: Fields, at: datetime) -> list[Fact]:
        """In the net the PBX's own queue rings the seats; elsewhere the dialplan tells of a failure itself."""
        uniqueid, status = event["DestUniqueid"], event.get("DialStatus", "")
        leg = self.memory.legs[uniqueid]
        if leg.kind != "seat" or leg.by or leg.why in ("out", "internal"):
            return hears_talk.dialled(self, event, leg, at) if leg.why != "visit" else []
        call = self.memory.calls[leg.call]
        if status == "ANSWER" or leg.failed or not (call.stage == "net" or call.direction == "guest"):
            return []
        leg.failed = True
        return [OfferFailed(at=at, contact=leg.contact, call=leg.call, node=self.node, seat=leg.seat, leg=uniqueid,
                            reason=REASONS.get(status, "unreachable"), guest=call.direction == "guest")]  # fmt: skip

    def reached(self, event: Fields, uniqueid: str, leg: Leg, at: datetime) -> list[Fact]:
        """The citizen of a call that an agent placed has answered."""
        call = self.memory.calls.get(leg.call)
        if call is None or not self.memory.move(leg.call, "answered"):
            return []
        call.answered = True
        same = hears_talk.same(self, event, leg, at)
        return [
            CallAnswered(**same, seat=leg.by, leg=uniqueid, by="citizen", user=self.memory.users.get(leg.by))
        ]

    def going(self, event: Fields, _at: datetime) -> list[Fact]:
        """A leg's far end hung up: that is who ends the call, unless the other went first."""
        call = self.memory.calls[self.memory.legs[event["Uniqueid"]].call]
        call.first_out = call.first_out or event["Uniqueid"]
        return []

    def hangup(self, event: Fields, at: datetime) -> list[Fact]:
        memory, uniqueid = self.memory, event["Uniqueid"]
        memory.forget_leg(uniqueid)
        leg = memory.legs.pop(uniqueid)
        call = memory.calls.get(leg.call)
        cause = int(event.get("Cause") or 0)
        same = hears_talk.same(self, event, leg, at)
        # Who was only asked, or placed a call that nobody took, has nothing to write up.
        wraps = leg.kind == "seat" and leg.answered and leg.why not in ("consult", "internal")
        if leg.why == "out" and leg.kind == "seat":
            wraps = wraps and call is not None and call.answered
        facts = hears_talk.watch_ended(self, event, uniqueid, leg, at)
        facts.append(LegEnded(**same, leg=uniqueid, seat=leg.seat, cause=cause, kind=leg.kind, wraps=wraps))
        if leg.recording:
            facts.append(RecordingStopped(**same, leg=uniqueid, name=leg.recording, seat=leg.seat or "visit"))
        if wraps:
            facts.append(
                WrapUpStarted(at=at, contact=leg.contact, seat=leg.seat, node=self.node, call=leg.call)
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
            CallEnded(**same, stage=call.stage, outcome=self._outcome(call, lost), cause=cause,
                      ended_by="pbx" if lost else self._who_ended(call, uniqueid))
        )  # fmt: skip
        return facts

    # -- helpers -----------------------------------------------------------------------------------------------

    def _placed(self, event: Fields, seat: str, at: datetime) -> list[Fact]:
        """A channel that we place begins to ring: nobody dials it, and it carries the order's ids and its why."""
        carried = "DestChanVariable(GRIDLINE_{})"
        named = {name: event.get(carried.format(name.upper()), "") for name in ("Contact", "Call", "Case")}
        why = event.get(carried.format("WHY"), "")
        uniqueid, channel = event["DestUniqueid"], event["DestChannel"]
        about = {**named, "Event": event["Event"], "Channel": channel, "Direction": "out"}
        if not seat:
            number = event["DialString"].partition("@")[0]
            return self.entered(
                {**about, "Uniqueid": uniqueid, "Number": number, "Dialled": number, "Purpose": why or "return-visit"},
                at,
            )  # fmt: skip
        call, contact = _ids(named)
        if why == "watch":
            if call not in self.memory.calls:
                return []
            leg = Leg(call, contact, "watcher", seat, channel=channel, why=why, by=seat)
            return hears_talk.rang(self, event, uniqueid, leg, at)
        # An agent's call: the seat rings first. Inside the house its own leg is the call.
        kind, _, number = why.partition(":")
        main = uniqueid if kind == "internal" else ""
        facts = self.entered(
            {**about, "Uniqueid": "", "Number": number, "Dialled": number,
             "Purpose": "call-out" if kind == "out" else kind}, at,
        )  # fmt: skip
        if not facts:
            return []
        self.memory.calls[call].leg = main
        leg = Leg(call, contact, "seat", seat, channel=channel, why="internal" if main else "out", by=seat)
        return [*facts, *hears_talk.rang(self, event, uniqueid, leg, at)]

    def _ring(self, about: Mapping[str, Any], leg: str, seat: str, channel: str) -> Fact:
        call, contact = about["call"], about["contact"]
        why = self.memory.calls[call].why
        self.memory.legs[leg] = Leg(call, contact, "seat", seat, channel=channel, why=why)
        self.memory.calls[call].rang[seat] = leg
        self.memory.move(call, "offered")
        return CallOffered(
            **about, seat=seat, leg=leg, user=self._user(call, seat), why=why, guest=self._guest(call)
        )

    def _outcome(self, call: Call, lost: bool) -> str:
        came_out = outcome(call.direction, call.answered, lost)
        return call.settled if call.settled and came_out == "abandoned" else came_out

    def _user(self, call: CallId, seat: str) -> UUID | None:
        known = self.memory.calls[call]
        return known.far_user if seat == known.far else self.memory.users.get(seat)

    def _guest(self, call: CallId) -> bool:
        return self.memory.calls[call].direction == "guest"

    def _who_ended(self, call: Call, citizen: str) -> str:
        if call.first_out:
            return "citizen" if call.first_out == citizen else "seat"
        return "citizen" if call.direction == "in" else "system"

    def about(self, event: Fields, at: datetime) -> dict[str, Any]:
        """What every fact about a known call says. Raises KeyError for another's: the next snapshot will find it."""
        call, contact = _ids(event)
        if self.memory.calls[call].contact != contact:
            raise KeyError(contact)
        return {
            "at": at,
            "contact": contact,
            "call": call,
            "node": self.node,
            "inferred": event["Event"] == "Note",
        }


def _ids(event: Fields) -> tuple[CallId, ContactId]:
    return CallId(as_id(event["Call"])), ContactId(as_id(event["Contact"]))


def _case(event: Fields) -> CaseId | None:
    return CaseId(as_id(event["Case"])) if event.get("Case") else None


Handler = Callable[[Hearing, Fields, datetime], list[Fact]]
TOLD: dict[str, Handler] = {
    "Entered": Hearing.entered,
    "NoticePlayed": Hearing.notice,
    "LanguageChosen": Hearing.language,
    "Queued": Hearing.queued,
    "Net": Hearing.net,
    "Offering": Hearing.offering,
    "Guest": Hearing.guest,
    "OfferFailed": Hearing.offer_failed,
    "Answered": Hearing.answered,
    "Recording": Hearing.recording,
    "Visited": Hearing.visited,
    "RatingGiven": Hearing.rated,
    "Held": hears_talk.held,
    "Transferred": hears_talk.transferred,
    "Watching": hears_talk.watching,
    **hears_waits.TOLD,
}
SHOWN: dict[str, Handler] = {
    "FullyBooted": Hearing.booted,
    "DialBegin": Hearing.dial_begin,
    "DialEnd": Hearing.dial_end,
    "BridgeEnter": hears_talk.joined,
    "BridgeLeave": hears_talk.left,
    "HangupRequest": Hearing.going,
    "Hangup": Hearing.hangup,
}
NOTED: dict[str, Handler] = {
    "Entered": Hearing.entered,
    "Queued": Hearing.queued,
    "Net": Hearing.net,
    "Ringing": Hearing.ringing,
    "Answered": Hearing.answered,
    "Recording": Hearing.recording,
    "Visited": Hearing.visited,
    "Gone": Hearing.hangup,
    "Guest": Hearing.guest,
    "Joined": hears_talk.joined,
    "Left": hears_talk.left,
    "Held": hears_talk.held,
    "Handed": hears_talk.handed,
    **hears_waits.NOTED,
}
_HEARD = {f"Event: {name}".encode(): name for name in ("UserEvent", "Note", "ContactStatus", *SHOWN)}
"""By an event's first line; most events are passed over at that."""
