"""What we say to the PBX about a call that is up, as AMI actions: send legs to places, ring seats. Pure."""

import re
from uuid import UUID

from cti.speaks import NUMBER, SEAT, Action, Unspeakable, hang_up, seat_channel

QUEUE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
DIGITS = re.compile(r"[0-9A-D*#]{1,32}")
ANSWER_NOW = "PJSIP_HEADER(add,Call-Info)=<sip:gridline>;answer-after=0"


class Place:
    """Where a leg can be sent: (context, extension)."""

    HOLD_CITIZEN = ("gridline-hold", "citizen")
    HOLD_PARTY = ("gridline-hold", "party")
    ALONE = ("gridline-alone", "s")
    ALONE_RECORDED = ("gridline-alone", "recorded")
    JOIN_CITIZEN = ("gridline-join", "citizen")
    JOIN_PARTY = ("gridline-join", "party")
    ROOM_SEAT = ("gridline-room", "seat")
    ROOM_PARTY = ("gridline-room", "party")
    ROOM_CITIZEN = ("gridline-room", "citizen")
    RESCUE = ("gridline-rescue", "s")
    BYE = ("gridline-bye", "s")


def target(text: str, *kinds: str) -> tuple[str, str]:
    """A target's kind and name. Raises Unspeakable for what cannot be dialled, or is not among `kinds`."""
    kind, _, name = text.partition(":")
    shape = {"seat": SEAT, "number": NUMBER, "queue": QUEUE}
    if kind not in kinds or not shape[kind].fullmatch(name):
        raise Unspeakable(f"{text[:50]!r} is nobody who can be reached here; give {' or '.join(kinds)}:…")
    return kind, name


def send(channel: str, place: tuple[str, str]) -> Action:
    """Send one leg to a place."""
    return {"Action": "Redirect", "Channel": channel, "Context": place[0], "Exten": place[1], "Priority": "1"}


def send_two(channel: str, place: tuple[str, str], other: str, others: tuple[str, str]) -> Action:
    """Send two legs that are joined, each to a place, so that neither takes the other down."""
    return {
        **send(channel, place), "ExtraChannel": other, "ExtraContext": others[0], "ExtraExten": others[1],
        "ExtraPriority": "1",
    }  # fmt: skip


def put(channel: str, name: str, value: str) -> Action:
    """Set a variable of a leg."""
    return {"Action": "Setvar", "Channel": channel, "Variable": name, "Value": value}


def ring(
    seat: str,
    leg: UUID,
    place: tuple[str, str],
    variables: dict[str, str],
    *,
    caller: str,
    ring_ms: int = 15_000,
) -> Action:
    """Ring a seat that answers by itself, and send it to a place once it has. `leg` becomes its uniqueid."""
    said = {"X-Gridline-Contact": variables.get("__GRIDLINE_CONTACT", ""),
            "X-Gridline-Call": variables.get("__GRIDLINE_CALL", ""),
            "X-Gridline-Why": variables.get("GRIDLINE_WHY", "").partition(":")[0]}  # fmt: skip
    if any("," in value for value in variables.values()):
        raise Unspeakable("a comma in a variable would set another")
    return {
        "Action": "Originate", "Channel": seat_channel(seat), "ChannelId": str(leg), "Context": place[0],
        "Exten": place[1], "Priority": "1", "Timeout": str(ring_ms), "CallerID": caller, "Async": "true",
        "Variable": [
            *(f"{name}={value}" for name, value in variables.items()), ANSWER_NOW,
            *(f"PJSIP_HEADER(add,{name})={value}" for name, value in said.items() if value),
        ],
    }  # fmt: skip


def record(channel: str, on: bool) -> Action:
    """Go on with the recording of a leg, or leave out what is said; its files keep their time."""
    return {"Action": "MixMonitorMute", "Channel": channel, "Direction": "both", "State": "0" if on else "1"}


def digit(channel: str, one: str) -> Action:
    """Send one DTMF digit out of a leg."""
    return {"Action": "PlayDTMF", "Channel": channel, "Digit": one, "Duration": "120"}


__all__ = ["DIGITS", "Place", "digit", "hang_up", "put", "record", "ring", "send", "send_two", "target"]
