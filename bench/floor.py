"""The floor, measured: how many AMI events a second go from a socket to committed rows on one core.

A process of its own plays the PBX and sends Gridline's own calls, recorded once (`tests/tapes/calls.tape.xz`), again
and again under new ids. The measured process has one core: ears, tape, hearing and floor on the reactor, and beside
them the ledger on its thread with SQLite (`synchronous=FULL`), as the product has them.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import Any

from bench.rig.stream import length, messages, played

TAPE, COPIES, RUNS = "calls", 30, 3


def run() -> dict[str, float]:
    """All figures of the bench."""
    events = messages(TAPE)
    calls = sum(b"\r\nWhat: Entered\r\n" in event for event in events)
    total = length(events, COPIES, fresh=True)
    runs = [_once(total, calls * COPIES) for _ in range(RUNS)]
    return {
        "events_per_s": round(statistics.median(run["events_per_s"] for run in runs)),
        "events_per_cpu_s": round(statistics.median(run["events_per_cpu_s"] for run in runs)),
        "events_per_call": round(total / calls / COPIES, 1),
        "events": total,
        "calls": calls * COPIES,
    }


def _once(total: int, calls: int, copies: int = COPIES) -> dict[str, Any]:
    core = max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder, played(TAPE, copies, True) as port:
        words = [sys.executable, "-m", "bench.rig.floorline", str(port), str(total), folder, str(core)]
        said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    print(said.splitlines()[-1], flush=True)
    if not found["right"] or found["calls_open"] or found["calls"] != calls:
        raise RuntimeError(f"the rows are not those of the {calls} calls that were sent: {found}")
    return found
