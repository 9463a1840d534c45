"""What a call that we placed came to, told from how the called leg ended. Pure; one table for every way of calling.

A cause is ITU-T Q.850's number, as the PBX makes it of the SIP answer (RFC 3398: 486 and 600 are 17, 480 is 19, 408 is
18, 404 and 604 are 1, 410 is 22, 484 is 28, 603 and 403 are 21). A network's special information tone (SIT: "the number
is not in use") comes with cause 1, 22 or 28 from a carrier that speaks SIP. `dialled` is how the PBX says that its
ringing ended (no answer, busy, unreachable, caller gone): it counts where the cause says nothing.
"""

from collections.abc import Mapping

ANSWERED, BUSY, NO_ANSWER, WRONG_NUMBER = "answered", "busy", "no-answer", "wrong-number"
REFUSED, FAILED = "refused", "failed"
OUTCOMES = (ANSWERED, BUSY, NO_ANSWER, WRONG_NUMBER, REFUSED, FAILED)
"""接通, 占线, 无人接听, 号码错误, 拒接, 呼叫失败."""

CAUSES: Mapping[int, tuple[str, str]] = {
    1: (WRONG_NUMBER, "wrong number"),  # unallocated
    17: (BUSY, "busy"),
    18: (NO_ANSWER, "no answer"),  # no user responding
    19: (NO_ANSWER, "no answer"),  # alerted, nobody came
    20: (NO_ANSWER, "unreachable"),  # switched off, or out of the network's reach
    21: (REFUSED, "refused"),
    22: (WRONG_NUMBER, "wrong number"),  # changed
    27: (FAILED, "unreachable"),
    28: (WRONG_NUMBER, "wrong number"),  # an invalid format: too short, too long
    34: (FAILED, "no line"),
    38: (FAILED, "unreachable"),
}
"""Of each cause the outcome, and the words in which an order says why it failed. What is not here is a failure."""

MUTE = frozenset({0, 16, 26, 127})
"""Causes that say nothing of a call that nobody answered: not set, normal clearing, taken elsewhere, interworking."""
_DIALLED = {"no answer": NO_ANSWER, "busy": BUSY, "unreachable": FAILED, "caller gone": NO_ANSWER}


def outcome_of(cause: int, dialled: str = "", *, answered: bool = False) -> str:
    """The outcome of a call that is over."""
    if answered:
        return ANSWERED
    if cause in MUTE:
        return _DIALLED.get(dialled, NO_ANSWER if cause == 16 else FAILED)
    return CAUSES.get(cause, (FAILED, ""))[0]


def reason_of(cause: int) -> str:
    """Why nobody was reached, in the words of an order that failed."""
    found = CAUSES.get(cause)
    return found[1] if found else f"not reached (cause {cause})"
