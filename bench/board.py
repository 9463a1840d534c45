"""Boards, measured: 500 supervisors look at the floor while 30 callers a second are served by 100 seats.

event → screen: the PBX says that a seat answered (heard by an ear of the bench's own) → each board has received the
message in which that call talks. The bridge and the back office are one process, as `gridline up` has them.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.figures import percentile
from bench.rig import cpu
from bench.rig.ear import Ear, Event
from bench.rig.load import answering, callers
from bench.rig.pbx import BridgedPbx
from bench.rig.seats import numbers, sit_down
from schema.desk import sessions
from schema.desk.people import add_user

BOARDS, SEATS, RATE, TALK_MS, SECONDS = 500, 100, 30.0, 1500, 20.0


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder:
        return _board(Path(folder))


def _board(folder: Path) -> dict[str, float]:
    site = BridgedPbx(folder / "site", roles=("cti", "web"))
    seats = answering(site, folder, TALK_MS)
    watching = load = None
    try:
        site.start()
        sit_down(site, numbers(SEATS))
        command = [sys.executable, "-m", "bench.rig.boards", str(site.settings.web.port), str(SECONDS)]
        watching = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert watching.stdin and watching.stdout
        watching.stdin.write("\n".join(_tokens(site)))
        watching.stdin.close()
        if watching.stdout.readline() != "open\n":
            raise RuntimeError("the boards did not open")
        print(f"{BOARDS} boards are open", flush=True)
        ear = Ear(site.settings.pbx.ami_port, site.settings.pbx.ears_secret)
        before = cpu.seconds(site.bridge.pid)
        load = callers(site, folder, RATE, int(RATE * SECONDS), TALK_MS + 10_000)
        told = json.loads(watching.stdout.read())
        busy = (cpu.seconds(site.bridge.pid) - before) / SECONDS
        count = load.wait(TALK_MS / 1000 + 12)
        ear.close()
        print(
            f"{count.good} calls served, {count.failed} not; {told['boards']} boards still open", flush=True
        )
        return _figures(ear.events(), told) | {"boards": told["boards"], "bridge_cpu_share": round(busy, 2)}
    finally:
        if watching is not None:
            watching.kill()
            watching.wait()
        if load is not None:
            load.stop()
        site.stop()
        seats.stop()


def _tokens(site: BridgedPbx) -> list[str]:
    """A session for each board."""
    with site.store.work() as work:
        user = add_user(work, login="board1", name="Board", post="supervisor", password="many-boards-at-once")
        work.session.flush()
        lasts = timedelta(hours=1)
        return [sessions.begin(work, user, ip="127.0.0.1", agent="bench", lasts=lasts) for _ in range(BOARDS)]


def _figures(events: Sequence[tuple[float, Event]], told: Mapping[str, Any]) -> dict[str, float]:
    waits = screen_waits(events, told["versions"], told["started"])
    return {
        "screen_ms": round(percentile(waits, 50), 1),
        "screen_p99_ms": round(percentile(waits, 99), 1),
        "bytes_per_board_s": round(told["bytes"] / told["boards"] / SECONDS),
        "calls_seen": len(waits) // BOARDS,
    }


def screen_waits(
    events: Sequence[tuple[float, Event]], versions: Mapping[str, Sequence[float]], started: Mapping[str, int]
) -> list[float]:
    """Milliseconds from each answer to each screen that showed it."""
    waits = []
    for at, event in events:
        if event.get("Event") == "UserEvent" and event.get("What") == "Answered":
            version = started.get(event["Call"])
            waits += [(screen - at) * 1000 for screen in versions.get(str(version), ())]
    return waits
