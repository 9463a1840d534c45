"""The floor as the bridge shouts it, and as the PBX has it: two pictures to lay upon each other."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import msgspec

from backoffice.floor import FloorMirror
from bench.rig.ear import Mouth
from cti.hears_legs import SEAT_CHANNEL
from schema.bus_redis import RedisBus
from schema.store import Store


@dataclass(frozen=True, slots=True)
class Picture:
    """Calls that are up, each with the seat it talks with ("" when none), and the seats that are in a call."""

    calls: dict[str, str] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()


class FloorWatch:
    """Listens to the bus as a screen would. `breaks` counts messages whose figures do not add up."""

    def __init__(self, url: str, prefix: str, store: Store) -> None:
        self._bus = RedisBus(url, prefix, store)
        self._mirror = FloorMirror(lambda: self._bus.shout("floor?", b""), time.monotonic)
        self._lock = threading.Lock()
        self._epochs: dict[str, float] = {}
        self.heard_at = 0.0
        self.messages = self.breaks = 0
        self._bus.hear("floor", self._hear)

    def start(self) -> "FloorWatch":
        """Begin to listen."""
        self._bus.start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        self._bus.stop()

    def first_heard(self, epoch: str) -> float:
        """When this life of the bridge was first heard (monotonic seconds)."""
        return self._epochs[epoch]

    def whole(self) -> dict[str, Any]:
        """The last whole picture as shouted; empty before the first."""
        shown = self._mirror.snapshot()
        return shown[0] if shown else {}

    def picture(self) -> Picture:
        """What a screen shows now."""
        return shown(self.whole())

    def _hear(self, payload: bytes) -> None:
        self._mirror.hear(payload)
        self.heard_at = time.monotonic()
        message = msgspec.json.decode(payload)
        self._epochs.setdefault(message["epoch"], self.heard_at)
        self.messages += 1
        if (figures := message.get("figures")) and not conserved(figures):
            self.breaks += 1


def conserved(figures: dict[str, int]) -> bool:
    """Whether every caller is accounted for."""
    parts = ("answered", "abandoned", "overflowed", "called_back", "waiting")
    return figures["offered"] == sum(figures[part] for part in parts)


def shown(message: dict[str, Any]) -> Picture:
    """The picture in a whole floor message."""
    calls = {
        call: row["seat"] if row["stage"] == "talking" else ""
        for call, row in message.get("calls", {}).items()
    }
    busy = (seat for seat, row in message.get("seats", {}).items() if row["state"] in ("ringing", "talking"))
    return Picture(calls, frozenset(busy))


def there(mouth: Mouth) -> Picture:
    """The picture in the PBX's own list of channels."""
    rows = [row for row in mouth.ask(Action="CoreShowChannels")[1:] if "Channel" in row]
    calls: dict[str, str] = {}
    busy = set()
    for row in rows:
        call = row.get("GRIDLINE_CALL", "")
        seat = SEAT_CHANNEL.match(row["Channel"])
        if seat is None and call:
            calls.setdefault(call, "")
        elif seat is not None:
            busy.add(seat[1])
            if call and row.get("BridgeId") and row.get("ChannelState") == "6":
                calls[call] = seat[1]
    return Picture(calls, frozenset(busy))


def differences(before: Picture, floor: Picture, after: Picture) -> list[str]:
    """What the floor has wrong, seen between two looks at the PBX: what changed between these is in nobody's favour."""
    wrong = []
    for call in before.calls.keys() & after.calls.keys():
        if call not in floor.calls:
            wrong.append(f"call {call} is missing")
        elif before.calls[call] == after.calls[call] != floor.calls[call]:
            wrong.append(f"call {call}: seat {floor.calls[call]!r}, really {after.calls[call]!r}")
    wrong += [
        f"call {call} is none" for call in floor.calls.keys() - before.calls.keys() - after.calls.keys()
    ]
    wrong += [f"seat {seat} is not in a call" for seat in floor.busy - before.busy - after.busy]
    wrong += [f"seat {seat} is in a call" for seat in (before.busy & after.busy) - floor.busy]
    return wrong
