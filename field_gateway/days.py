"""The room that closes the books of the field: each day, after midnight, the digest of the day before is made.

Of days that are signed, and longer ago than positions are kept, the ledger lets go of the messages of positions: their
digest goes on to say how many there were, and what.
"""

import threading
from datetime import date, timedelta

import structlog

from field_gateway.digests import SETTLED, Digests, span
from field_gateway.sitekey import BadKey
from schema.desk import inbox
from schema.store import StoreUnreachable

EVERY = 60.0
SLICE = 5_000
"""Messages of one commit that are let go."""

log = structlog.get_logger()


class Days:
    """Any number may run on one site: the first one makes it."""

    def __init__(self, digests: Digests) -> None:
        self._digests = digests
        self._gone: date | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="digests", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def close(self) -> list[str]:
        """Make the digests of days that are over; gives their files. Raises StoreUnreachable, OSError, BadKey."""
        store, made = self._digests.store, []
        over = (store.clock() - SETTLED).astimezone(store.zone).date()
        days = self._digests.days()
        day = days[-1] + timedelta(days=1) if days else self._digests.first()
        while day is not None and day < over and not self._stopping.is_set():
            file = self._digests.make(day)
            log.info("the day's digest of the field is made", file=str(file))
            made.append(file.name)
            day += timedelta(days=1)
        return made

    def let_go(self) -> int:
        """Let go of messages of positions as old as that; of how many. Raises StoreUnreachable."""
        store, total = self._digests.store, 0
        for day in self._digests.days():
            if (self._gone is not None and day <= self._gone) or not self._digests.is_old(day):
                continue
            gone = SLICE
            while gone == SLICE and not self._stopping.is_set():
                with store.work() as work:
                    gone = inbox.let_go(work, *span(day, store.zone), SLICE)
                total += gone
            if self._stopping.is_set():
                break
            self._gone = day
        if total:
            log.info("old positions were let go from the ledger", messages=total)
        return total

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.close()
                self.let_go()
            except StoreUnreachable:
                pass  # told by everybody else; it is tried again
            except (OSError, BadKey) as why:
                log.error("the day's digest of the field cannot be made", reason=str(why))
            except Exception:
                log.exception("the day's digest of the field failed")
            self._stopping.wait(EVERY)
