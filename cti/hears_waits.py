"""What is heard about waiting, as facts: what callers were told, where they were sent, and call-backs. Pure.

`TOLD` are the dialplan's and the voice scripts' words on a caller's channel, `NOTED` notes of our own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schema.facts import (
    CallBackAsked,
    CallBackDropped,
    CallBackFailed,
    CallBackKept,
    CallBackPromised,
    CallBackTried,
    CallOverflowed,
    Fact,
    WaitTold,
)
from schema.ids import CallId, ContactId, as_id

if TYPE_CHECKING:
    from cti.hears import Hearing

Fields = Mapping[str, str]


def told(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """Place and time were spoken to the caller's end, or to their key."""
    about = hearing.about(event, at)
    return [WaitTold(**about, position=int(event["Position"]), seconds=int(event["Seconds"]))]


def overflowed(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The caller arrived elsewhere: in another queue, at a message, at the machine."""
    about, to = hearing.about(event, at), event["To"][:60]
    call = hearing.memory.calls[about["call"]]
    hearing.memory.move(about["call"], "settled")
    if not to.startswith("queue:"):
        call.settled = "overflow"
    return [CallOverflowed(**about, queue=event["Queue"][:40], to=to, reason=event.get("Reason", "")[:20])]


def asked(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The caller asked to be called back."""
    return [CallBackAsked(**hearing.about(event, at), number=event["Number"][:32])]


def promised(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """We promised it; from now on the caller may hang up."""
    about = hearing.about(event, at) | {"inferred": False}
    call = hearing.memory.calls[about["call"]]
    if call.settled:
        return []
    call.settled = "callback"
    hearing.memory.move(about["call"], "settled")
    return [
        CallBackPromised(
            **about, promise=as_id(event["Promise"]), queue=event["Queue"], number=event["Number"],
            language=event["Language"], priority=int(event["Priority"]), place=datetime.fromisoformat(event["Place"]),
            expires=datetime.fromisoformat(event["Expires"]), skills=event.get("Skills", ""),
        )
    ]  # fmt: skip


def tried(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """We are about to dial: the intent, before anything is said to the PBX."""
    call, attempt = CallId(as_id(event["Call"])), int(event["Attempt"])
    return [
        CallBackTried(**_promise(hearing, event, at), call=call, attempt=attempt, seat=event.get("Seat", ""))
    ]


def failed(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """An attempt came to nothing."""
    again = datetime.fromisoformat(event["Again"]) if event.get("Again") else None
    return [CallBackFailed(**_promise(hearing, event, at), reason=event["Reason"], again=again)]


def kept(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """Citizen and seat talk."""
    return [CallBackKept(**_promise(hearing, event, at), call=CallId(as_id(event["Call"])))]


def dropped(hearing: "Hearing", event: Fields, at: datetime) -> list[Fact]:
    """The promise ends unkept."""
    by = CallId(as_id(event["Call"])) if event.get("Call") else None
    return [CallBackDropped(**_promise(hearing, event, at), reason=event["Reason"], call=by)]


def _promise(hearing: "Hearing", event: Fields, at: datetime) -> dict[str, Any]:
    contact = ContactId(as_id(event["Contact"]))
    return {"at": at, "contact": contact, "promise": as_id(event["Promise"]), "node": hearing.node}


Handler = Callable[["Hearing", Fields, datetime], list[Fact]]
TOLD: dict[str, Handler] = {"WaitTold": told, "Overflowed": overflowed, "CallBackAsked": asked}
NOTED: dict[str, Handler] = {
    "CallBackPromised": promised,
    "CallBackTried": tried,
    "CallBackFailed": failed,
    "CallBackKept": kept,
    "CallBackDropped": dropped,
}
