"""Voice menus, measured beside the same menu written in dialplan: fifty callers a second, five hundred at once.

Each caller hears the notice and the menu of languages for ten seconds and hangs up. Gridline has its own dialplan, the
voice room, hearing and records in one process; the other side is a PBX of its own with the product's settings
of the PBX, the same sound files, and a few lines of dialplan with nobody attached. Two of the fifty a second are
telephones of the bench: they know when they were answered and when the first sound came (`prompt_p99_ms`). Processor
time is of PBX and Gridline, over all callers of a run; both sides are dialled in the same run, one after the other.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import percentile
from bench.rig import cpu, dialplan
from bench.rig.listeners import Listeners
from bench.rig.pbx import BridgedPbx, LoadPbx
from bench.rig.sipp import Sipp
from conf.ports import free_ports
from conf.settings import Ivr
from ivr.prompts import make
from ivr.texts import texts_for
from schema.defaults import default_body
from schema.rules.dialogue import texts_of
from schema.rules.voicebook import read_voice

RATE, LISTENERS, SECONDS = 50.0, 2.0, 40.0
PATIENCE_MS = 10_000


def run() -> dict[str, float]:
    """All figures of the bench."""
    return dialogues(RATE, LISTENERS, SECONDS, PATIENCE_MS)


def dialogues(
    rate: float,
    listeners: float,
    seconds: float,
    patience_ms: int,
    speak: Callable[[Path], object] | None = None,
) -> dict[str, float]:
    """The figures of one run; `speak` makes the prompts."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name:
        folder, ports = Path(name), min(4000, int(8 * rate * patience_ms / 1000))
        ours = BridgedPbx(
            folder / "ours",
            roles=("cti", "ivr"),
            audio=True,
            ivr=Ivr(digit_timeout=5, tries=3),
            rtp_ports=ports,
        )
        bare = LoadPbx(folder / "bare", rtp_ports=ports)
        (speak or _speak)(ours.settings.prompts)
        (menu,) = texts_of(read_voice(default_body("voice")))
        dialplan.bare_menu(bare.etc, bare.settings.site.hotline, ours.settings.prompts, menu)
        found = {
            which: _measured(site, folder / f"{which}-callers", rate, listeners, seconds, patience_ms)
            for which, site in (("bare", bare), ("ours", ours))
        }
    mine, other = found["ours"], found["bare"]
    return {
        "prompt_p99_ms": round(percentile(mine["waits"], 99), 1),
        "prompt_ms": round(percentile(mine["waits"], 50), 1),
        "bare_prompt_p99_ms": round(percentile(other["waits"], 99), 1),
        "heard": len(mine["waits"]),
        "at_once": mine["at_once"],
        "failed": mine["failed"],
        "cpu_x": round(mine["cpu_ms"] / other["cpu_ms"], 2),
        "cpu_ms_per_call": round(mine["cpu_ms"], 2),
        "bare_cpu_ms_per_call": round(other["cpu_ms"], 2),
        "pbx_cpu_ms_per_call": round(mine["pbx_cpu_ms"], 2),
        "load_before": round(load, 1),
    }


def _speak(prompts: Path) -> None:
    make(prompts, texts_for(()))


def _measured(
    site: LoadPbx, folder: Path, rate: float, listeners: float, seconds: float, patience_ms: int
) -> dict[str, "float | list[float]"]:
    """One side: what a call cost, and how long each listener waited."""
    site.start()
    try:
        cpu.rest(*site.pids)
        before, pbx = cpu.seconds(*site.pids), cpu.seconds(site.child.pid)
        load = _callers(site, folder, rate - listeners, seconds, patience_ms)
        heard = _listeners(site, listeners, seconds, patience_ms)
        most, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.5)
            most = max(most, load.count().up + heard.up)
        late = patience_ms / 1000 + 30
        count, calls = load.wait(late), heard.wait(late)
        calls += count.started
        site.settle(calls)
        used = cpu.seconds(*site.pids) - before
        if load.said():
            print(load.said(), flush=True)
        return {
            "cpu_ms": used * 1000 / calls,
            "pbx_cpu_ms": (cpu.seconds(site.child.pid) - pbx) * 1000 / calls,
            "failed": float(count.failed + heard.failed),
            "at_once": float(most),
            "waits": heard.waits,
        }
    finally:
        site.stop()


def _listeners(site: LoadPbx, rate: float, seconds: float, patience_ms: int) -> Listeners:
    pbx = site.settings.pbx
    return Listeners(
        site.address, (pbx.trunk_user, pbx.trunk_secret), site.settings.site.hotline, "138", rate=rate,
        calls=int(rate * seconds), patience=patience_ms / 1000,
    ).start()  # fmt: skip


def _callers(site: LoadPbx, folder: Path, rate: float, seconds: float, patience_ms: int) -> Sipp:
    pbx, calls, sound = site.settings.pbx, int(rate * seconds), folder / "sound.raw"
    folder.mkdir(parents=True)
    sound.write_bytes(b"\xd5" * 800)  # a tenth of a second of silence, A-law
    return Sipp(
        "listener", folder, site.address, "-s", site.settings.site.hotline, "-r", f"{rate:g}", "-m", str(calls),
        "-l", str(calls), "-au", pbx.trunk_user, "-ap", pbx.trunk_secret, port=free_ports(1)[0],
        patience=patience_ms, prefix="139", sound=sound,
    ).start()  # fmt: skip
