"""What the PBX says, as facts. Pure and deterministic: the same tape always gives the same facts.

One event in, facts out; `cti.memory` is what is remembered between them. Events of our own (notes, `cti.notes`) come
over the same tape in the same form. A snapshot's notes make facts that say `inferred`. What is heard of
calls, legs, what happens inside a call, waiting and seats has a file each (`cti.hears_…`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cti import ami, hears_calls, hears_legs, hears_seats, hears_talk, hears_waits
from cti.memory import Memory
from cti.tape import Heard
from schema.facts import Fact

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
        event, at = ami.Fields(raw), frame.at
        try:
            if name != "Note":
                self.memory.heard = at
            elif when := event.get("When"):
                at = datetime.fromisoformat(when)  # recalled: it happened before we wrote it down
            if name == "UserEvent":
                return TOLD[event["What"]](self, event, at) if event["UserEvent"] == "Gridline" else []
            what = event["What"] if name == "Note" else name
            if what in hears_seats.NOTED:
                return hears_seats.NOTED[what](self.memory, self.node, event, at)
            return (NOTED if name == "Note" else SHOWN)[what](self, event, at)
        except (KeyError, ValueError):
            return []  # not ours, or not whole: it must not stop the ears

    def about(self, event: Fields, at: datetime) -> dict[str, Any]:
        """What every fact about a known call says. Raises KeyError for another's: the next snapshot will find it."""
        call, contact = hears_calls.ids(event)
        if self.memory.calls[call].contact != contact:
            raise KeyError(contact)
        return {
            "at": at,
            "contact": contact,
            "call": call,
            "node": self.node,
            "inferred": event["Event"] == "Note",
        }


Handler = Callable[[Hearing, Fields, datetime], list[Fact]]
TOLD: dict[str, Handler] = {
    "Entered": hears_calls.entered,
    "NoticePlayed": hears_calls.notice,
    "LanguageChosen": hears_calls.language,
    "MenusWalked": hears_calls.menus,
    "Queued": hears_calls.queued,
    "Net": hears_calls.net,
    "Offering": hears_calls.offering,
    "Guest": hears_calls.guest,
    "OfferFailed": hears_calls.offer_failed,
    "Answered": hears_calls.answered,
    "Recording": hears_calls.recording,
    "Visited": hears_calls.visited,
    "RatingGiven": hears_calls.rated,
    "VisitAnswered": hears_calls.visit_answered,
    "RatingAsked": hears_calls.rating_asked,
    "ReceptionRated": hears_calls.reception_rated,
    "Held": hears_talk.held,
    "Transferred": hears_talk.transferred,
    "Watching": hears_talk.watching,
    "Dictated": hears_talk.dictated,
    **hears_waits.TOLD,
}
SHOWN: dict[str, Handler] = {
    "FullyBooted": hears_legs.booted,
    "DialBegin": hears_legs.dial_begin,
    "DialEnd": hears_legs.dial_end,
    "BridgeEnter": hears_talk.joined,
    "BridgeLeave": hears_talk.left,
    "HangupRequest": hears_legs.going,
    "Hangup": hears_legs.hangup,
    "MixMonitorMute": hears_talk.paused,
}
NOTED: dict[str, Handler] = {
    "Entered": hears_calls.entered,
    "MenusWalked": hears_calls.menus,
    "Queued": hears_calls.queued,
    "Net": hears_calls.net,
    "Ringing": hears_calls.ringing,
    "Answered": hears_calls.answered,
    "Recording": hears_calls.recording,
    "Visited": hears_calls.visited,
    "RatingAsked": hears_calls.rating_asked,
    "DialBegin": hears_legs.dial_begin,
    "DialEnd": hears_legs.dial_end,
    "Gone": hears_legs.hangup,
    "Guest": hears_calls.guest,
    "Joined": hears_talk.joined,
    "Left": hears_talk.left,
    "Held": hears_talk.held,
    "Handed": hears_talk.handed,
    "PauseOver": hears_talk.goes_on,
    **hears_waits.NOTED,
}
_HEARD = {f"Event: {name}".encode(): name for name in ("UserEvent", "Note", "ContactStatus", *SHOWN)}
"""By an event's first line; most events are passed over at that."""
