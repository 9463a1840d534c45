"""The life cycle of a case: one table, state × order → next state, with the right it takes and the step it leaves.

Drawn in docs/state-machines/case.dot; a test holds the two equal. Terms: 收集 collected, 受理 accepted, 核实 verifying
and verified, 立案 filed, 派遣 dispatched, 处理 handled, 核查 checked, 结案 closed, 评价 rated; 不予受理 rejected,
作废 void, 挂起 suspended, 并案 merged, 拆分 split;
签收 sign, 转办 delegate, 保密 conceal, 解密 reveal; 附件 attach, 撤回附件 detach;
派人核查 ask-check, 撤回核查 recall-check.
"""

from dataclasses import dataclass

START = ""
"""What a case is before it is one."""
BEFORE = "as before"
"""Not a state: the case goes to the one it was in before it was suspended or merged."""


@dataclass(frozen=True, slots=True)
class Move:
    """In `state`, `order` leads to `next`; it takes `right` (see `schema.rules.access`) and leaves `hop` behind.

    `clock` is what becomes of the case's clock: start, suspend, resume, extend, stop, restart (take the stop back),
    "" nothing. A new start is linked to the clock before it.
    """

    state: str
    order: str
    right: str
    next: str
    hop: str
    clock: str = ""


class NoSuchMove(Exception):
    """The order means nothing in that state; the text says what would."""


TAKEN_IN = ("accepted", "verified")
RUNNING = ("filed", "dispatched", "handled", "checked")
"""Taken in and not filed; filed and not closed, so that the clock runs."""
OPEN = ("accepted", "verifying", "verified", *RUNNING, "suspended")
"""Neither closed nor otherwise over."""
SEEN = (*OPEN, "closed", "rated", "rejected", "void", "merged", "split")
"""Every state that a case stays in."""

CASE = (
    Move(START, "collect", "case.file", "collected", "case.collected"),
    Move("collected", "accept", "case.file", "accepted", "case.accepted"),
    Move("accepted", "verify", "case.verify", "verifying", "case.verify-sent"),
    Move("verifying", "confirm", "case.confirm", "verified", "case.verified"),
    Move("verifying", "deny", "case.confirm", "accepted", "case.verified"),
    Move("verifying", "send-back", "case.send-back", "accepted", "case.sent-back"),
    *(Move(state, "file", "case.file", "filed", "case.filed", "start") for state in TAKEN_IN),
    *(Move(state, "reject", "case.reject", "rejected", "case.rejected") for state in TAKEN_IN),
    Move("filed", "dispatch", "case.dispatch", "dispatched", "case.dispatched"),
    Move("dispatched", "sign", "case.sign", "dispatched", "case.signed"),
    Move("dispatched", "delegate", "case.delegate", "dispatched", "case.delegated"),
    Move("dispatched", "handle", "case.handle", "handled", "case.handled"),
    Move("dispatched", "send-back", "case.send-back", "filed", "case.sent-back"),
    Move("handled", "pass", "case.check", "checked", "case.checked"),
    Move("handled", "fail", "case.check", "dispatched", "case.checked"),
    Move("handled", "send-back", "case.check", "dispatched", "case.sent-back"),
    Move("handled", "ask-check", "case.check", "handled", "case.check-sent"),
    Move("handled", "recall-check", "case.check", "handled", "case.check-recalled"),
    Move("checked", "close", "case.close", "closed", "case.closed", "stop"),
    Move("checked", "send-back", "case.check", "handled", "case.sent-back"),
    Move("closed", "rate", "case.rate", "rated", "case.rated"),
    # What turns off the straight way, and back on it.
    Move("filed", "reply", "case.reply", "closed", "case.replied", "stop"),
    *(Move(state, "suspend", "case.suspend", "suspended", "case.suspended", "suspend") for state in RUNNING),
    Move("suspended", "resume", "case.suspend", BEFORE, "case.resumed", "resume"),
    *(Move(state, "ask-extension", "case.extend", state, "case.extension-asked") for state in RUNNING),
    *(Move(state, "grant-extension", "case.approve", state, "case.extension-granted", "extend")
      for state in RUNNING),
    *(Move(state, "refuse-extension", "case.approve", state, "case.extension-refused") for state in RUNNING),
    *(Move(state, "urge", "case.urge", state, "case.urged") for state in RUNNING),
    *(Move(state, "supervise", "case.supervise", state, "case.supervised") for state in RUNNING),
    *(Move(state, "instruct", "case.instruct", state, "case.instructed") for state in RUNNING),
    *(Move(state, "answer", "case.answer", state, "case.answered") for state in RUNNING),
    *(Move(state, "reopen", "case.reopen", "filed", "case.reopened", "start") for state in ("closed", "rated")),
    Move("rejected", "reopen", "case.reopen", "accepted", "case.reopened"),
    *(Move(state, "void", "case.void", "void", "case.voided", "stop") for state in OPEN),
    *(Move(state, "merge", "case.merge", "merged", "case.merged", "stop")
      for state in (*TAKEN_IN, "filed", "dispatched", "handled")),
    Move("merged", "unmerge", "case.merge", BEFORE, "case.unmerged", "restart"),
    *(Move(state, "take-in", "case.merge", state, "case.took-in") for state in OPEN),
    *(Move(state, "let-go", "case.merge", state, "case.let-go") for state in OPEN),
    Move("filed", "split", "case.split", "split", "case.split", "stop"),
    Move(START, "split-off", "case.split", "filed", "case.split-off", "start"),
    # Who may see it at all can change in any state.
    *(Move(state, "conceal", "case.conceal", state, "case.concealed") for state in SEEN),
    *(Move(state, "reveal", "case.reveal", state, "case.revealed") for state in SEEN),
    # What belongs to it comes when it comes: a letter may be found when all is over.
    *(Move(state, "attach", "case.attach", state, "case.attached") for state in SEEN),
    *(Move(state, "detach", "case.attach", state, "case.detached") for state in SEEN),
    # What a worker in the street found may come when the case has long moved on.
    *(Move(state, "find-late", "case.check", state, "case.check-late") for state in SEEN),
)  # fmt: skip
"""Take-in and let-go are what merge and unmerge are to the other case; split-off is how a part of a split begins;
find-late is how a report comes to a check that nobody waits for any more."""

WAY = ("collected", "accepted", "filed", "dispatched", "handled", "checked", "closed", "rated")
"""The states of a case that goes straight."""
STATES = tuple(dict.fromkeys(move.next for move in CASE if move.next != BEFORE))
"""Every state, in the order in which the table first comes to it."""
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
