"""The life cycle of a case: one table, state × order → next state, with the right it takes and the step it leaves.

Drawn in docs/state-machines/case.dot; a test holds the two equal. What comes later (void, suspend, reopen …) is
more rows. Terms: 收集 collected, 受理 accepted, 立案 filed, 派遣 dispatched, 处理 handled, 核查 checked, 结案 closed,
评价 rated.
"""

from dataclasses import dataclass

START = ""
"""What a case is before it is one."""


@dataclass(frozen=True, slots=True)
class Move:
    """In `state`, `order` leads to `next`; it takes `right` (see `schema.rules.access`) and leaves `hop` behind."""

    state: str
    order: str
    right: str
    next: str
    hop: str


class NoSuchMove(Exception):
    """The order means nothing in that state; the text says what would."""


CASE = (
    Move(START, "collect", "case.file", "collected", "case.collected"),
    Move("collected", "accept", "case.file", "accepted", "case.accepted"),
    Move("accepted", "file", "case.file", "filed", "case.filed"),
    Move("filed", "dispatch", "case.dispatch", "dispatched", "case.dispatched"),
    Move("dispatched", "handle", "case.handle", "handled", "case.handled"),
    Move("dispatched", "send-back", "case.send-back", "filed", "case.sent-back"),
    Move("handled", "pass", "case.check", "checked", "case.checked"),
    Move("handled", "fail", "case.check", "dispatched", "case.checked"),
    Move("handled", "send-back", "case.send-back", "dispatched", "case.sent-back"),
    Move("checked", "close", "case.close", "closed", "case.closed"),
    Move("checked", "send-back", "case.send-back", "handled", "case.sent-back"),
    Move("closed", "rate", "case.rate", "rated", "case.rated"),
)

STATES = tuple(dict.fromkeys(move.next for move in CASE))
"""Every state, in the order in which a case first comes to it."""
ORDERS = tuple(dict.fromkeys(move.order for move in CASE))

_MOVES = {(move.state, move.order): move for move in CASE}


def move(state: str, order: str) -> Move:
    """The row for an order in a state. Raises NoSuchMove."""
    found = _MOVES.get((state, order))
    if found is None:
        can = ", ".join(orders(state)) or "nothing"
        raise NoSuchMove(
            f"{order} is not possible for a case that is {state or 'not there'}; possible: {can}"
        )
    return found


def orders(state: str) -> tuple[str, ...]:
    """What can be ordered in a state, in the table's order."""
    return tuple(row.order for row in CASE if row.state == state)
