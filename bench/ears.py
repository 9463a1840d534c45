"""The ears, measured beside panoramisk and a plain asyncio reader: events per second of processor, and flat memory.

All three hear the same recorded stream (`tests/tapes/queue.ami.xz`, a queue's calls with everything that AMI says) from
a process of its own, in turn, each on one core. Ours also stamps every event and appends it to the tape; the other two
keep nothing.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

from bench.rig.stream import length, messages, played

TAPE, RUNS = "queue", 3
EVENTS, MANY = 200_000, 5_000_000


def run() -> dict[str, float]:
    """All figures of the bench."""
    rates: dict[str, list[float]] = {"ours": [], "panoramisk": [], "plain": []}
    for _ in range(RUNS):
        for who, found in rates.items():
            found.append(_once(who, EVENTS)["rate"])
    rate = {who: statistics.median(found) for who, found in rates.items()}
    growth = _once("ours", MANY)["rss_growth_mb"]
    return {
        "x_panoramisk": round(rate["ours"] / rate["panoramisk"], 2),
        "x_plain": round(rate["ours"] / rate["plain"], 2),
        "events_per_s": round(rate["ours"]),
        "panoramisk_per_s": round(rate["panoramisk"]),
        "plain_per_s": round(rate["plain"]),
        "rss_growth_mb": round(growth, 1),
    }


def _once(who: str, least: int) -> dict[str, float]:
    events = messages(TAPE)
    copies = -(-least // len(events))
    total, core = length(events, copies, fresh=False), max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder, played(TAPE, copies, False) as port:
        words = [sys.executable, "-m", "bench.rig.readers", who, str(port), str(total), folder, str(core)]
        said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    found["rate"] = total / found["cpu_s"]
    print(f"{who}: {total} events, {found['rate']:.0f} a second, {json.dumps(found)}", flush=True)
    return found
