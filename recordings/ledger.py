"""The ledger: facts about recordings become rows; files move from the spool to the vault; nothing stays unowned."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from recordings.vault import SpoolEmpty, Vault
from recordings.wav import NotAudio
from schema.desk import recordings as desk
from schema.facts import RecordingStarted, RecordingStopped
from schema.store import Store

DONE_WAIT = 10.0
LOOK_EVERY = 0.02
STALE_AFTER = 120.0
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Named:
    """The ids that a spool file's name carries: ``<contact>_<call>_<seat>_<uniqueid>``."""

    contact: UUID
    call: UUID
    seat: str
    leg: str


def read_name(name: str) -> Named | None:
    """What a name says; None for a name that is not ours."""
    parts = name.split("_")
    if len(parts) != 4:
        return None
    with suppress(ValueError):
        return Named(UUID(parts[0]), UUID(parts[1]), parts[2], parts[3])
    return None


class Ledger:
    """Keeps recordings of one `node`. `sleep` and `now` are time, in seconds."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        node: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._vault = vault
        self._node = node
        self._sleep = sleep
        self._now = now
        self._one = threading.Lock()  # the sweep and the bus may come to the same files

    def started(self, fact: RecordingStarted) -> None:
        """A leg is being recorded."""
        if fact.contact is None:
            return
        with self._store.work() as work:
            desk.begin(work, contact=fact.contact, call=fact.call, node=fact.node, leg=fact.leg, seat=fact.seat,
                       name=fact.name, at=fact.at)  # fmt: skip

    def stopped(self, fact: RecordingStopped) -> None:
        """The leg is over: wait for the PBX to close the files, then keep them."""
        if fact.node != self._node or read_name(fact.name) is None:
            return
        end = self._now() + DONE_WAIT
        while not self._vault.is_done(fact.name) and self._now() < end and self._vault.names():
            self._sleep(LOOK_EVERY)
        self.keep(fact.name, fact.at)

    def keep(self, name: str, at: datetime | None = None) -> bool:
        """Take one recording into the vault; True when it is kept now. Safe to repeat after any crash."""
        with self._one:
            return self._keep(name, at)

    def _keep(self, name: str, at: datetime | None) -> bool:
        named = read_name(name)
        if named is None:
            log.warning(
                "a recording belongs to nobody and was set aside",
                name=name,
                folder=str(self._vault.set_aside(name)),
            )
            return False
        with self._store.work() as work:
            row = desk.begin(work, contact=named.contact, call=named.call, node=self._node, leg=named.leg,
                             seat=named.seat, name=name, at=at)  # fmt: skip
        if row.state == "kept":
            self._vault.forget(name)
            return True
        try:
            when = (
                row.started_at
                or at
                or datetime.fromtimestamp(self._vault.last_change(name) or self._now(), UTC)
            )
            taken = self._vault.take(name, row.id, when, visit=named.seat == "visit")
        except (SpoolEmpty, NotAudio) as error:
            log.error("a recording is missing", contact=str(named.contact), name=name, reason=str(error))
            with self._store.work() as work:
                desk.miss(work, row.id, str(error))
            return False
        with self._store.work() as work:
            desk.keep(work, row.id, seconds=taken.seconds, paths=taken.paths, hashes=taken.hashes)
        self._vault.forget(name)
        return True

    def sweep(self) -> int:
        """Take in what a crash left in the spool: closed files, and files that have not grown for two minutes.

        Rows whose files are nowhere become missing. Returns how many were kept.
        """
        kept = 0
        names = set(self._vault.names())
        for name in names:
            if self._vault.is_done(name) or self._now() - self._vault.last_change(name) > STALE_AFTER:
                kept += self.keep(name)
        with self._store.read() as session:
            lost = [
                row for row in desk.unfinished(session) if row.node == self._node and row.name not in names
            ]
        for row in lost:
            if row.started_at is None or self._now() - row.started_at.timestamp() > STALE_AFTER:
                kept += self.keep(row.name)
        return kept
