"""Telephones that call, listen and hang up, and know how long it was from the answer to the first sound."""

import re
import socket
import struct
import threading
import time

from bench.rig.arrivals import arriving, stamped
from bench.rig.sip import Sip

PACKET = 0.02
_RTP = struct.Struct("!BBHII")
_SILENCE = b"\xd5" * 160
_PORT = re.compile(r"m=audio (\d+)")


class Listeners:
    """`calls` callers, `rate` a second, each of whom hangs up after `patience` seconds.

    Each speaks from its answer on, from the port that it has named, as a telephone does: the PBX waits for a first
    sound before it plays one (half a second), and takes it from another port only after four packets (strict RTP).
    `waits` are the milliseconds from the answer to the first sound, both as the kernel saw them come; who heard
    nothing, or was not answered, is one of `failed`.
    """

    ANSWER = 4.0

    def __init__(
        self,
        server: str,
        auth: tuple[str, str],
        number: str,
        prefix: str,
        *,
        rate: float,
        calls: int,
        patience: float,
    ) -> None:
        self._server, self._auth, self._number, self._prefix = server, auth, number, prefix
        self._rate, self._calls, self._patience = rate, calls, patience
        self._lock = threading.Lock()
        self.waits: list[float] = []
        self.up = self.failed = 0
        self._callers = [
            threading.Thread(target=self._call, args=(one,), daemon=True) for one in range(calls)
        ]
        self._clock = threading.Thread(target=self._dial, name="listeners", daemon=True)

    def start(self) -> "Listeners":
        """Begin to call."""
        self._clock.start()
        return self

    def wait(self, seconds: float) -> int:
        """Wait until all have hung up, at most so long; how many have called. Who still has not counts as failed."""
        end = time.monotonic() + seconds
        self._clock.join(seconds)
        for caller in self._callers:
            if caller.ident is not None:
                caller.join(max(0.0, end - time.monotonic()))
        with self._lock:
            self.failed = self._calls - len(self.waits)
        return self._calls

    def _dial(self) -> None:
        began = time.monotonic()
        for one, caller in enumerate(self._callers):
            time.sleep(max(0.0, began + one / self._rate - time.monotonic()))
            caller.start()

    def _call(self, one: int) -> None:
        media = stamped(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        media.bind(("127.0.0.1", 0))
        media.settimeout(PACKET)
        user = f"{self._prefix}{one:08d}"
        phone = Sip(self._server, user, self._auth, timeout=self.ANSWER, media_port=media.getsockname()[1])
        try:
            if phone.dial(self._number) != 200 or (answer := phone.answered) is None:
                return
            self._count(1)
            try:
                wait = self._heard(media, answer.body, answer.at)
                time.sleep(max(0.0, answer.at + self._patience - time.time()))
                phone.hang_up()
            finally:
                self._count(-1)
            if wait is not None:
                with self._lock:
                    self.waits.append(wait)
        except TimeoutError:
            pass  # it has failed, and counts as such
        finally:
            phone.close()
            media.close()

    def _heard(self, media: socket.socket, offer: str, answered: float) -> float | None:
        """Speak until something is heard: milliseconds since the answer; None when nothing came."""
        found = _PORT.search(offer)
        there = ("127.0.0.1", int(found[1]) if found else 0)
        for packet in range(int(self.ANSWER / PACKET)):
            media.sendto(_RTP.pack(0x80, 8, packet, packet * len(_SILENCE), 1) + _SILENCE, there)
            try:
                _sound, at = arriving(media, 2048)
            except TimeoutError:
                continue
            return (at - answered) * 1000
        return None

    def _count(self, more: int) -> None:
        with self._lock:
            self.up += more
