"""What of the live floor a person may see: pure."""

from typing import Any

from backoffice.rights import may
from schema.desk.sessions import Visitor

_WAITING = frozenset({"ivr", "queue", "net"})
_WHO = ("number", "call", "contact")


def trim_floor(message: dict[str, Any], who: Visitor) -> dict[str, Any] | None:
    """The floor message cut to `who`'s rights; None when nothing of the floor is theirs to see.

    A supervisor sees all. An agent sees the waiting callers, the own seat, and of other seats only their state.
    An admin sees seats and figures, but no caller. What is cut from a delta becomes null (gone).
    """
    if not may(who.post, "seat.work") and not may(who.post, "board.see"):
        return None
    if who.post == "supervisor":
        return message
    agent = may(who.post, "seat.work")
    cut = dict(message)
    cut["seats"] = {
        seat: row if row is None or (agent and seat == who.seat) else {**row, **dict.fromkeys(_WHO)}
        for seat, row in message.get("seats", {}).items()
    }
    calls = {
        call: row if row and agent and (row.get("stage") in _WAITING or row.get("seat") == who.seat) else None
        for call, row in message.get("calls", {}).items()
    }
    cut["calls"] = {call: row for call, row in calls.items() if row} if message.get("full") else calls
    return cut
