"""Ports on the loopback: free ones, and who holds a taken one.

A drawn port is listened on only later. Until then it is spoken for: the process that drew it holds an abstract Unix
socket of that name, which the kernel gives to one process of the machine and takes back when the process ends.
"""

import atexit
import os
import secrets
import socket
import sys
from collections import defaultdict, deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

LISTEN = "0A"  # the kernel's code for a listening TCP socket
# Below the kernel's ephemeral ports (from 32768), so that no client's socket wanders into a drawn one; above 10080,
# which browsers refuse.
LOW, HIGH = 11_000, 20_000
PORTS_HELD = 250  # of these by one process; each is an open file
STEP = 200
BLOCK = 20  # RTP ranges are spoken for in blocks: a word for each port would be too many sockets
# By where they lie: what this process holds, the oldest draw first. One that draws and draws (a test run) keeps a
# bounded number; what it drew long ago is listened on by now, or given up.
_spoken_for: defaultdict[int, deque[list[socket.socket]]] = defaultdict(deque)


@atexit.register
def _give_back() -> None:
    """At the end of this process; the kernel would do it, but not without a warning."""
    for words in _spoken_for.values():
        for held in words:
            for one in held:
                one.close()


def free_port(host: str = "127.0.0.1") -> int:
    """A port that is free for TCP and UDP and that no other process draws while this one lives."""
    return free_ports(1, host)[0]


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """`count` different ports, each free for TCP and UDP, that no other process draws while this one lives.

    Raises OSError when there are none.
    """
    found: list[int] = []
    for port in _from_anywhere(range(LOW, HIGH, 2)):  # a telephone listens for SIP over TLS one above its own
        if len(found) == count:
            return found
        if _is_free(port, host) and _speak_for([port], LOW, most=PORTS_HELD):
            found.append(port)
    raise OSError(f"no {count} ports are free between {LOW} and {HIGH}")


def free_range(count: int, host: str = "127.0.0.1", *, low: int = 20_000, high: int = 30_000) -> int:
    """The first port, even, of `count` adjoining free UDP ports that no other process draws while this one lives.

    For RTP: a PBX takes these up call by call, so they look free all the time. They lie below the kernel's ephemeral
    ports. When all that are free are spoken for, it is one of those. Raises OSError.
    """
    stride = count + count % 2
    places = range(
        low, high - stride, min(stride, STEP)
    )  # a long range has many places: one taken port is not its end
    free = (first for first in _from_anywhere(places) if _range_is_free(first, count, host))
    seen = []
    for first in free:
        blocks = list(range(first // BLOCK * BLOCK, first + count, BLOCK))
        if _speak_for(blocks, low, most=max(1, (high - low) // stride // 8)):
            return first
        seen.append(first)
    if seen:
        return seen[0]
    raise OSError(f"no {count} adjoining UDP ports are free between {low} and {high}")


def _from_anywhere(places: range) -> list[int]:
    """The places in turn, from a random one on: two that draw at once should not try the same ones."""
    turn = secrets.randbelow(len(places)) if places else 0
    return [*places[turn:], *places[:turn]]


def _is_free(port: int, host: str) -> bool:
    with ExitStack() as held:
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                held.enter_context(socket.socket(socket.AF_INET, kind)).bind((host, port))
        except OSError:
            return False
    return True


def _range_is_free(first: int, count: int, host: str) -> bool:
    with ExitStack() as held:
        try:
            for port in range(first, first + count):
                held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind((host, port))
        except OSError:
            return False
    return True


def _speak_for(ports: list[int], place: int, *, most: int) -> bool:
    """Hold all these for this process, as its newest draw there; False, and hold none, when one is held already."""
    if sys.platform != "linux":
        return True  # no abstract sockets: two processes may draw the same, and the second server says so
    made = []
    with ExitStack() as undo:
        for port in ports:
            word = undo.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            try:
                word.bind(f"\0gridline port {port}")
            except OSError:
                return False
            made.append(word)
        undo.pop_all()
    draws = _spoken_for[place]
    draws.append(made)
    while len(draws) > most:
        for word in draws.popleft():
            word.close()
    return True


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could not listen on this TCP port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that listens on a port. `pid` is 0, and the rest empty, when it is another user's."""

    pid: int = 0
    name: str = ""
    command: str = ""

    def __str__(self) -> str:
        return f"{self.name} (pid {self.pid})" if self.pid else "another user's process"


def who_has(port: int, proc: Path = Path("/proc")) -> str:
    """Who listens on this TCP port, as ``redis-server (pid 812)``; "" when nobody does."""
    return str(holder(port, proc) or "")


def holder(port: int, proc: Path = Path("/proc")) -> Holder | None:
    """Who listens on this TCP port; None when nobody does."""
    sockets = _listening(port, proc)
    if not sockets:
        return None
    for process in proc.glob("[0-9]*"):
        if _open_sockets(process) & sockets:
            name = (process / "comm").read_text("utf-8", "replace").strip()
            command = (process / "cmdline").read_text("utf-8", "replace").replace("\0", " ").strip()
            return Holder(int(process.name), name, command)
    return Holder()


def _open_sockets(process: Path) -> set[str]:
    """What a process holds open, as far as we may see it: files come and go while we look."""
    held = set()
    with suppress(OSError):
        for number in os.listdir(process / "fd"):
            with suppress(OSError):
                held.add(os.readlink(process / "fd" / number))
    return held


def _listening(port: int, proc: Path) -> set[str]:
    """The ``socket:[inode]`` names of the sockets that listen on `port` (see proc(5), net/tcp)."""
    found = set()
    for table in ("net/tcp", "net/tcp6"):
        try:
            rows = (proc / table).read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[3] == LISTEN and int(columns[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{columns[9]}]")
    return found
