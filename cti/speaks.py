"""What we say to the PBX, as AMI actions. Pure: an intention in, a mapping out; `cti.link` refuses unsafe values."""

import re
from uuid import UUID

Action = dict[str, str | list[str]]
SEAT = re.compile(r"[0-9]{2,8}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
NUMBER = re.compile(r"\+?[0-9]{3,20}")
CARRIER = "carrier"


class Unspeakable(ValueError):
    """An intention that no action may be made of; the text says why."""


def seat_channel(seat: str) -> str:
    """How the PBX dials a seat: ``PJSIP/seat101``. Raises Unspeakable for anything but 2 to 8 digits."""
    if not SEAT.fullmatch(seat):
        raise Unspeakable(f"{seat[:20]!r} is no seat's extension")
    return f"PJSIP/seat{seat}"


def ring_seat(channel: str, seat: str) -> Action:
    """Send a waiting caller's channel to ring a seat."""
    seat_channel(seat)
    return {
        "Action": "Redirect",
        "Channel": channel,
        "Context": "gridline-dial",
        "Exten": seat,
        "Priority": "1",
    }


def call_citizen(
    number: str,
    call: UUID,
    contact: UUID,
    case: UUID | None,
    language: str,
    caller: str,
    ring_ms: int = 30_000,
    *,
    visit: UUID | None = None,
) -> Action:
    """Ring a citizen and, once answered, run the return visit; `caller` is the number shown, `ring_ms` how long.

    With a `visit` the voice script asks what an agent asks.

    The channel's id is the call's, so while the first lives a second fails (OriginateResponse says Failure).
    """
    if not NUMBER.fullmatch(number):
        raise Unspeakable(f"{number[:24]!r} is no number that can be dialled")
    # A comma in a value would set further variables, of any name.
    if not LANGUAGE.fullmatch(language):
        raise Unspeakable(f"{language[:24]!r} is no language")
    if not NUMBER.fullmatch(caller):
        raise Unspeakable(f"{caller[:24]!r} is no number to call from")
    variables = {
        "__GRIDLINE_CONTACT": str(contact),
        "__GRIDLINE_CALL": str(call),
        "__GRIDLINE_CASE": str(case or ""),
        "__GRIDLINE_LANGUAGE": language,
    }
    if visit is not None:
        variables["__GRIDLINE_VISIT"] = str(visit)
    return {
        "Action": "Originate",
        "Channel": f"PJSIP/{number}@{CARRIER}",
        "ChannelId": str(call),
        "Context": "gridline-visit",
        "Exten": "s",
        "Priority": "1",
        "Timeout": str(ring_ms),
        "CallerID": caller,
        "Async": "true",
        "Variable": [f"{name}={value}" for name, value in variables.items()],
    }


def call_member(number: str, leg: UUID, room: UUID, caller: str, ring_ms: int = 30_000) -> Action:
    """Ring somebody of a group and, once answered, join them in its room. The channel's id is `leg`."""
    if not NUMBER.fullmatch(number):
        raise Unspeakable(f"{number[:24]!r} is no number that can be dialled")
    if not NUMBER.fullmatch(caller):
        raise Unspeakable(f"{caller[:24]!r} is no number to call from")
    return {
        "Action": "Originate", "Channel": f"PJSIP/{number}@{CARRIER}", "ChannelId": str(leg),
        "Context": "gridline-group", "Exten": "s", "Priority": "1", "Timeout": str(ring_ms), "CallerID": caller,
        "Async": "true", "Variable": [f"GRIDLINE_GROUP={room}"],
    }  # fmt: skip


def beat(count: int) -> Action:
    """Tell the waiting loops that somebody routes."""
    return {"Action": "Setvar", "Variable": "GRIDLINE_BEAT", "Value": str(count)}


def hang_up(channel: str, cause: int = 16) -> Action:
    """End a channel, with a Q.850 cause."""
    return {"Action": "Hangup", "Channel": channel, "Cause": str(cause)}


def add_member(queue: str, seat: str, name: str, *, paused: bool) -> Action:
    """Put a seat into the net queue."""
    return {
        "Action": "QueueAdd", "Queue": queue, "Interface": seat_channel(seat), "MemberName": name or seat,
        "Paused": str(paused).lower(),
    }  # fmt: skip


def remove_member(queue: str, seat: str) -> Action:
    """Take a seat out of the net queue."""
    return {"Action": "QueueRemove", "Queue": queue, "Interface": seat_channel(seat)}


def pause_member(queue: str, seat: str, *, paused: bool, reason: str = "") -> Action:
    """Let the net queue ring a seat, or not."""
    return {
        "Action": "QueuePause", "Queue": queue, "Interface": seat_channel(seat), "Paused": str(paused).lower(),
        "Reason": reason,
    }  # fmt: skip


def channels() -> Action:
    """Every channel there is (a list)."""
    return {"Action": "CoreShowChannels"}


def queue_status(queue: str) -> Action:
    """The net queue, its members and callers (a list)."""
    return {"Action": "QueueStatus", "Queue": queue}


def queue_caller_back(channel: str) -> Action:
    """Take a caller out of the net queue, or from wherever, to the head of our own line."""
    return {
        "Action": "Redirect",
        "Channel": channel,
        "Context": "gridline-wait",
        "Exten": "back",
        "Priority": "1",
    }


def variable(channel: str, name: str) -> Action:
    """Ask for a channel's variable."""
    return {"Action": "Getvar", "Channel": channel, "Variable": name}
