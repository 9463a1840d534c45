"""Recorded calls: how many at once before a packet is lost, with Gridline's ledger and vault and with MixMonitor alone.

Callers dial one after the other, send G.711 sound, and a seat sends it back; each pair is recorded on the seat's leg
as a mix and two sides; all talk together for `HOLD` seconds. The other side is the same PBX with a queue of its own
and the same recording, nobody attached. Clean is a number of calls at which every caller was served, the kernel
dropped no UDP packet before PBX or seats had read it, and every recording is as long as its talk. Both PBXs are up and
take turns. Gridline's recordings of the rounds before are taken into the vault whenever calls, of either, leave half of
the processors free.
"""

import hashlib
import math
import tempfile
import time
import wave
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from bench.rig import dialplan
from bench.rig.load import answering
from bench.rig.pbx import BarePbx, BridgedPbx, LoadPbx
from bench.rig.seats import numbers, sit_down
from bench.rig.sipp import Sipp
from bench.rig.turns import Way, side_by_side
from conf.ports import free_ports
from schema.recordings import KEPT, MISSING, Recording

SEATS, RATE, HOLD = 400, 20.0, 12.0
WAY = Way(first=80, step=1.3, fine=1.04, least=8, most=SEATS, grain=math.floor)
SHORTER = 1.0
"""Seconds that a recording may lack of the time its pair talked."""
SOUND_SECONDS = 5


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        bare, ours = _bare(folder / "bare"), BridgedPbx(folder / "gridline", audio=True, voice=False)
        for site in (bare, ours):
            stack.callback(site.stop)
            site.start()
        sit_down(ours, numbers(SEATS))
        plain, calls = side_by_side(
            WAY,
            [
                lambda count: _clean("MixMonitor alone", bare, bare.folder, count),
                lambda count: _clean("Gridline", ours, ours.folder, count),
            ],
        )
        end = time.monotonic() + 900
        while _rows(ours)[0] and time.monotonic() < end:
            time.sleep(2)
        _, kept, missing = _rows(ours)
    return {
        "x_mixmonitor": round(calls / plain, 2),
        "calls": int(calls),
        "mixmonitor_calls": int(plain),
        "kept": kept,
        "missing": missing,
    }


def _bare(folder: Path) -> BarePbx:
    site = BarePbx(folder)
    site.seat(numbers(SEATS))
    dialplan.recorded_queue(
        site.etc, site.settings.site.hotline, site.settings.acd.queue, site.settings.spool
    )
    return site


def _rows(site: BridgedPbx) -> tuple[int, int, int]:
    """Recordings that are on their way, kept, and missing."""
    with site.store.read() as session:
        counted = {
            state: n
            for state, n in session.execute(select(Recording.state, func.count()).group_by(Recording.state))
        }
    return (
        sum(counted.values()) - counted.get(KEPT, 0) - counted.get(MISSING, 0),
        counted.get(KEPT, 0),
        counted.get(MISSING, 0),
    )


def _clean(who: str, site: LoadPbx, folder: Path, most: float) -> bool:
    count = int(most)
    talk = HOLD + count / RATE
    sound = folder / "sound.alaw"
    sound.write_bytes(hashlib.shake_128(b"sound").digest(8000 * SOUND_SECONDS))
    seen = {file.name for file in site.settings.spool.glob("*.wav")}
    pbx = site.settings.pbx
    (echo,) = free_ports(1)
    seats = answering(site, folder, int(talk * 1000), "-rtp_echo", "-mp", str(echo))
    lost = 0
    try:
        run = Sipp(
            "talker", folder / "callers", site.address, "-s", site.settings.site.hotline, "-r", f"{RATE:g}", "-m",
            str(count), "-l", str(count), "-au", pbx.trunk_user, "-ap", pbx.trunk_secret,
            port=free_ports(1)[0], patience=int((talk + 10) * 1000), prefix="139", sound=sound,
        ).start()  # fmt: skip
        time.sleep(count / RATE + 0.9 * HOLD)  # all are up, none has ended
        lost = dropped(range(pbx.rtp_low, pbx.rtp_low + pbx.rtp_count)) + dropped([echo])
        done = run.wait(count / RATE + talk + 15)
    finally:
        seats.stop()
    short = _short(site, seen, talk - SHORTER)
    clean = done.good == count and not lost and not short
    print(
        f"{who}, {count} at once: {count - done.good} not served, {lost} packets lost, {short} recordings short"
        f"{'' if clean else ' – not clean'} {run.said()[:120]}",
        flush=True,
    )
    return clean


def dropped(ports: range | list[int]) -> int:
    """UDP packets that the kernel threw away before the owners of these ports read them (/proc/net/udp, drops)."""
    lost = 0
    for line in Path("/proc/net/udp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) in ports:
            lost += int(fields[-1])
    return lost


def _short(site: LoadPbx, seen: set[str], seconds: float) -> int:
    """How many recordings of this round are shorter than so: in the spool, or in the rows once they are kept."""
    short = 0
    for file in site.settings.spool.glob("*.wav"):
        if file.name in seen:
            continue
        try:
            with wave.open(str(file)) as wav:
                short += wav.getnframes() / wav.getframerate() < seconds
        except (OSError, EOFError, wave.Error):
            continue  # it is being taken this moment: its row tells
    if isinstance(site, BridgedPbx):
        with site.store.read() as session:
            short += (
                session.scalar(select(func.count()).where(Recording.state == KEPT, Recording.seconds < HOLD))
                or 0
            )
    return short
