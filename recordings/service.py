"""The recordings room as a service: listens on the bus, and sweeps the spool at start and every minute."""

import threading
import time
from typing import Any

import structlog

from conf.settings import Settings
from recordings.beginnings import Beginnings
from recordings.ledger import Ledger
from recordings.packer import Packer
from recordings.retention import Retention
from recordings.space import rooms, watched
from recordings.spool import Spool
from recordings.vault import shelf_of
from schema.bus import Bus, Envelope
from schema.desk.spacealarms import saw
from schema.facts import RecordingPaused, RecordingResumed, RecordingStarted, RecordingStopped
from schema.store import Store, StoreUnreachable

LOOK_EVERY = 0.02
SWEEP_EVERY, ERASE_EVERY = 60.0, 3600.0
HEARD = (RecordingStarted, RecordingPaused, RecordingResumed, RecordingStopped)
log = structlog.get_logger()


class Recordings:
    """Keeps every recorded leg of this node. The bus only tells; files are moved on threads of this room."""

    def __init__(self, settings: Settings, store: Store, bus: Bus) -> None:
        self._store = store
        self._packer = Packer(settings)
        self._ledger = Ledger(
            store, Spool(settings.spool), self._packer, settings.pbx.node, unsealed=settings.vault / "recordings"
        )  # fmt: skip
        self._beginnings = Beginnings(lambda facts: self._ledger.started(*facts))
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep, name="recordings", daemon=True),
            threading.Thread(target=self._sweep, name="recordings sweep", daemon=True),
        ]
        # One room of a site erases: the one of its first PBX.
        first = settings.pbx.node == settings.first
        self._retention = Retention(store, shelf_of(settings)) if first else None
        self._rooms, self._erase_at = settings, 0.0
        bus.subscribe(f"recordings-{settings.pbx.node}", HEARD, self._hear)

    def start(self) -> None:
        """Begin to keep and to sweep."""
        self._beginnings.start()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the file in hand. What is still expected is swept in at the next start."""
        self._stopping.set()
        self._news.set()
        self._beginnings.stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(5)
        self._packer.stop()

    def _hear(self, envelope: Envelope) -> None:
        message: Any = envelope.message
        if isinstance(message, RecordingStarted):
            self._packer.warm()
            self._beginnings.add(message)
        elif isinstance(message, RecordingPaused):
            self._beginnings.write()
            self._ledger.paused(message)
        elif isinstance(message, RecordingResumed):
            self._beginnings.write()
            self._ledger.resumed(message)
        elif isinstance(message, RecordingStopped):
            self._ledger.stopped(message)
            self._news.set()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            try:
                self._ledger.look()
            except Exception:  # one odd file must not end the keeping of all others
                log.exception("looking for closed recordings failed; it is tried again")
                self._stopping.wait(1)
            if self._ledger.expects:
                self._stopping.wait(LOOK_EVERY)
            else:
                self._news.wait()

    def _sweep(self) -> None:
        while not self._stopping.is_set():
            try:
                if kept := self._ledger.sweep():
                    log.info("recordings were taken in from the spool", count=kept)
            except StoreUnreachable as error:
                log.warning("the spool could not be swept; it is tried again", reason=str(error))
            except Exception:
                log.exception("sweeping the spool failed; it is tried again")
            self._look_around()
            self._stopping.wait(SWEEP_EVERY)

    def _look_around(self) -> None:
        """Erase what is over, once an hour; say where there is too little room."""
        if self._retention is not None and time.monotonic() >= self._erase_at:
            self._erase_at = time.monotonic() + ERASE_EVERY
            try:
                if erased := self._retention.sweep():
                    log.info("recordings whose time was over were erased", count=erased)
            except (StoreUnreachable, OSError) as error:
                log.warning("what is over could not be erased; it is tried again", reason=str(error))
        for place in rooms(self._rooms):
            if place.low:
                log.error("the disk of the recordings is nearly full", what=place.what, free=place.free,
                          total=place.total)  # fmt: skip
        try:
            with self._store.work() as work:
                saw(work, self._rooms.pbx.node, watched(self._rooms), self._rooms.recordings.low_percent)
        except StoreUnreachable as error:
            log.warning("an alarm about room could not be written down; it is tried again", reason=str(error))
