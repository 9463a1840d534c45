"""Callers in bulk: so many a second for so long, and what became of them."""

import time
from dataclasses import dataclass
from pathlib import Path

from bench.rig import cpu
from bench.rig.pbx import LoadPbx
from bench.rig.sipp import Sipp
from conf.ports import free_ports

ANSWER_MS = 20


@dataclass(frozen=True, slots=True)
class Result:
    """One burst: calls dialled, how many of them went wrong, the first complaint, and processor seconds per call."""

    calls: int
    bad: int
    said: str
    cpu_ms: float


def answering(site: LoadPbx, folder: Path, talk_ms: int, *words: str) -> Sipp:
    """Every seat answers and hangs up `talk_ms` later, until stopped. `words` are further options of sipp."""
    return Sipp(
        "seats", folder / "seats", *words, port=site.seats_port, answer=ANSWER_MS, talk=talk_ms
    ).start()


def callers(
    site: LoadPbx, folder: Path, rate: float, calls: int, patience_ms: int, prefix: str = "139"
) -> Sipp:
    """`calls` callers, `rate` a second, who each count as failed when not served and done within the patience."""
    pbx = site.settings.pbx
    return Sipp(
        "caller", folder / "callers", site.address, "-s", site.settings.site.hotline, "-r", f"{rate:g}",
        "-m", str(calls), "-l", str(calls), "-au", pbx.trunk_user, "-ap", pbx.trunk_secret,
        port=free_ports(1)[0], patience=patience_ms, prefix=prefix,
    ).start()  # fmt: skip


def burst(site: LoadPbx, folder: Path, rate: float, seconds: float, patience_ms: int) -> Result:
    """Dial for so many seconds and wait until every call is over. It begins when the last has been cleared away."""
    calls = int(rate * seconds)
    cpu.rest(*site.pids)
    before = cpu.seconds(*site.pids)
    began = time.monotonic()
    run = callers(site, folder, rate, calls, patience_ms)
    count = run.wait(seconds * 2 + patience_ms / 1000 + 5)
    late = time.monotonic() - began > seconds + patience_ms / 1000 + 2
    site.settle(calls)
    return Result(
        calls,
        calls - count.good,
        run.said() or ("the callers could not keep their rate" if late else ""),
        (cpu.seconds(*site.pids) - before) * 1000 / calls,
    )
