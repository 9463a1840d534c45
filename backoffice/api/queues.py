"""Queues: the day's callers in each, and who waits now."""

from datetime import datetime
from typing import Any

from backoffice.api import shapes
from backoffice.api.door import look
from backoffice.api.live import calls
from backoffice.api.problems import Problem
from backoffice.api.route import Ask, Route
from backoffice.office import office
from backoffice.wallboard import queue_names

COUNTS = ("offered", "answered", "abandoned", "overflowed", "called_back", "waiting")
_WAITS = frozenset({"queue", "net"})


def listing(_ask: Ask) -> shapes.QueueList:
    """Every queue."""
    labels = queue_names(office())
    return shapes.QueueList(items=[_queue(name, label) for name, label in labels.items()])


def one(ask: Ask) -> shapes.Queue:
    """One queue."""
    name = _known(ask)
    return _queue(name, queue_names(office())[name])


def waiting(ask: Ask) -> shapes.WaitingList:
    """Who waits in a queue."""
    found = [
        shapes.Waiting(
            call=row["call"], contact=row["contact"], number=row.get("number") or "",
            language=row.get("language") or "", priority=row.get("priority") or 0, since=since,
            why=row.get("why") or "", told=row.get("told"),
        )
        for since, row in _line(_known(ask))
    ]  # fmt: skip
    look(ask, "contact.read", "waiting")
    return shapes.WaitingList(items=found)


def _queue(name: str, label: str) -> shapes.Queue:
    told = [one.get("figures", {}).get("queues", {}).get(name) or {} for one in office().floor.snapshot()]
    line = _line(name)
    longest = (office().store.clock() - line[0][0]).total_seconds() if line else 0.0
    counts = {count: sum(int(one.get(count) or 0) for one in told) for count in COUNTS}
    return shapes.Queue(name=name, label=label, longest_wait=max(0.0, longest), **counts)


def _line(name: str) -> list[tuple[datetime, Any]]:
    rows = [row for row in calls().values() if row.get("queue") == name and row.get("stage") in _WAITS]
    waits = [(datetime.fromisoformat(row.get("waiting_since") or row["since"]), row) for row in rows]
    return sorted(waits, key=lambda wait: wait[0])


def _known(ask: Ask) -> str:
    name: str = ask.path["queue"]
    if name not in office().settings.queues:
        raise Problem("not-found", f"there is no queue {name}")
    return name


ROUTES = (
    Route(
        method="GET", path="/queues", name="queues", tag="queues", right="board.see", does=listing,
        summary="Every queue and the day's callers in it", gives=shapes.QueueList,
    ),
    Route(
        method="GET", path="/queues/{queue}", name="queue", tag="queues", right="board.see", does=one,
        summary="One queue", gives=shapes.Queue,
    ),
    Route(
        method="GET", path="/queues/{queue}/waiting", name="queue-waiting", tag="queues", right="contact.read",
        does=waiting, summary="Who waits in a queue, the longest first", gives=shapes.WaitingList,
    ),
)  # fmt: skip
