"""Ports on the loopback: free ones, and who holds a taken one."""

import os
import socket
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

LISTEN = "0A"  # the kernel's code for a listening TCP socket


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free for TCP and UDP a moment ago."""
    return free_ports(1, host)[0]


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """`count` different ports, each free for TCP and UDP a moment ago."""
    found: list[int] = []
    with ExitStack() as held:
        while len(found) < count:
            tcp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            tcp.bind((host, 0))
            port = int(tcp.getsockname()[1])
            udp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            try:
                udp.bind((host, port))
            except OSError:
                continue
            found.append(port)
    return found


def free_range(count: int, host: str = "127.0.0.1", *, low: int = 20_000, high: int = 30_000) -> int:
    """The first port, even, of `count` adjoining UDP ports that were free a moment ago (for RTP).

    They lie below the kernel's ephemeral ports, so that no client's socket wanders into them. Raises OSError.
    """
    stride = count + count % 2
    places = range(low, high - stride, stride)
    # Two sites laid out at once should not try the same places in the same order.
    turn = free_port(host) % len(places)
    order: list[int] = [*places[turn:], *places[:turn]]
    for first in order:
        with ExitStack() as held:
            try:
                for port in range(first, first + count):
                    held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind((host, port))
            except OSError:
                continue
            return first
    raise OSError(f"no {count} adjoining UDP ports are free between {low} and {high}")


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
