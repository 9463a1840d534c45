"""Chaos: callers talk to seats while every part of the site is killed again and again, chosen by chance with a seed.

After each kill the floor must be what the PBX has within 2 s of the bridge saying that it is up; in the end every call
that the PBX's own event log knows must have exactly one row, and a twin that hears the same tape undisturbed must come
to the same rows. KILLS is how many, SEED which.
"""

import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.rig.books import Audit, audit, replay
from bench.rig.chaos import ChaosSite, chosen
from bench.rig.floor import differences, there
from bench.rig.load import answering, callers
from bench.rig.pbx import TooLate, until
from bench.rig.seats import numbers, sit_down

KILLS, SEED = 200, 20261124
SEATS, RATE, TALK_MS, PATIENCE_MS = 30, 3.0, 3000, 30_000
RIGHT_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class Back:
    """How it went after one kill: seconds from the restart to a floor that says it is up, and from there to one that is
    right; `wrong` is what it had wrong at the end, if anything."""

    up: float
    right: float
    wrong: list[str]


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user must get through
        kills = int(os.environ.get("KILLS", KILLS))
        backs, found = chaos(folder, kills, int(os.environ.get("SEED", SEED)))
        phantoms = [back for back in backs if back.right > RIGHT_WITHIN or back.wrong]
        return {
            "kills": kills,
            "calls": found.rows,
            "phantoms": len(phantoms) + len(found.invented) + len(found.open),
            "lost": len(found.lost),
            "doubled": len(found.doubled),
            "unlike_twin": len(found.unlike),
            "cut_callers": len(found.cut),
            "ended_with_pbx": found.ended_lost,
            "floor_right_max_s": round(max(back.right for back in backs), 2),
            "floor_up_max_s": round(max(back.up for back in backs), 2),
        }


def chaos(folder: Path, kills: int, seed: int) -> tuple[list[Back], Audit]:
    """So many kills under load; how the floor came back after each, and what the books say in the end."""
    chance = random.Random(seed)
    # What is killed, after how many seconds of talk, and how long it stays dead.
    names = [chosen(chance) for _ in range(kills)]
    planned = [(name, chance.uniform(0.2, 1.5), chance.uniform(0.0, 1.0)) for name in names]
    site = ChaosSite(folder)
    seats = answering(site.site, folder, TALK_MS)
    load = None
    try:
        site.start()
        sit_down(site.site, numbers(SEATS))
        load = callers(site.site, folder, RATE, 1_000_000, PATIENCE_MS)
        time.sleep(2)
        backs = [_kill(site, kill, number) for number, kill in enumerate(planned, 1)]
        load.child.signal(signal.SIGUSR1)  # no new calls; it ends with the last
        count = load.wait(PATIENCE_MS / 1000 + 10)
        print(f"callers: {count.good} served, {count.failed} not", flush=True)
        until(lambda: not there(site.mouth).calls, "every call is over", 60)
        _wait_for_rows(site)
        site.site.bridge.stop()
        twin = replay(site.site.settings, folder)
        try:
            found = audit(site.site.settings, site.site.store, twin)
        finally:
            twin.close()
    finally:
        if load is not None:
            load.stop()
        seats.stop()
        site.stop()
    for name in ("lost", "doubled", "invented", "open", "cut", "unlike"):
        for line in getattr(found, name)[:5]:
            print(f"{name}: {line}", flush=True)
    return backs, found


def _kill(site: ChaosSite, kill: tuple[str, float, float], number: int) -> Back:
    name, talk, dead = kill
    time.sleep(talk)
    site.parts[name].kill()
    time.sleep(dead)
    site.parts[name].start()
    back = _back(site)
    print(
        f"kill {number}, {name}: up after {back.up:.2f} s, right {back.right:.2f} s later"
        f"{' – WRONG: ' + '; '.join(back.wrong[:3]) if back.wrong else ''}",
        flush=True,
    )
    return back


def _back(site: ChaosSite) -> Back:
    started = time.monotonic()

    def up() -> bool:
        whole = site.watch.whole()
        return site.watch.heard_at > started and bool(whole) and whole["link"] == "up"

    try:
        until(up, "the floor says that it is up", 30, every=0.02)
    except TooLate as error:
        return Back(30.0, 30.0, [str(error)])
    heard = time.monotonic()
    wrong = ["never looked"]
    while wrong and time.monotonic() < heard + 10:
        before = there(site.mouth)
        time.sleep(0.25)  # what the PBX has had for so long, a screen must show
        floor = site.watch.picture()
        wrong = differences(before, floor, there(site.mouth))
    return Back(heard - started, time.monotonic() - heard, wrong)


def _wait_for_rows(site: ChaosSite) -> None:
    def written() -> bool:
        rows, over = site.site.recorded()
        return rows == over

    try:
        until(written, "every row says how its call ended", 30)
    except TooLate as error:
        print(error, flush=True)
