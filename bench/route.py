"""Routing, measured beside app_queue: 300 answering seats, and ever more callers until one is not served well.

Gridline routes and writes its records; app_queue has the same PBX, seats and queue for itself, with nobody attached:
once with the product's settings of the PBX, which spare it much, and once with Asterisk's own (`stock`). All three are
up, and take turns: one works, the others rest.
Voice and sound recording are left out on both sides, and there is no wrap-up. Clean is a rate at which every caller is
served within the patience and the records are whole moments after the last call.
"""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.figures import percentile
from bench.rig import cpu
from bench.rig.ear import Ear, Event
from bench.rig.load import Result, answering, burst
from bench.rig.pbx import BarePbx, BridgedPbx, LoadPbx
from bench.rig.seats import numbers, sit_down
from bench.rig.turns import Way, side_by_side

SEATS = 300
TALK_MS = 500
PATIENCE_MS = TALK_MS + 2500
BURST = 6.0
RECORDS_WITHIN = 1.5
WAY = Way(first=100.0, step=1.3, fine=1.05)
TURNS = 3
RTP = 3000


def run() -> dict[str, float]:
    """All figures of the bench."""
    with tempfile.TemporaryDirectory(prefix="gridline-bench-") as folder, ExitStack() as stack:
        bare, stock, ours = sides = _sides(Path(folder), stack)
        bare.rate, stock.rate, ours.rate = side_by_side(WAY, [side.clean for side in sides])
        common = bare.rate / 2
        for _ in range(TURNS):
            for side in sides:
                side.cost(common)
        for side in sides:
            print(f"{side.who}: {side.cpu_ms:.2f} ms of processor per call at {common:.0f}/s", flush=True)
        rings = _rings(ours, common)
    return {
        "x_app_queue": round(ours.rate / bare.rate, 2),
        "x_stock": round(ours.rate / stock.rate, 2),
        "rate_per_s": round(ours.rate, 1),
        "app_queue_per_s": round(bare.rate, 1),
        "stock_per_s": round(stock.rate, 1),
        "offer_ring_p99_ms": round(percentile(rings, 99), 1),
        "offer_ring_ms": round(percentile(rings, 50), 1),
        "cpu_x": round(ours.cpu_ms / bare.cpu_ms, 2),
        "cpu_x_stock": round(ours.cpu_ms / stock.cpu_ms, 2),
        "cpu_ms_per_call": round(ours.cpu_ms, 2),
        "app_queue_cpu_ms_per_call": round(bare.cpu_ms, 2),
        "stock_cpu_ms_per_call": round(stock.cpu_ms, 2),
        "pbx_cpu_ms_per_call": round(ours.pbx_cpu_ms, 2),
    }


class Side:
    """One way of routing, with a PBX of its own that is up, and what was measured of it; `all` are all sides' PBXs."""

    def __init__(self, who: str, site: LoadPbx, folder: Path, all: Sequence[LoadPbx]) -> None:
        self.who, self.site, self._folder, self._all = who, site, folder, all
        self.rate = 0.0
        self._costs: list[tuple[float, float]] = []

    @property
    def cpu_ms(self) -> float:
        """Processor time of a call, of PBX and bridge: the median of the turns."""
        return statistics.median(whole for whole, _ in self._costs)

    @property
    def pbx_cpu_ms(self) -> float:
        """The PBX's part of it."""
        return statistics.median(pbx for _, pbx in self._costs)

    def clean(self, rate: float) -> bool:
        """Whether a rate is clean."""
        result = self.burst(rate)
        clean = not result.bad and not result.said and self.site.lag <= RECORDS_WITHIN
        print(
            f"{self.who} at {rate:.0f}/s: {result.calls} calls, {result.bad} not served, records {self.site.lag:.1f} s "
            f"later{'' if clean else ' – not clean'} ({result.cpu_ms:.1f} ms/call) {result.said}",
            flush=True,
        )
        return clean

    def cost(self, rate: float) -> None:
        """Measure what a call costs at this rate."""
        before = cpu.seconds(self.site.child.pid)
        result = self.burst(rate)
        self._costs.append((result.cpu_ms, (cpu.seconds(self.site.child.pid) - before) * 1000 / result.calls))

    def burst(self, rate: float) -> Result:
        """Dial for a while, once nobody does anything."""
        cpu.rest(*(pid for site in self._all for pid in site.pids))
        return burst(self.site, self._folder, rate, BURST, PATIENCE_MS)


def _sides(folder: Path, stack: ExitStack) -> tuple[Side, Side, Side]:
    queue, stock = BarePbx(folder / "queue", rtp_ports=RTP), BarePbx(folder / "stock", rtp_ports=RTP)
    queue.seat(numbers(SEATS))
    stock.seat(numbers(SEATS), as_it_comes=True)
    bridged = BridgedPbx(folder / "gridline", rtp_ports=RTP)
    sites = (queue, stock, bridged)
    for site in sites:
        stack.enter_context(up(site, site.folder))
    sit_down(bridged, numbers(SEATS))
    return (
        Side("app_queue", queue, queue.folder, sites),
        Side("app_queue as it comes", stock, stock.folder, sites),
        Side("Gridline", bridged, bridged.folder, sites),
    )


def _rings(ours: Side, rate: float) -> list[float]:
    ear = Ear(ours.site.settings.pbx.ami_port, ours.site.settings.pbx.ears_secret)
    ours.burst(rate)
    ear.close()
    return offer_to_ring(ear.events())


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
