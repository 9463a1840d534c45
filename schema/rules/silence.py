"""When a handset counts as silent: its worker is on duty, and nothing was heard of it for long. Pure.

On duty a handset sends its position every few minutes, whatever else happens; so silence is no pause but a flat
battery, a dead spot, a broken device – or trouble.
"""

from datetime import datetime, timedelta

LONG = timedelta(minutes=30)


def silent_since(
    seen: datetime | None, on_duty_since: datetime | None, now: datetime, after: timedelta = LONG
) -> datetime | None:
    """Since when it is silent; None when it is not. `after`: how long is long; 0: nobody is ever silent."""
    if on_duty_since is None or after <= timedelta():
        return None
    last = max(on_duty_since, seen) if seen is not None else on_duty_since
    return last if now - last > after else None
