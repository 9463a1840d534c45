"""Voice menus, measured beside the same menu written in dialplan: fifty callers a second, five hundred at once.

Each caller hears the notice and the menu of languages for ten seconds and hangs up. Gridline has its own dialplan, the
voice room, hearing and records in one process; the other side is a PBX of its own with the product's settings
of the PBX, the same sound files, and a few lines of dialplan with nobody attached. Two of the fifty a second are
telephones of the bench: they note when they were answered and when the first sound came (`prompt_p99_ms`). Processor
time is of PBX and Gridline, over all callers of a run; both sides are dialled in the same run, one after the other.
"""

import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bench.figures import percentile
from bench.rig import cpu, dialplan
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
_ANSWERED = re.compile(r"answered ([0-9]+) .*?([0-9]{9,}\.[0-9]+)")


class Sink:
    """Where the bench's telephones hear: the first packet from each port after a silence, in seconds of Unix."""

    SILENCE = 2.0

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.5)
        self.port: int = self._socket.getsockname()[1]
        self.first: list[tuple[int, float]] = []
        self._last: dict[int, float] = {}
        self._open = True
        self._thread = threading.Thread(target=self._listen, name="sink", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hear no more."""
        self._open = False
        self._thread.join(5)
        self._socket.close()

    def _listen(self) -> None:
        while self._open:
            with suppress(TimeoutError):
                _, (_host, port) = self._socket.recvfrom(2048)
                now = time.time()
                if now - self._last.get(port, 0.0) > self.SILENCE:
                    self.first.append((port, now))
                self._last[port] = now


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
        for site in (ours, bare):
            dialplan.sound_as_offered(site.etc)
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
    sink = Sink()
    site.start()
    try:
        cpu.rest(*site.pids)
        before, pbx = cpu.seconds(*site.pids), cpu.seconds(site.child.pid)
        runs = [
            _callers(site, folder / "load", rate - listeners, seconds, patience_ms, "139", "[media_port]"),
            _callers(site, folder / "listeners", listeners, seconds, patience_ms, "138", str(sink.port)),
        ]
        most, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.5)
            most = max(most, sum(run.count().up for run in runs))
        counts = [run.wait(patience_ms / 1000 + 30) for run in runs]
        calls = sum(count.started for count in counts)
        site.settle(calls)
        used = cpu.seconds(*site.pids) - before
        for run in runs:
            if run.said():
                print(run.said(), flush=True)
        return {
            "cpu_ms": used * 1000 / calls,
            "pbx_cpu_ms": (cpu.seconds(site.child.pid) - pbx) * 1000 / calls,
            "failed": float(sum(count.failed for count in counts)),
            "at_once": float(most),
            "waits": waits(sink.first, folder / "listeners" / "answers.log"),
        }
    finally:
        site.stop()
        sink.close()


def _callers(
    site: LoadPbx, folder: Path, rate: float, seconds: float, patience_ms: int, prefix: str, media: str
) -> Sipp:
    pbx, calls, sound = site.settings.pbx, int(rate * seconds), folder / "sound.raw"
    folder.mkdir(parents=True)
    sound.write_bytes(b"\xd5" * 800)  # a tenth of a second of silence, A-law
    return Sipp(
        "listener", folder, site.address, "-s", site.settings.site.hotline, "-r", f"{rate:g}", "-m", str(calls),
        "-l", str(calls), "-au", pbx.trunk_user, "-ap", pbx.trunk_secret, "-trace_logs", "-log_file",
        str(folder / "answers.log"), port=free_ports(1)[0], patience=patience_ms, prefix=prefix, media=media,
        sound=sound,
    ).start()  # fmt: skip


def waits(first: list[tuple[int, float]], answers: Path) -> list[float]:
    """Milliseconds from each answer to the first sound from its port; of a caller who heard nothing there is none."""
    found = []
    for line in answers.read_text("utf-8").splitlines():
        if (match := _ANSWERED.search(line)) is None:
            continue
        at = float(match[2])
        heard = [when for port, when in first if port == int(match[1]) and when >= at - 0.1]
        if heard:
            found.append((min(heard) - at) * 1000)
    return found
