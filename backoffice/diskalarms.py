"""Alarms about room for recordings, in words, for the top of pages and for the wallboard."""

from backoffice.office import office, say
from backoffice.rights import may
from schema.desk.sessions import Visitor
from schema.desk.spacealarms import open_alarms
from schema.rules.access import ADMIN
from schema.store import StoreUnreachable


def disk_alarms(who: Visitor | None) -> list[str]:
    """What whoever runs the site or supervises its seats is shown; nothing to others, and with the database away."""
    if who is None or not (may(who, ADMIN) or may(who, "seat.supervise") or may(who, "board.see")):
        return []
    try:
        with office().store.read() as session:
            alarms = open_alarms(session)
    except StoreUnreachable:
        return []
    return [
        say(
            f"recordings.low.{alarm.what}", free=f"{alarm.free / 1e9:.1f}",
            percent=f"{100 * alarm.free / max(alarm.total, 1):.0f}",
        )
        for alarm in alarms
    ]  # fmt: skip
