"""A thin line in user space: a network namespace whose only way out is slow, far and lossy.

Packets between a TUN device here and one in the namespace pass a queue a direction, as the kernel's netem has it
(``rate``, ``delay``, ``loss``, ``limit``): a packet is lost when it arrives, else it waits for those before it, takes
its length over the rate, and arrives the delay later. TCP on both ends is the kernel's own. Needs root. Not every
kernel has netem; this is the same on all of them.
"""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import IO

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
MTU = 1500


@dataclass(slots=True)
class Pipe:
    """One direction: bits a second, seconds, a share of packets, packets that may wait. Pure; times are seconds."""

    rate: float
    delay: float
    loss: float
    limit: int = 1000
    dice: random.Random = field(default_factory=random.Random)
    bytes_in: int = 0
    lost: int = 0
    is_cut: bool = False
    _free_at: float = 0.0
    _waiting: list[tuple[float, int, bytes]] = field(default_factory=list)
    _count: int = 0

    def put(self, packet: bytes, now: float) -> None:
        """A packet comes."""
        if self.is_cut or self.dice.random() < self.loss or len(self._waiting) >= self.limit:
            self.lost += 1
            return
        self._free_at = max(now, self._free_at) + len(packet) * 8 / self.rate
        self._count += 1
        self.bytes_in += len(packet)
        heapq.heappush(self._waiting, (self._free_at + self.delay, self._count, packet))

    def due(self, now: float) -> list[bytes]:
        """Packets that have arrived by now, in order."""
        found = []
        while self._waiting and self._waiting[0][0] <= now:
            found.append(heapq.heappop(self._waiting)[2])
        return found

    def next_at(self) -> float | None:
        """When the next one arrives."""
        return self._waiting[0][0] if self._waiting else None


class ThinLine:
    """A namespace behind a line. `here` is our address as seen from there."""

    def __init__(self, number: int, *, rate: float, delay: float, loss: float, seed: int) -> None:
        self.name = f"glthin{os.getpid()}n{number}"
        self.here, self.there = f"10.213.{number}.1", f"10.213.{number}.2"
        dice = random.Random(seed)
        self.up = Pipe(rate, delay, loss, dice=dice)
        self.down = Pipe(rate, delay, loss, dice=dice)
        self._number = number
        self._stopping = threading.Event()
        self._files: list[IO[bytes]] = []
        self._thread = threading.Thread(target=self._carry, name=self.name, daemon=True)

    def start(self) -> "ThinLine":
        """Make the namespace and begin to carry. Raises OSError, CalledProcessError."""
        ip("netns", "add", self.name)
        outside, inside = (
            f"glo{os.getpid() % 100000}n{self._number}",
            f"gli{os.getpid() % 100000}n{self._number}",
        )
        self._files = [_tun(outside), _tun(inside)]
        ip("link", "set", inside, "netns", self.name)
        ip("addr", "add", f"{self.here}/30", "dev", outside)
        ip("link", "set", outside, "mtu", str(MTU), "up")
        ip("-n", self.name, "addr", "add", f"{self.there}/30", "dev", inside)
        ip("-n", self.name, "link", "set", inside, "mtu", str(MTU), "up")
        ip("-n", self.name, "link", "set", "lo", "up")
        self._thread.start()
        return self

    def cut(self, is_cut: bool) -> None:
        """Let nothing through either way, or all of it again. What is under way arrives."""
        self.up.is_cut = self.down.is_cut = is_cut

    def stop(self) -> None:
        """Take everything away again."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)
        for file in self._files:
            file.close()
        ip("netns", "del", self.name)

    def wrap(self, *words: str) -> list[str]:
        """The words that run a program behind the line."""
        return ["ip", "netns", "exec", self.name, *words]

    def _carry(self) -> None:
        outside, inside = self._files
        ways = {inside.fileno(): (self.up, outside), outside.fileno(): (self.down, inside)}
        while not self._stopping.is_set():
            now = time.monotonic()
            nexts = [at for at in (self.up.next_at(), self.down.next_at()) if at is not None]
            wait = min([0.2, *(max(0.0, at - now) for at in nexts)])
            ready, _, _ = select.select(list(ways), [], [], wait)
            now = time.monotonic()
            for number in ready:
                packet = os.read(number, MTU + 100)
                if packet[0] >> 4 == 4:
                    ways[number][0].put(packet, now)
            for pipe, out in ways.values():
                for packet in pipe.due(now):
                    os.write(out.fileno(), packet)


def may_make_lines() -> bool:
    """Whether this machine lets us."""
    return os.geteuid() == 0 and os.path.exists("/dev/net/tun")


def ip(*words: str) -> None:
    """Run ip(8). Raises CalledProcessError."""
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


def _tun(name: str) -> IO[bytes]:
    file = open("/dev/net/tun", "r+b", buffering=0)  # noqa: SIM115 (closed by stop)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return file
