"""The pushes: a thread that sends down what is open for a device, again until it was answered."""

import threading
import time
from collections.abc import Callable
from uuid import UUID

import structlog

from field_gateway.downs import bodies, devices_of, devices_waiting, open_items
from field_gateway.errands import Errands
from schema.store import Store, StoreUnreachable

SWEEP = 15.0
"""Seconds between looks at the store for what no fact has told."""
SHORTEST_SWEEP = 1.0

log = structlog.get_logger()

Send = Callable[[str, str, bytes, int, UUID], None]


class Pushes:
    """`send` gets (device, topic below down/, body, seconds of life, id). What is open is read from the store."""

    def __init__(
        self,
        store: Store,
        send: Send,
        *,
        errands: Errands | None = None,
        sweep: float = SWEEP,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._send = send
        self._errands = errands or Errands()
        self._sweep = sweep
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._look_around = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pushes", daemon=True)

    def start(self) -> None:
        """Begin with what the store says is open."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def look(self, worker: UUID, *, afresh: bool = False) -> None:
        """Something changed for a worker: send what is new (all that is open, if `afresh`). Raises StoreUnreachable."""
        with self._store.read() as session:
            devices = devices_of(session, worker)
        for device in devices:
            self.look_at(device, afresh=afresh)

    def look_at(self, device: str, *, afresh: bool = False) -> None:
        """Something changed for a device. Raises StoreUnreachable."""
        with self._store.read() as session:
            found = bodies(open_items(session, device, self._store.clock(), unseen=True))
        with self._lock:
            self._errands.want(device, found, self._monotonic(), afresh=afresh)
        self._wake.set()

    def look_around(self) -> None:
        """Something changed, and whom it touches is not said: sweep now."""
        self._look_around.set()
        self._wake.set()

    def sweep(self) -> None:
        """Compare what is open with the store. Raises StoreUnreachable."""
        now = self._store.clock()
        with self._store.read() as session:
            waiting = devices_waiting(session, now)
            found = {device: bodies(open_items(session, device, now, unseen=True)) for device in waiting}
        with self._lock:
            for device in self._errands.devices() - found.keys():
                self._errands.want(device, [], self._monotonic())
            for device, items in found.items():
                self._errands.want(device, items, self._monotonic())

    def send_due(self) -> None:
        """Send what is due and still open. Raises StoreUnreachable."""
        with self._lock:
            due = self._errands.take_due(self._monotonic())
        by_device: dict[str, list[tuple[UUID, int]]] = {}
        for device, id, life in due:
            by_device.setdefault(device, []).append((id, life))
        for device, items in by_device.items():
            with self._store.read() as session:
                found = bodies(open_items(session, device, self._store.clock(), unseen=True))
            for id, life in items:
                if id in found:
                    topic, body = found[id]
                    self._send(device, topic, body, life, id)

    def _run(self) -> None:
        swept = -self._sweep
        while not self._stopping.is_set():
            try:
                # However much happens at once, the whole store is looked at once a second at most.
                pause = SHORTEST_SWEEP if self._look_around.is_set() else self._sweep
                if self._monotonic() - swept >= pause:
                    self._look_around.clear()
                    self.sweep()
                    swept = self._monotonic()
                self.send_due()
            except StoreUnreachable as away:
                log.warning("tasks wait", reason=str(away))
            except Exception:
                log.exception("sending tasks down failed; it goes on")
            self._wake.wait(1.0)
            self._wake.clear()
