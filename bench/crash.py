"""Chaos: callers talk to seats while every part of the site is killed again and again, chosen by chance with a seed.

After each kill the floor must be what the PBX has, within 2 s of the start of a killed bridge; in the end every call
that the PBX's own event log knows must have exactly one row, no caller may have been cut off while the PBX lived,
`gridline audit calls` must find nothing, and a twin that hears the same tape undisturbed must come to the same rows.
Whatever is broken is told with seed, kill and call. KILLS is how many, SEED which.
"""

import os
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.rig.books import Audit, audit, replay, story
from bench.rig.chaos import ChaosSite, Plan, planned
from bench.rig.floor import differences, there
from bench.rig.load import answering, callers
from bench.rig.pbx import TooLate, until
from bench.rig.seats import numbers, sit_down

KILLS, SEED = 200, 20261124
SEATS, RATE, TALK_MS, PATIENCE_MS = 30, 3.0, 3000, 30_000
RIGHT_WITHIN = 2.0
PAUSES = (0.02, 0.05, 0.25)
"""Between two looks at the PBX, longer and longer: what it has had for that long, a screen must show."""
KINDS = ("lost", "doubled", "invented", "open", "cut", "unlike", "differing")
TOLD = 8


@dataclass(frozen=True, slots=True)
class Back:
    """How it went after one kill: how many `calls` were up, and how many seconds later the floor said that it is `up`,
    and was `right` – from the start of the bridge, or from when another part was there again. `wrong` is what it still
    had wrong at the end; `at` the clock (seconds since 1970) of the kill."""

    name: str
    at: float
    calls: int
    up: float
    right: float
    wrong: list[str]


def run() -> dict[str, float]:
    """All figures of the bench. Exits with 1 when anything was broken."""
    began = time.monotonic()
    kills, seed = int(os.environ.get("KILLS", KILLS)), int(os.environ.get("SEED", SEED))
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's own user must get through
        backs, found = chaos(folder, kills, seed)
    late = [back for back in backs if back.right > RIGHT_WITHIN or back.wrong]
    bridge = [back for back in backs if back.name == "bridge"]
    return {
        "kills": len(backs),
        **{f"kills_{name.lower()}": sum(b.name == name for b in backs) for name in sorted({b.name for b in backs})},
        "calls": found.rows,
        "calls_up_min": min(back.calls for back in backs),
        "phantoms": sum(bool(back.wrong) for back in backs) + len(found.invented) + len(found.open),
        "late": len(late),
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "unlike_twin": len(found.unlike),
        "audit_differences": len(found.differing),
        "cut_callers": len(found.cut),
        "ended_with_pbx": found.ended_lost,
        "longest_wait_s": round(found.longest_wait, 1),
        "floor_right_p50_s": round(sorted(back.right for back in bridge)[len(bridge) // 2], 2) if bridge else 0.0,
        "floor_right_max_s": round(max((back.right for back in bridge), default=0.0), 2),
        "other_right_max_s": round(max((b.right for b in backs if b.name != "bridge"), default=0.0), 2),
        "minutes": round((time.monotonic() - began) / 60, 1),
    }  # fmt: skip


def broken(figures: dict[str, float]) -> list[str]:
    """The figures that may not be what they are."""
    none = ("phantoms", "late", "lost", "doubled", "unlike_twin", "audit_differences", "cut_callers")
    return [name for name in none if figures[name]]


def chaos(folder: Path, kills: int, seed: int, patience_ms: int = PATIENCE_MS) -> tuple[list[Back], Audit]:
    """So many kills under load; how the floor came back after each, and what the books say in the end."""
    site = ChaosSite(folder, TALK_MS)
    seats = answering(site.site, folder, TALK_MS)
    load = None
    try:
        site.start()
        sit_down(site.site, numbers(SEATS))
        site.page.start()
        load = callers(site.site, folder, RATE, 1_000_000, patience_ms)
        backs = [
            _kill(site, plan, f"seed {seed}, kill {n}") for n, plan in enumerate(planned(kills, seed), 1)
        ]
        load.child.signal(signal.SIGUSR1)  # no new calls; it ends with the last
        count = load.wait(patience_ms / 1000 + 10)
        until(lambda: not there(site.mouth).calls, "every call is over", 60)
        _wait_for_rows(site)
        state = site.page.state
        site.page.stop()
        site.site.bridge.stop()
        twin = replay(site.site.settings, folder)
        try:
            found = audit(site.site.settings, site.site.store, twin, TALK_MS / 1000 - 0.3)
        finally:
            twin.close()
    finally:
        if load is not None:
            load.stop()
        seats.stop()
        site.stop()
    print(f"callers: {count.good} served, {count.failed} not")
    print(f"the page answered {site.page.answered} calls, and was {state or 'off'}")
    for line in stories(seed, backs, found):
        print(line, flush=True)
    for line in found.cut[:TOLD]:
        print(f"the PBX of {line}: {story(site.site.settings, line.split()[0])}", flush=True)
    return backs, found


def stories(seed: int, backs: Sequence[Back], found: Audit) -> list[str]:
    """A line for what is broken in the books: which call, and what was killed while it lived."""
    lines = []
    for kind in KINDS:
        broken = getattr(found, kind)
        lines += [f"BROKEN {kind}: {line} (seed {seed}; {_while(line, backs)})" for line in broken[:TOLD]]
        lines += [f"BROKEN {kind}: and {len(broken) - TOLD} more"] if len(broken) > TOLD else []
    return lines


def _while(line: str, backs: Sequence[Back]) -> str:
    """The kills of the half minute from a call's start on, which is in its uniqueid; with seconds of its life."""
    start = next(
        (float(word.partition(".")[0]) for word in line.split() if word[:1].isdigit() and "." in word), 0.0
    )
    near = [
        f"kill {number}, {back.name}, {back.at - start:.1f} s into it"
        for number, back in enumerate(backs, 1)
        if -3 < back.at - start < 30
    ]
    return "; ".join(near) or "no kill near"


def _kill(site: ChaosSite, plan: Plan, number: str) -> Back:
    until(lambda: site.busy(plan.name) > 0, f"{number}: calls are up", 60)
    time.sleep(plan.talk)
    calls, at = site.busy(""), time.time()
    site.kill(plan.name)
    time.sleep(plan.dead)
    began = time.monotonic()
    site.parts[plan.name].start()
    back = _back(site, plan.name, began if plan.name == "bridge" else time.monotonic(), at, calls)
    story = f" – BROKEN: {'; '.join(back.wrong[:3])}" if back.wrong else ""
    late = f" – LATE (load {os.getloadavg()[0]:.1f})" if back.right > RIGHT_WITHIN else ""
    when = f"up after {back.up:.2f} s, right after {back.right:.2f} s"
    print(f"{number}, {plan.name}, {calls} calls up: {when}{late}{story}", flush=True)
    return back


def _back(site: ChaosSite, name: str, began: float, at: float, calls: int) -> Back:
    def up() -> bool:
        whole = site.watch.whole()
        return site.watch.heard_at > began and bool(whole) and whole["link"] == "up"

    try:
        until(up, "the floor says that it is up", 30, every=0.02)
    except TooLate as error:
        return Back(name, at, calls, 30.0, 30.0, [str(error)])
    heard = time.monotonic()
    looks = 0
    while True:
        before = there(site.mouth)
        time.sleep(PAUSES[min(looks, len(PAUSES) - 1)])
        shown = time.monotonic()
        wrong = differences(before, site.watch.picture(), there(site.mouth))
        looks += 1
        if not wrong or shown > heard + 10:
            return Back(name, at, calls, heard - began, shown - began, wrong)


def _wait_for_rows(site: ChaosSite) -> None:
    def written() -> bool:
        rows, over = site.site.recorded()
        return rows == over

    try:
        until(written, "every row says how its call ended", 30)
    except TooLate as error:
        print(error, flush=True)
