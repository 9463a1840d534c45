"""What handsets say of themselves: battery, program, backlog, storage; only the newest is kept."""

from datetime import timedelta

from schema.handsets import Handset
from schema.store import UnitOfWork

EVERY = timedelta(seconds=30)
"""The same again within this time is not written."""


def note(
    work: UnitOfWork,
    handset: Handset,
    *,
    battery: int | None,
    charging: bool | None,
    version: str,
    backlog: int | None,
    free_mb: int | None,
) -> None:
    """Write down how a handset is; percent, and MB of free storage; None and "" are not said."""
    told: dict[str, object] = {
        "battery": battery,
        "charging": charging,
        "backlog": backlog,
        "free_mb": free_mb,
    }
    told |= {"version": version or None}
    changed = {name: value for name, value in told.items() if value not in (None, getattr(handset, name))}
    if not changed and handset.status_at is not None and work.now - handset.status_at < EVERY:
        return
    for name, value in changed.items():
        setattr(handset, name, value)
    handset.seen_at = handset.status_at = work.now
