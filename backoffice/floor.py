"""A mirror of the floor: what each telephone node last said about its seats and calls, kept whole by version."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog

Message = dict[str, Any]
log = structlog.get_logger()
_PARTS = ("seats", "calls")
SILENT_AFTER = 2.5
"""Seconds: a telephone room says something, if only that it is there, at least every second."""
QUIET_AFTER = 15.0
"""Seconds for one that has never sent a beat: it is whole again every ten."""


class FloorMirror:
    """Takes floor messages (see docs) from any thread; tells `listeners` of each one that changes something.

    Whoever listens has every version from its first on. So of a whole message that follows what is known they are told
    what is new in it: five hundred boards need not be sent everything every ten seconds.
    `ask` is called when a version was missed. `monotonic` gives seconds, `utc` the time of day.
    """

    def __init__(
        self,
        ask: Callable[[], None],
        monotonic: Callable[[], float],
        utc: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ask, self._monotonic, self._utc = ask, monotonic, utc
        self._lock = threading.Lock()
        self._nodes: dict[str, Message] = {}
        self._heard: dict[str, tuple[float, datetime]] = {}
        self._beating: set[tuple[str, str]] = set()
        self._down: dict[str, datetime] = {}
        self.listeners: list[Callable[[Message], None]] = []

    def hear(self, payload: bytes) -> None:
        """Take one message as shouted on topic "floor"."""
        try:
            message = msgspec.json.decode(payload)
            node, beat = str(message["node"]), message.get("beat") is True
            full = not beat and bool(message["full"])
            version, epoch = int(message["v"]), str(message["epoch"])
        except (msgspec.DecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
            log.warning("a floor message makes no sense", reason=str(error))
            return
        with self._lock:
            self._heard[node] = (self._monotonic(), self._utc())
            known = self._nodes.get(node)
            held = known["v"] if known is not None and known["epoch"] == epoch else None
            if beat:
                self._beating.add((node, epoch))
            missed = not full and held != version - (not beat) and (held is None or version > held)
            if not missed and (beat or (held is not None and (version == held if full else version <= held))):
                return
            if full:
                self._nodes[node] = message
                if known is not None and held == version - 1:
                    message = _changed(known, message)
            elif known is not None and not missed:
                self._nodes[node] = _merged(known, message)
            self._note_link(node)
        if missed:
            self._ask()
            return
        for listener in list(self.listeners):
            listener(message)

    def snapshot(self) -> list[Message]:
        """One full message per node."""
        with self._lock:
            return [dict(message, full=True) for message in self._nodes.values()]

    def seat(self, seat: str) -> Message | None:
        """What is known of a seat: None when it is closed."""
        for message in self.snapshot():
            if found := message.get("seats", {}).get(seat):
                return dict(found)
        return None

    def up(self, node: str) -> bool:
        """Whether a node's telephone room speaks and its PBX answers it."""
        with self._lock:
            return self._up(node)

    @property
    def alive(self) -> bool:
        """Whether any telephone room speaks and its PBX answers it."""
        with self._lock:
            return any(self._up(node) for node in self._heard)

    def nodes(self) -> dict[str, dict[str, Any]]:
        """Each node: `ok`, `link` (up, down, resync, or silent) and since when it is not (ISO, None when it is)."""
        with self._lock:
            return {node: self._state(node) for node in sorted(self._nodes)}

    def _state(self, node: str) -> dict[str, Any]:
        if self._silent(node):
            return {
                "ok": False,
                "link": "silent",
                "since": self._heard[node][1].isoformat(timespec="seconds"),
            }
        down = self._down.get(node)
        link = self._nodes[node].get("link")
        return {
            "ok": link == "up",
            "link": link,
            "since": down.isoformat(timespec="seconds") if down else None,
        }

    def _up(self, node: str) -> bool:
        return not self._silent(node) and self._nodes.get(node, {}).get("link") == "up"

    def _silent(self, node: str) -> bool:
        if node not in self._heard:
            return True
        beats = (node, self._nodes.get(node, {}).get("epoch")) in self._beating
        return self._monotonic() - self._heard[node][0] >= (SILENT_AFTER if beats else QUIET_AFTER)

    def _note_link(self, node: str) -> None:
        if self._nodes.get(node, {}).get("link") == "up":
            self._down.pop(node, None)
        else:
            self._down.setdefault(node, self._utc())


def _changed(known: Message, whole: Message) -> Message:
    """What a whole message changes about what is known."""
    change = {**whole, "full": False}
    for part in _PARTS:
        before, now = known.get(part, {}), whole.get(part, {})
        change[part] = {key: row for key, row in now.items() if before.get(key) != row}
        change[part] |= dict.fromkeys(before.keys() - now.keys())
    if whole.get("figures") == known.get("figures"):
        change["figures"] = {}
    return change


def _merged(known: Message, change: Message) -> Message:
    # A change without figures says that they are as they were.
    news = {key: value for key, value in change.items() if key not in _PARTS and (value or key != "figures")}
    merged = {**known, **news, "full": True}
    for part in _PARTS:
        rows = dict(known.get(part, {}))
        for key, row in change.get(part, {}).items():
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row
        merged[part] = rows
    return merged
