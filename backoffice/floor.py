"""A mirror of the floor: what each telephone node last said about its seats and calls, kept whole by version."""

import threading
from collections.abc import Callable
from typing import Any

import msgspec
import structlog

Message = dict[str, Any]
log = structlog.get_logger()
_PARTS = ("seats", "calls")
SILENT_AFTER = 15.0


class FloorMirror:
    """Takes floor messages (see docs) from any thread; tells `listeners` of each one that changes something.

    `ask` is called when a version was missed. `monotonic` gives seconds.
    """

    def __init__(self, ask: Callable[[], None], monotonic: Callable[[], float]) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._nodes: dict[str, Message] = {}
        self._heard: dict[str, float] = {}
        self.listeners: list[Callable[[Message], None]] = []

    def hear(self, payload: bytes) -> None:
        """Take one message as shouted on topic "floor"."""
        try:
            message = msgspec.json.decode(payload)
            node, full = str(message["node"]), bool(message["full"])
            version, epoch = int(message["v"]), str(message["epoch"])
        except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
            log.warning("a floor message makes no sense", reason=str(error))
            return
        with self._lock:
            self._heard[node] = self._monotonic()
            known = self._nodes.get(node)
            held = known["v"] if known is not None and known["epoch"] == epoch else None
            missed = not full and held != version - 1 and (held is None or version > held)
            if held is not None and (version == held if full else version <= held):
                return
            if full:
                self._nodes[node] = message
            elif known is not None and not missed:
                self._nodes[node] = _merged(known, message)
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

    @property
    def alive(self) -> bool:
        """Whether a telephone room has spoken lately and its PBX answers it."""
        with self._lock:
            now = self._monotonic()
            return any(
                now - heard < SILENT_AFTER and self._nodes.get(node, {}).get("link") == "up"
                for node, heard in self._heard.items()
            )


def _merged(known: Message, change: Message) -> Message:
    merged = {**known, **{key: value for key, value in change.items() if key not in _PARTS}, "full": True}
    for part in _PARTS:
        rows = dict(known.get(part, {}))
        for key, row in change.get(part, {}).items():
            if row is None:
                rows.pop(key, None)
            else:
                rows[key] = row
        merged[part] = rows
    return merged
