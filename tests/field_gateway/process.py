"""A gateway as a process of its own that dies with -9 at a chosen point: ``python -m … SITE URL POINT FACT``.

POINT is "never", or "before" or "after" the commit that tells of FACT.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conf.settingsfile import load
from field_gateway.service import Gateway
from schema.bus_memory import MemoryBus
from schema.relay import Relay
from schema.store import Store, UnitOfWork


class MortalStore(Store):
    """A store whose process is killed around the commit that tells of a fact."""

    def __init__(self, url: str, point: str, fact: str) -> None:
        super().__init__(url)
        self._point, self._fact = point, fact

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """A unit of work that the process may not survive."""
        with super().work() as work:
            yield work
            work.session.flush()
            self._die_at("before", work)
        self._die_at("after", work)

    def _die_at(self, point: str, work: UnitOfWork) -> None:
        if point == self._point and any(type(fact).__name__ == self._fact for fact in work.spoken):
            os.kill(os.getpid(), signal.SIGKILL)


def main(site: str, url: str, point: str, fact: str) -> None:
    """Run until killed."""
    store = MortalStore(url, point, fact)
    bus = MemoryBus(store)
    relay, gateway = Relay(store, bus), Gateway(load(Path(site)), store, bus)
    bus.start()
    relay.start()
    gateway.start()
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
