"""What processes have cost so far: seconds of processor time, from the kernel's own books."""

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds(*pids: int) -> float:
    """User and system time of these processes, all their threads included (proc(5), stat, fields 14 and 15)."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def busy_ms(pid: int) -> float:
    """Processor time of a process with one thread, in ms and finer than `seconds` (schedstat, the first field: ns)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e6


def rest(*pids: int, share: float = 0.05, most: float = 30.0) -> None:
    """Wait until these processes use less than such a share of one processor, at most so many seconds."""
    end = time.monotonic() + most
    before = seconds(*pids)
    while time.monotonic() < end:
        time.sleep(1)
        now = seconds(*pids)
        if now - before < share:
            return
        before = now
