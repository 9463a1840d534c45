"""Figures for Prometheus: this web process, the outbox, the bus, the telephone rooms, queues, cases and webhooks.

Counted once in `KEPT` seconds however often it is asked. Shut by `web.metrics_token`; without one only the machine
itself may ask, and nobody through a proxy.
"""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select

from backoffice.fieldfigures import gauge, street
from backoffice.office import Office, office
from backoffice.rights import PUBLIC, needs
from schema.cases import Case
from schema.outbox import BusCursor, DeadLetter, OutboxRow
from schema.rules.figures import may_ask
from schema.rules.lifecycle import OPEN
from schema.store import StoreUnreachable
from schema.webhooks import Delivery

pages = Blueprint("metrics", __name__)
KEPT = 5.0
COUNTS = ("offered", "answered", "abandoned", "overflowed", "called_back", "waiting")
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The registry of one application. `bus` tells "up" or "down"."""

    def __init__(
        self, found: Office, bus: Callable[[], str], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.requests = Counter(
            "gridline_http_requests",
            "Answered requests",
            ("door", "method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "gridline_http_request_seconds",
            "How long answers took",
            ("door",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.registry.register(Site(found, bus, monotonic))


class Site:
    """A collector: what the store and the floor say, kept for a moment."""

    def __init__(self, found: Office, bus: Callable[[], str], monotonic: Callable[[], float]) -> None:
        self._office, self._bus, self._monotonic = found, bus, monotonic
        self._lock = threading.Lock()
        self._kept: list[GaugeMetricFamily] = []
        self._at = -KEPT

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked when it is registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; what cannot be counted now is left out."""
        with self._lock:
            if self._monotonic() - self._at >= KEPT:
                self._kept, self._at = list(self._counted()), self._monotonic()
            yield from self._kept

    def _counted(self) -> Iterator[GaugeMetricFamily]:
        yield from self._floor()
        yield from self._rooms()
        yield gauge("gridline_bus_up", "Whether the bus answers", {(): float(self._bus() == "up")})
        try:
            yield from self._stored()
            up = 1.0
        except StoreUnreachable:
            up = 0.0
        yield gauge("gridline_database_up", "Whether the database answers", {(): up})

    def _floor(self) -> Iterator[GaugeMetricFamily]:
        floor, settings = self._office.floor, self._office.settings
        nodes = {(pbx.node,): float(floor.up(pbx.node)) for pbx in settings.pbxs}
        yield gauge(
            "gridline_ami_up", "Whether a telephone room speaks and its PBX answers it", nodes, "node"
        )
        told = [one.get("figures", {}).get("queues", {}) for one in floor.snapshot()]
        queues = {
            (queue, count): float(sum(int((one.get(queue) or {}).get(count) or 0) for one in told))
            for queue in settings.queues
            for count in COUNTS
        }
        yield gauge("gridline_queue_callers", "The day's callers of a queue", queues, "queue", "what")
        states: dict[tuple[str, ...], float] = {}
        for message in floor.snapshot():
            for seat in message.get("seats", {}).values():
                state = str(seat.get("state", ""))
                states[(state,)] = states.get((state,), 0.0) + 1
        yield gauge("gridline_seats", "Open seats by state", states, "state")

    def _rooms(self) -> Iterator[GaugeMetricFamily]:
        rooms = self._office.player.rooms()
        free = {(room.what,): float(room.free) for room in rooms}
        yield gauge("gridline_recordings_free_bytes", "Room for recordings", free, "place")
        low = {(room.what,): float(room.low) for room in rooms}
        yield gauge(
            "gridline_recordings_low", "Whether there is too little room for recordings", low, "place"
        )

    def _stored(self) -> Iterator[GaugeMetricFamily]:
        now = self._office.store.clock()
        with self._office.store.read() as session:
            left = (OutboxRow.seq.is_(None),)
            backlog, oldest = session.execute(select(func.count(), func.min(OutboxRow.at)).where(*left)).one()
            last = session.scalar(select(func.max(OutboxRow.seq))) or 0
            cursors = session.execute(select(BusCursor.group, BusCursor.seq)).all()
            dead = session.execute(select(DeadLetter.group, func.count()).group_by(DeadLetter.group)).all()
            open_ = select(Case.state, func.count()).where(Case.state.in_(OPEN)).group_by(Case.state)
            cases = session.execute(open_).all()
            over = session.scalar(
                select(func.count()).select_from(Case).where(Case.state.in_(OPEN), Case.due_at < now)
            )
            unsent = (
                select(Delivery.state, func.count())
                .where(Delivery.state != "delivered")
                .group_by(Delivery.state)
            )
            hooks = session.execute(unsent).all()
        yield gauge(
            "gridline_outbox_backlog", "Committed messages that are not published", {(): float(backlog)}
        )
        yield gauge("gridline_outbox_oldest_seconds", "Age of the oldest of them", {(): age(oldest, now)})
        lags = {(group,): float(max(0, last - seq)) for group, seq in cursors}
        yield gauge(
            "gridline_bus_lag", "Published messages a group of listeners has not handled", lags, "group"
        )
        yield gauge("gridline_dead_letters", "Messages a group could not handle", _by(dead), "group")
        yield gauge("gridline_cases", "Open cases by state", dict.fromkeys(((one,) for one in OPEN), 0.0) | _by(cases),
                     "state")  # fmt: skip
        yield gauge("gridline_cases_overdue", "Open cases whose time is over", {(): float(over or 0)})
        states = {("waiting",): 0.0, ("dead",): 0.0} | _by(hooks)
        yield gauge("gridline_webhook_deliveries", "Webhook messages not delivered", states, "state")
        with self._office.store.read() as session:
            yield from street(session, now, timedelta(minutes=self._office.settings.field.silent_minutes))


def age(oldest: datetime | None, now: datetime) -> float:
    """Seconds since then; 0 for never."""
    return max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0


def count(app: Flask, door: str, metrics: Metrics) -> None:
    """Count an application's answers, as those of one of the two doors."""

    def begin() -> None:
        g.began = time.perf_counter()

    def end(answer: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule is not None else "none"
        metrics.requests.labels(door, request.method, rule, str(answer.status_code)).inc()
        if "began" in g:
            metrics.seconds.labels(door).observe(time.perf_counter() - g.began)
        return answer

    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(end)


@pages.get("/metrics")
@needs(PUBLIC)
def metrics() -> Response:
    """The figures, for who may have them."""
    if not may_ask(office().settings.web.metrics_token, request.remote_addr, request.headers.get):
        abort(403)
    found: Metrics = current_app.extensions["gridline-metrics"]
    return Response(generate_latest(found.registry), content_type=CONTENT_TYPE_LATEST)


def _by(rows: Any) -> dict[tuple[str, ...], float]:
    return {(name,): float(count) for name, count in rows}
