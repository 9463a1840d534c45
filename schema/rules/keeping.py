"""How long recordings are kept: by kind, in days; and when there is too little room for more. Pure.

The kind of a recording is the first that holds: of a contact with a confidential case (保密件), with any case, of a
return visit, a message on the machine, else a call that came to no case.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

CONFIDENTIAL, CASE, VISIT, VOICEMAIL, CALL = "confidential", "case", "visit", "voicemail", "call"
DAYS: Mapping[str, int] = {CONFIDENTIAL: 3650, CASE: 1825, VISIT: 1095, VOICEMAIL: 1095, CALL: 730}
"""The kinds, and for how many days each is kept while nobody has said otherwise; 0: for good."""
FEWEST, MOST = 30, 36_500
"""Days that can be chosen besides 0."""


def kind_of(seat: str, *, has_case: bool, confidential: bool) -> str:
    """The kind of a recording. `seat` as in its name: a seat, "visit", "voicemail", "party"."""
    if confidential:
        return CONFIDENTIAL
    if has_case:
        return CASE
    return seat if seat in (VISIT, VOICEMAIL) else CALL


def is_over(kind: str, kept_at: datetime, days: Mapping[str, int], now: datetime) -> bool:
    """Whether its time is over. One whose kind has no days is kept."""
    most = days.get(kind, 0)
    return most > 0 and kept_at + timedelta(days=most) <= now


def earliest(days: Mapping[str, int], now: datetime) -> datetime | None:
    """What was kept later than this cannot be over; None: nothing ever is."""
    ends = [most for most in days.values() if most > 0]
    return now - timedelta(days=min(ends)) if ends else None


def is_low(free: int, total: int, percent: int) -> bool:
    """Whether less than so many hundredths of a disk are free."""
    return total > 0 and free * 100 < total * percent


def has_room_again(free: int, total: int, percent: int) -> bool:
    """Whether an alarm is over: a hundredth more than begins one, so that a disk on the edge gives but one."""
    return not is_low(free, total, percent + 1)
