"""A surge: fifty callers a second for a minute meet a hotline with no agent free. All are answered, none is dropped.

The PBX, the voice scripts and routing are the product's own, with sound. As many as may wait (`WAITING`) hear the
notice, a menu and music; all others hear that very many are waiting, and to call later. Callers listen for
`PATIENCE_MS` at most. Each must be found in the records with a way that ended well: a wait that they gave up, or a
message. `dropped` are those who were not answered within 4 s, were cut off, or are not in the records so; `message`
and `music` count the two ways. `conservation_breaks` counts what of the queue entries does not add up.
"""

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from bench.rig import cpu
from bench.rig.pbx import RTP_PORTS, BridgedPbx
from bench.rig.sipp import Sipp
from conf.ports import free_ports
from conf.services import Service
from conf.settings import Ivr
from ivr.prompts import make
from schema.calls import CallRow, QueueEntryRow

RATE, SECONDS = 50.0, 60.0
WAITING = 200
PATIENCE_MS = 20_000


def run() -> dict[str, float]:
    """All figures of the bench."""
    return surge(RATE, SECONDS, WAITING, PATIENCE_MS)


def surge(
    rate: float, seconds: float, waiting: int, patience_ms: int, speak: Callable[[Path], object] = make
) -> dict[str, float]:
    """The figures of one surge; `speak` makes the prompts."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name:
        folder = Path(name)
        site = BridgedPbx(
            folder / "site", roles=("cti", "ivr"), audio=True,
            services=(Service(max_waiting=waiting, callback_after=-1),), ivr=Ivr(digit_timeout=0.5, tries=1),
            rtp_ports=min(RTP_PORTS, 4 * int(rate * seconds)),
        )  # fmt: skip
        speak(site.settings.prompts)
        site.start()
        try:
            before, calls = cpu.seconds(*site.pids), int(rate * seconds)
            run = _callers(site, folder, rate, calls, patience_ms)
            count = run.wait(seconds * 2 + patience_ms / 1000 + 30)
            if run.said():
                print(run.said(), flush=True)
            site.settle(calls)
            used = cpu.seconds(*site.pids) - before
            return _figures(site, calls, count.good) | {"cpu_ms_per_call": round(used * 1000 / calls, 1)}
        finally:
            site.stop()


def _callers(site: BridgedPbx, folder: Path, rate: float, calls: int, patience_ms: int) -> Sipp:
    pbx = site.settings.pbx
    return Sipp(
        "surge", folder / "callers", site.address, "-s", site.settings.site.hotline, "-r", f"{rate:g}",
        "-m", str(calls), "-l", str(calls), "-au", pbx.trunk_user, "-ap", pbx.trunk_secret,
        port=free_ports(1)[0], patience=patience_ms, prefix="139",
    ).start()  # fmt: skip


def _figures(site: BridgedPbx, calls: int, good: int) -> dict[str, float]:
    with site.store.read() as session:
        rows = list(session.execute(select(CallRow.id, CallRow.outcome, CallRow.queued_at)))
        entries = Counter(session.scalars(select(QueueEntryRow.result)))
    ways = Counter(outcome if queued else "early" for _, outcome, queued in rows)
    well = ways["overflow"] + ways["abandoned"]
    return {
        "callers": calls,
        "dropped": calls - min(good, well + ways["early"]),
        "music": ways["abandoned"],
        "message": ways["overflow"],
        "left_in_menu": ways["early"],
        "conservation_breaks": abs(sum(entries.values()) - well) + entries[""],
    }
