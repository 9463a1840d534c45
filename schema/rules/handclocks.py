"""Handsets' clocks: when something was made, though the clock that says so may be wrong. Pure.

A phone's clock may be minutes, days or years off; its monotonic clock counts from the start of its program and is
never wrong by much. Told right within `SLACK`, its own time is believed as it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SLACK = timedelta(minutes=2)
"""How far a handset's clock may be off before it is corrected."""
LONGEST = timedelta(days=400)
"""A message that waited longer on the handset is not reckoned by its monotonic clock."""
CLOCK, FUTURE = "clock", "future"


@dataclass(frozen=True, slots=True)
class Told:
    """What a handset says of a message. `made`, `sent`: its wall clock then; None: not said.

    `made_boot`, `made_mono`, `sent_boot`, `sent_mono`: which start of its program, and ms since.
    """

    made: datetime
    made_boot: str = ""
    made_mono: int | None = None
    sent: datetime | None = None
    sent_boot: str = ""
    sent_mono: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """When it was made; `told` is the handset's own time where that was not believed; `flag` CLOCK, FUTURE or ""."""

    at: datetime
    told: datetime | None = None
    flag: str = ""


def made_at(told: Told, received: datetime) -> Made:
    """When a message was made that we received at `received` (less the time it waited at the broker)."""
    found = _by_mono(told, received) or _by_offset(told, received) or told.made
    if abs(found - told.made) > SLACK:
        return Made(min(found, received), told.made, CLOCK)
    return Made(told.made, None, FUTURE if told.made - received > SLACK else "")


def _by_mono(told: Told, received: datetime) -> datetime | None:
    """Within one start of the program: so long ago as its monotonic clock says."""
    if not told.made_boot or told.made_boot != told.sent_boot:
        return None
    if told.made_mono is None or told.sent_mono is None:
        return None
    ago = timedelta(milliseconds=min(told.sent_mono - told.made_mono, 10**12))
    return received - ago if timedelta(0) <= ago <= LONGEST else None


def _by_offset(told: Told, received: datetime) -> datetime | None:
    """Over a restart: as far off as the wall clock is now."""
    if told.sent is None or abs(received - told.sent) <= SLACK:
        return None
    try:
        return told.made + (received - told.sent)
    except OverflowError:
        return None
