"""The room that lets the voice script make return visits: a thread, a beat every few seconds.

Any number may run on one store: who begins calls does so alone.
"""

import threading

import structlog

from schema.desk import autocalls
from schema.store import Store, StoreUnreachable

EVERY = 5.0
log = structlog.get_logger()


class AutoCaller:
    """Starts and stops the thread."""

    def __init__(self, store: Store, every: float = EVERY) -> None:
        self._store, self._every = store, every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="autocaller", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin no more calls; those on the way are followed by whoever runs next."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                autocalls.beat(self._store)
            except StoreUnreachable:
                continue
            except Exception:
                log.exception("automatic calls: a beat failed")
