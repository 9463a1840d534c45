"""The gate before every call to a citizen: whether a number may be dialled now, for what. Pure; asked nowhere else.

visit: an agent's return visit; automatic: the voice script's; closing: the script's call right as a case is closed, at
the wish of whoever closes it; case: an agent's own call about a request; call-back: the citizen wanted it. The first
three ask something of the citizen: a do-not-call entry (免打扰) forbids them. Of the others it asks for a reason, which
is written down. Hours bind what is planned, not what an agent does for a citizen on the spot.
"""

import re
from dataclasses import dataclass

from schema.rules.dialling import NUMBER

VISIT, AUTOMATIC, CLOSING, CASE, CALL_BACK = "visit", "automatic", "closing", "case", "call-back"
PURPOSES = (VISIT, AUTOMATIC, CLOSING, CASE, CALL_BACK)
ASKING = (VISIT, AUTOMATIC, CLOSING)
PLANNED = (VISIT, AUTOMATIC)
BAD_NUMBER, DO_NOT_CALL, GIVE_REASON, OUT_OF_HOURS = (
    "bad-number",
    "do-not-call",
    "give-reason",
    "out-of-hours",
)
_ABROAD = re.compile(r"(?:\+|00)86(?=1[3-9][0-9]{9}$|[1-9][0-9]{8,11}$)")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Gate:
    """What is known at the gate: `blocked`, the number is on the do-not-call list now; `open_now`, within the hours;
    `reason`, why an agent calls all the same."""

    number: str
    blocked: bool = False
    open_now: bool = True
    reason: str = ""


def verdict(purpose: str, gate: Gate) -> str:
    """Why it may not be dialled; "" when it may. Raises ValueError for a purpose there is not."""
    if purpose not in PURPOSES:
        raise ValueError(f"one calls for {', '.join(PURPOSES)}")
    if not NUMBER.fullmatch(gate.number):
        return BAD_NUMBER
    if gate.blocked and purpose in ASKING:
        return DO_NOT_CALL
    if gate.blocked and not gate.reason.strip():
        return GIVE_REASON
    if not gate.open_now and purpose in PLANNED:
        return OUT_OF_HOURS
    return ""


def plain_number(number: str) -> str:
    """A number as it is compared: a mobile's eleven digits, a landline with its area code ("0571…"), without what only
    says how to dial it from afar."""
    there, count = _ABROAD.subn("", number)
    if _MOBILE.fullmatch(there.removeprefix("0")):
        return there.removeprefix("0")
    return f"0{there}" if count else there


def spellings(plain: str) -> tuple[str, ...]:
    """Every way in which such a number may stand in a case."""
    if _MOBILE.fullmatch(plain):
        return (plain, f"0{plain}", f"+86{plain}", f"0086{plain}")
    if plain.startswith("0") and not plain.startswith("00"):
        return (plain, f"+86{plain[1:]}", f"0086{plain[1:]}")
    return (plain,)
