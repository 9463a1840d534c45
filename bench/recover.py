"""Recovery, measured: 500 seats, 200 calls up, the bridge killed; how long after its start the floor is right again.

While it is dead, 20 of the calls end and 20 callers ring in. Right is a floor that says it is up, and has the calls and
seats that the PBX has. The worst of three kills counts.
"""

import tempfile
import time
from functools import partial
from pathlib import Path

from bench.rig.ear import Mouth
from bench.rig.floor import FloorWatch, differences, there
from bench.rig.load import answering, callers
from bench.rig.pbx import BridgedPbx, until
from bench.rig.seats import numbers, sit_down
from bench.rig.sipp import Sipp
from conf.privateredis import PrivateRedis
from conf.settings import Settings
from conf.tools import Tools
from cti.hears_legs import SEAT_CHANNEL

SEATS, CALLS, CHANGED, KILLS = 500, 200, 20, 3
TALK_MS = 900_000
DEAD = 1.0


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name:
        folder = Path(name)
        redis = PrivateRedis(Tools(Settings().tools).redis_server(), folder / "redis").start()
        try:
            return _recover(folder, redis.url)
        finally:
            redis.stop()


def _recover(folder: Path, bus: str) -> dict[str, float]:
    site = BridgedPbx(folder / "site", bus=bus)
    seats = answering(site, folder, TALK_MS)
    watch = FloorWatch(bus, site.settings.bus.prefix, site.store)
    dialled: list[Sipp] = []
    mouth: Mouth | None = None
    try:
        site.start()
        watch.start()
        sit_down(site, numbers(SEATS))
        dialled.append(callers(site, folder / "first", 50, CALLS, TALK_MS))
        mouth = Mouth(site.settings.pbx.ami_port, site.settings.pbx.mouth_secret)
        until(lambda: _talking(mouth) == CALLS, f"{CALLS} calls are up", 60)
        print(f"{SEATS} seats, {CALLS} calls up", flush=True)
        took = []
        for turn in range(KILLS):
            site.bridge.kill()
            dialled.append(_meanwhile(site, folder / f"more{turn}", mouth, turn))
            began = time.monotonic()
            site.bridge.start()
            word = until(partial(_right, watch, mouth, began), "the floor is right", 30, every=0.01)
            took.append(time.monotonic() - began)
            print(f"kill {turn + 1}: first word after {word:.2f} s, right after {took[-1]:.2f} s", flush=True)
            until(lambda: _talking(mouth) == CALLS, "the new callers talk", 30)
        return {"floor_right_s": round(max(took), 2)}
    finally:
        for sipp in dialled:
            sipp.stop()
        if mouth is not None:
            mouth.close()
        watch.stop()
        site.stop()
        seats.stop()


def _talking(mouth: Mouth) -> int:
    return sum(bool(seat) for seat in there(mouth).calls.values())


def _meanwhile(site: BridgedPbx, folder: Path, mouth: Mouth, turn: int) -> Sipp:
    """Some hang up, as many others ring in; nobody is there who would hear of it."""
    rows = mouth.ask(Action="CoreShowChannels")[1:]
    legs = sorted(row["Channel"] for row in rows if SEAT_CHANNEL.match(row.get("Channel", "")))
    for leg in legs[turn :: len(legs) // CHANGED][:CHANGED]:
        mouth.ask(Action="Hangup", Channel=leg)
    until(lambda: len(there(mouth).calls) == CALLS - CHANGED, "some hang up", 10)
    more = callers(site, folder, 200, CHANGED, TALK_MS, prefix=f"13{turn}")
    until(lambda: len(there(mouth).calls) == CALLS, "the others ring in", 10)
    time.sleep(DEAD)
    return more


def _right(watch: FloorWatch, mouth: Mouth, began: float) -> float:
    """Seconds to the first word of this life when the floor is right, 0 when it is not."""
    whole = watch.whole()
    if not whole or whole["link"] != "up" or watch.first_heard(whole["epoch"]) < began:
        return 0.0
    before = there(mouth)
    wrong = differences(before, watch.picture(), there(mouth))
    return 0.0 if wrong else watch.first_heard(whole["epoch"]) - began
