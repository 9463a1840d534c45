"""Facts about a call as Zammad's generic CTI is told them: newCall, answer, hangup. Pure.

Shapes: https://docs.zammad.org/en/latest/api/generic-cti/ (fields event, from, to, direction, callId, user, queue,
answeringNumber, cause). Calls between seats are not told.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec

from schema import facts

CAUSES = {
    1: "notFound",
    17: "busy",
    18: "noAnswer",
    19: "noAnswer",
    34: "congestion",
    38: "congestion",
    42: "congestion",
}
"""Q.850 causes of a call that nobody took, by Zammad's words."""
TOLD = (facts.CallEntered, facts.CallAnswered, facts.CallEnded)


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call beside the fact: `agent` is the name of who answered at `seat`."""

    number: str
    direction: str
    purpose: str = "hotline"
    queue: str = ""
    seat: str = ""
    agent: str = ""


def told(fact: facts.Fact, call: Call, hotline: str) -> dict[str, Any] | None:
    """The callback of a fact; None for what is not told."""
    if not isinstance(fact, TOLD) or call.purpose in ("internal", "prompt"):
        return None
    number = call.number or "anonymous"
    ends = (hotline, number) if call.direction == "out" else (number, hotline)
    common: dict[str, Any] = {
        "from": ends[0],
        "to": ends[1],
        "direction": call.direction,
        "callId": str(fact.call),
    }
    if isinstance(fact, facts.CallEntered):
        return {"event": "newCall", **common, **({"queue": call.queue} if call.queue else {})}
    if isinstance(fact, facts.CallAnswered):
        if fact.guest:
            return None  # the node that the caller is on tells
        return {"event": "answer", **common, "answeringNumber": fact.seat, **_user(call)}
    answered = {"answeringNumber": call.seat, **_user(call)} if call.seat else {}
    return {"event": "hangup", **common, "cause": cause_of(fact), **answered}


def cause_of(fact: facts.CallEnded) -> str:
    """Why a call ended, in Zammad's words."""
    if fact.outcome == "answered":
        return "normalClearing"
    if fact.outcome == "abandoned":
        return "cancel"
    return CAUSES.get(fact.cause, "congestion" if fact.outcome == "lost" else "noAnswer")


def written(body: dict[str, Any], form: str) -> str:
    """The callback as it is sent: JSON, or a form in which `user` is a list."""
    if form == "json":
        return msgspec.json.encode(body).decode()
    pairs: list[tuple[str, str]] = []
    for name, value in body.items():
        pairs += [(f"{name}[]", one) for one in value] if isinstance(value, list) else [(name, value)]
    return urlencode(pairs)


def _user(call: Call) -> dict[str, Any]:
    return {"user": [call.agent]} if call.agent else {}
