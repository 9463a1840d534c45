"""What of the live floor a person may see: pure."""

from collections.abc import Callable
from typing import Any

from backoffice.rights import may
from schema.desk.sessions import Visitor

_WAITING = frozenset({"ivr", "queue", "net"})
_WHO = ("number", "call", "contact", "consult")


def everything(_mode: str) -> bool:
    """Every way of listening in is shown to whom it concerns."""
    return True


def trim_floor(
    message: dict[str, Any], who: Visitor, shown: Callable[[str], bool] = everything
) -> dict[str, Any] | None:
    """The floor message cut to `who`'s rights; None when nothing of the floor is theirs to see.

    A supervisor sees all. An agent sees the waiting callers, the own seat, and of other seats only their state; of who
    listens in, what `shown` says of the mode. An admin sees seats and figures, but no caller. What is cut from a delta
    becomes null (gone).
    """
    if not may(who, "seat.work") and not may(who, "board.see"):
        return None
    if may(who, "seat.supervise"):
        return message
    agent = may(who, "seat.work")
    cut = dict(message)
    cut["seats"] = {
        seat: _seat(row, agent and seat == who.seat, agent, shown) if row else None
        for seat, row in message.get("seats", {}).items()
    }
    calls = {
        call: row if row and agent and (row.get("stage") in _WAITING or row.get("seat") == who.seat) else None
        for call, row in message.get("calls", {}).items()
    }
    cut["calls"] = {call: row for call, row in calls.items() if row} if message.get("full") else calls
    return cut


def _seat(row: dict[str, Any], own: bool, agent: bool, shown: Callable[[str], bool]) -> dict[str, Any]:
    """A seat's row, and who listens in: of one's own seat what may be known, of others nothing an agent should know."""
    cut = dict(row) if own else {**row, **dict.fromkeys(_WHO)}
    if agent and row.get("watchers"):
        cut["watchers"] = [one for one in row["watchers"] if own and shown(one.get("mode", ""))]
    return cut
