"""The recordings room as a service: listens on the bus, and sweeps the spool at start and every minute."""

import threading
from typing import Any

import structlog

from conf.settings import Settings
from recordings.ledger import Ledger
from recordings.vault import Vault
from schema.bus import Bus, Envelope
from schema.facts import RecordingStarted, RecordingStopped
from schema.store import Store, StoreUnreachable

SWEEP_EVERY = 60.0
log = structlog.get_logger()


class Recordings:
    """Keeps every recorded leg of this node."""

    def __init__(self, settings: Settings, store: Store, bus: Bus) -> None:
        self._ledger = Ledger(store, Vault(settings.vault, settings.spool), settings.pbx.node)
        self._stopping = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep, name="recordings", daemon=True)
        bus.subscribe(f"recordings-{settings.pbx.node}", (RecordingStarted, RecordingStopped), self._hear)

    def start(self) -> None:
        """Begin to sweep."""
        self._sweeper.start()

    def stop(self) -> None:
        """Sweep no more."""
        self._stopping.set()
        if self._sweeper.is_alive():
            self._sweeper.join(5)

    def _hear(self, envelope: Envelope) -> None:
        message: Any = envelope.message
        if isinstance(message, RecordingStarted):
            self._ledger.started(message)
        elif isinstance(message, RecordingStopped):
            self._ledger.stopped(message)

    def _sweep(self) -> None:
        while True:
            try:
                if kept := self._ledger.sweep():
                    log.info("recordings were taken in from the spool", count=kept)
            except (StoreUnreachable, OSError) as error:
                log.warning("the spool could not be swept; it is tried again", reason=str(error))
            if self._stopping.wait(SWEEP_EVERY):
                return
