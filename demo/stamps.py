"""What a handset stamps on its messages: a clock when they are made, clocks and a signature when they are sent."""

import secrets
import time
from collections.abc import Callable
from datetime import datetime

from demo.keys import Key


class Stamps:
    """The clocks and the key of one start of the program. `clock` gives aware UTC, right or wrong."""

    def __init__(self, key: Key, clock: Callable[[], datetime]) -> None:
        self._key = key
        self._clock = clock
        self._boot = secrets.token_hex(3)

    def made(self) -> dict[str, object]:
        """Fields of a message that is made now."""
        return {"boot": self._boot, "mono": self._mono()}

    def sent(self, topic: str, body: bytes, low: int | None = None) -> list[tuple[str, str]]:
        """What goes beside a message that is sent now; `low` asks what is kept from that number on."""
        beside = [
            ("sent", self._clock().isoformat()),
            ("clock", f"{self._boot}:{self._mono()}"),
            ("sig", self._key.sign(topic, body)),
        ]
        return beside if low is None else [*beside, ("low", str(low))]

    @staticmethod
    def _mono() -> int:
        return time.monotonic_ns() // 1_000_000
