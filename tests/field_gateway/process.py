"""A gateway as a process of its own that dies with -9 at a chosen point: ``python -m … SITE URL POINT FACT``.

POINT is "never", or "before" or "after" the commit that tells of FACT.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.rig.fieldgateway import run
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


if __name__ == "__main__":
    site, *told = sys.argv[1:]
    run(site, MortalStore(*told))
