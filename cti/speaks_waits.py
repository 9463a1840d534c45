"""What we say to the PBX about those who wait, as AMI actions: what they hear, where they go, call-backs. Pure."""

from uuid import UUID

from cti.speaks import CARRIER, LANGUAGE, NUMBER, Action, Unspeakable, seat_channel
from cti.speaks_talk import QUEUE, put, send


def say(channel: str, what: str) -> Action:
    """Let the waiting loop's voice script say something ("place:3 seconds:240", "offer")."""
    return put(channel, "GRIDLINE_SAY", what)


def answer_promise(channel: str, kept: bool) -> Action:
    """Tell the voice script whether the call-back is promised."""
    return put(channel, "GRIDLINE_PROMISED", "1" if kept else "0")


def overflow(channel: str, queue: str, reason: str) -> list[Action]:
    """Send a caller to wait in another queue."""
    if not QUEUE.fullmatch(queue):
        raise Unspeakable(f"{queue[:50]!r} is no queue")
    return [put(channel, "GRIDLINE_REASON", reason), send(channel, ("gridline-overflow", queue))]


def away(channel: str, how: str, reason: str) -> list[Action]:
    """Send a caller away with a "message", or let them leave one ("voicemail")."""
    return [
        put(channel, "GRIDLINE_REASON", reason),
        put(channel, "GRIDLINE_AWAY", how),
        send(channel, ("gridline-away", how)),
    ]


def full(channel: str) -> Action:
    """Nobody more may wait: offer a call-back, or it was a message."""
    return send(channel, ("gridline-full", "s"))


def dial_back(
    first: str, call: UUID, seat: str, number: str, variables: dict[str, str], *, caller: str, ring_ms: int
) -> Action:
    """Dial for a call-back, the "agent" or the "citizen" first. The channel's id is the call's: it is dialled once."""
    if not NUMBER.fullmatch(number):
        raise Unspeakable(f"{number[:24]!r} is no number that can be dialled")
    if not LANGUAGE.fullmatch(variables.get("__GRIDLINE_LANGUAGE", "")):
        raise Unspeakable("a call-back has a language")
    if any("," in value for value in variables.values()):
        raise Unspeakable("a comma in a variable would set another")
    citizen = f"PJSIP/{number}@{CARRIER}"
    why = "call-back" if first == "citizen" else f"call-back:{number}"
    sets = {"__GRIDLINE_CALL": str(call), **variables, "GRIDLINE_WHY": why}
    lines = [f"{name}={value}" for name, value in sets.items()]
    if first == "agent":
        named = {
            "Contact": "__GRIDLINE_CONTACT",
            "Call": "__GRIDLINE_CALL",
            "Language": "__GRIDLINE_LANGUAGE",
        }
        lines += [f"PJSIP_HEADER(add,X-Gridline-{name})={sets[value]}" for name, value in named.items()]
        lines.append("PJSIP_HEADER(add,X-Gridline-Why)=call-back")
    return {
        "Action": "Originate", "Channel": citizen if first == "citizen" else seat_channel(seat), "ChannelId": str(call),
        "Context": f"gridline-callback-{'citizen' if first == 'citizen' else 'number'}",
        "Exten": seat if first == "citizen" else number, "Priority": "1", "Timeout": str(ring_ms),
        "CallerID": caller if first == "citizen" else number, "Async": "true", "Variable": lines,
    }  # fmt: skip
