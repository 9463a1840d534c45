"""Figures of repeated runs: medians and 95th percentiles, in milliseconds."""

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path


def spread(key: str, milliseconds: Sequence[float]) -> dict[str, float]:
    """`key` → the median, `key`_p95 → the 95th percentile (nearest rank), rounded to 0.1 ms."""
    if not milliseconds:
        raise ValueError(f"nothing was measured for {key}")
    median = statistics.median(milliseconds)
    return {key: round(median, 1), f"{key}_p95": round(percentile(milliseconds, 95), 1)}


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` percent do not exceed (nearest rank)."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, -(-len(values) * share // 100) - 1)]


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB (10⁶ bytes), from /proc (proc(5), VmRSS)."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return round(int(line.split()[1]) * 1024 / 1e6, 1)
    raise ValueError(f"process {pid} has no VmRSS")


def children_of(pid: int) -> Iterator[tuple[int, str]]:
    """The child processes of a process, each with its command line."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            # The name in parentheses may hold anything; the parent is the second field after it (proc(5), stat).
            parent = int((process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        if parent == pid:
            yield int(process.name), words.decode("utf-8", "replace")
