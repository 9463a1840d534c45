"""Endurance: 5 calls a second on 100 seats for two hours, voice and sound recording included. MINUTES shortens it.

Memory grows by so many megabytes an hour (the slope over all but the first fifth); rows without an owner are legs,
steps and recordings of no call, and calls that never ended; a break is a floor message whose figures do not add up.
"""

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from bench.figures import resident_mb
from bench.rig.floor import FloorWatch
from bench.rig.load import answering, callers
from bench.rig.pbx import BridgedPbx, TooLate, until
from bench.rig.seats import numbers, sit_down
from conf.privateredis import PrivateRedis
from conf.settings import Settings
from conf.tools import Tools
from ivr.prompts import make
from schema.calls import CallRow, CallStep, LegRow
from schema.recordings import Recording

MINUTES, SEATS, RATE, TALK_MS = 120.0, 100, 5.0, 8000
PATIENCE_MS = 60_000
OWNERLESS = {
    "legs": LegRow.call.not_in(select(CallRow.id)),
    "steps": CallStep.call.not_in(select(CallRow.id)),
    "recordings": Recording.call.not_in(select(CallRow.id)),
    "calls that never ended": CallRow.outcome == "",
    "legs that never ended": LegRow.ended_at.is_(None),
}


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name:
        folder = Path(name)
        redis = PrivateRedis(Tools(Settings().tools).redis_server(), folder / "redis").start()
        try:
            return _soak(folder, redis.url, float(os.environ.get("MINUTES", MINUTES)))
        finally:
            redis.stop()


def _soak(folder: Path, bus: str, minutes: float) -> dict[str, float]:
    site = BridgedPbx(folder / "site", bus=bus, roles=("cti", "ivr"), audio=True, wrap_up=1)
    make(site.settings.prompts)
    seats = answering(site, folder, TALK_MS)
    watch = FloorWatch(bus, site.settings.bus.prefix, site.store)
    load = None
    try:
        site.start()
        watch.start()
        sit_down(site, numbers(SEATS))
        load = callers(site, folder, RATE, int(RATE * minutes * 60), PATIENCE_MS)
        samples = _sample(site, watch, minutes)
        count = load.wait(PATIENCE_MS / 1000 + 30)
        print(f"{count.good} calls served, {count.failed} not", flush=True)
        left = ownerless(site)
    finally:
        if load is not None:
            load.stop()
        watch.stop()
        site.stop()
        seats.stop()
    steady = samples[len(samples) // 5 :]
    return {
        "rss_growth_mb_per_h": round(slope([(at, bridge) for at, bridge, _ in steady]), 2),
        "pbx_rss_growth_mb_per_h": round(slope([(at, pbx) for at, _, pbx in steady]), 2),
        "rows_without_owner": sum(left.values()),
        "conservation_breaks": watch.breaks,
        "floor_messages": watch.messages,
        "calls": count.good,
        "not_served": count.failed,
        "rss_end_mb": steady[-1][1],
    }


def _sample(site: BridgedPbx, watch: FloorWatch, minutes: float) -> list[tuple[float, float, float]]:
    """(hours, bridge MB, PBX MB), 120 times at most, once in 5 s at most."""
    began, samples = time.monotonic(), []
    pause = max(minutes * 60 / 120, 5.0)
    while (now := time.monotonic() - began) < minutes * 60:
        samples.append((now / 3600, resident_mb(site.bridge.pid), resident_mb(site.child.pid)))
        if len(samples) % 10 == 1:
            print(
                f"{now / 60:.1f} min: bridge {samples[-1][1]} MB, PBX {samples[-1][2]} MB, {watch.breaks} breaks",
                flush=True,
            )
        time.sleep(pause)
    return samples


def ownerless(site: BridgedPbx) -> dict[str, int]:
    """What nobody owns once all is over; what is found is said."""

    def counted() -> dict[str, int]:
        with site.store.read() as session:
            found = {what: session.scalar(select(func.count()).where(no)) for what, no in OWNERLESS.items()}
            return {what: count or 0 for what, count in found.items()}

    try:
        until(lambda: not any(counted().values()), "every row has its owner", 30, every=1)
    except TooLate as error:
        print(error, counted(), flush=True)
    return counted()


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The least-squares slope of y over x."""
    if len(points) < 2:
        raise ValueError("a slope takes two points")
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
