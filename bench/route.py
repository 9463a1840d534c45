"""Routing, measured beside app_queue: 300 answering seats, and ever more callers until one is not served well.

Gridline routes and writes its records; app_queue has the same PBX, seats and queue for itself, with nobody attached:
once with the product's settings of the PBX, which spare it much, and once with Asterisk's own (`stock`).
Voice and sound recording are left out on both sides, and there is no wrap-up. Clean is a rate at which every caller is
served within the patience and the records are whole moments after the last call.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.figures import percentile
from bench.rig import cpu
from bench.rig.ear import Ear, Event
from bench.rig.load import answering, burst
from bench.rig.pbx import BarePbx, BridgedPbx, LoadPbx
from bench.rig.seats import numbers, sit_down

SEATS = 300
TALK_MS = 500
PATIENCE_MS = TALK_MS + 2500
BURST = 6.0
RECORDS_WITHIN = 1.5
FIRST_RATE, STEP, FINE = 100.0, 1.3, 1.05


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder:
        bare = _bare(Path(folder) / "queue")
        stock = _bare(Path(folder) / "stock", as_it_comes=True)
        ours = _ours(Path(folder) / "gridline", bare["rate"] / 2)
    return {
        "x_app_queue": round(ours["rate"] / bare["rate"], 2),
        "x_stock": round(ours["rate"] / stock["rate"], 2),
        "rate_per_s": round(ours["rate"], 1),
        "app_queue_per_s": round(bare["rate"], 1),
        "stock_per_s": round(stock["rate"], 1),
        "offer_ring_p99_ms": round(ours["ring_p99_ms"], 1),
        "offer_ring_ms": round(ours["ring_ms"], 1),
        "cpu_x": round(ours["cpu_ms"] / bare["cpu_ms"], 2),
        "cpu_x_stock": round(ours["cpu_ms"] / stock["cpu_ms"], 2),
        "cpu_ms_per_call": round(ours["cpu_ms"], 2),
        "app_queue_cpu_ms_per_call": round(bare["cpu_ms"], 2),
        "stock_cpu_ms_per_call": round(stock["cpu_ms"], 2),
        "pbx_cpu_ms_per_call": round(ours["pbx_cpu_ms"], 2),
    }


def _bare(folder: Path, *, as_it_comes: bool = False) -> dict[str, float]:
    site, who = BarePbx(folder), "app_queue as it comes" if as_it_comes else "app_queue"
    site.seat(numbers(SEATS), as_it_comes=as_it_comes)
    with up(site, folder):
        rate = highest(lambda rate: _clean(who, site, folder, rate))
        half = burst(site, folder, rate / 2, BURST, PATIENCE_MS)
        print(f"{who}: {half.cpu_ms:.2f} ms of processor per call at {rate / 2:.0f}/s", flush=True)
        return {"rate": rate, "cpu_ms": half.cpu_ms}


def _ours(folder: Path, common: float) -> dict[str, float]:
    site = BridgedPbx(folder)
    with up(site, folder):
        sit_down(site, numbers(SEATS))
        rate = highest(lambda rate: _clean("Gridline", site, folder, rate))
        before = cpu.seconds(site.child.pid)
        half = burst(site, folder, common, BURST, PATIENCE_MS)
        pbx = (cpu.seconds(site.child.pid) - before) * 1000 / half.calls
        print(f"Gridline: {half.cpu_ms:.2f} ms of processor per call at {common:.0f}/s", flush=True)
        ear = Ear(site.settings.pbx.ami_port, site.settings.pbx.ears_secret)
        burst(site, folder, common, BURST, PATIENCE_MS)
        ear.close()
        rings = offer_to_ring(ear.events())
        return {"rate": rate, "cpu_ms": half.cpu_ms, "pbx_cpu_ms": pbx,
                "ring_ms": percentile(rings, 50), "ring_p99_ms": percentile(rings, 99)}  # fmt: skip


@contextmanager
def up(site: LoadPbx, folder: Path) -> Iterator[None]:
    """The PBX and every seat's telephone, for the length of the block."""
    seats = answering(site, folder, TALK_MS)
    try:
        site.start()
        yield
    finally:
        site.stop()
        seats.stop()


def highest(is_clean: Callable[[float], bool]) -> float:
    """The highest rate that is clean: upwards in steps, then in between; a rate is given up when it fails twice."""
    good, bad = 0.0, FIRST_RATE
    while _twice(is_clean, bad):
        good, bad = bad, bad * STEP
    while not good and bad > 1:
        bad /= 2
        good = bad if _twice(is_clean, bad) else 0.0
        bad = bad * 2 if good else bad
    while good and bad / good > FINE:
        middle = (good * bad) ** 0.5
        if _twice(is_clean, middle):
            good = middle
        else:
            bad = middle
    return good


def _twice(is_clean: Callable[[float], bool], rate: float) -> bool:
    return is_clean(rate) or is_clean(rate)


def _clean(who: str, site: LoadPbx, folder: Path, rate: float) -> bool:
    result = burst(site, folder, rate, BURST, PATIENCE_MS)
    clean = not result.bad and not result.said and site.lag <= RECORDS_WITHIN
    print(
        f"{who} at {rate:.0f}/s: {result.calls} calls, {result.bad} not served, records {site.lag:.1f} s later"
        f"{'' if clean else ' – not clean'} ({result.cpu_ms:.1f} ms/call) {result.said}",
        flush=True,
    )
    return clean


def offer_to_ring(events: Sequence[tuple[float, Event]]) -> list[float]:
    """Milliseconds from each caller's first word that they wait to the first ring for them."""
    waits: dict[str, float] = {}
    rings: dict[str, float] = {}
    for at, event in events:
        if event.get("Event") == "UserEvent" and event.get("What") == "Queued":
            waits.setdefault(event["Uniqueid"], at)
        elif event.get("Event") == "DialBegin" and event.get("Uniqueid") in waits:
            rings.setdefault(event["Uniqueid"], (at - waits[event["Uniqueid"]]) * 1000)
    return list(rings.values())
