"""The ledger: facts about recordings become rows; files move from the spool to the vault; nothing stays unowned."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

import structlog

from recordings.names import Named, read_name
from recordings.spool import Spool
from recordings.vault import NothingToTake, place_of
from recordings.wav import NotAudio
from schema.desk import recordings as desk
from schema.desk.recordings import SideFile
from schema.facts import RecordingPaused, RecordingResumed, RecordingStarted, RecordingStopped
from schema.recordings import ERASED, KEPT, SIDES
from schema.sealing import BadSeal
from schema.store import Store, StoreUnreachable

DONE_WAIT = 10.0
STALE_AFTER = 120.0
AGAIN_AFTER, AGAIN_AT_MOST = 1.0, 60.0
MOST_EXPECTED = 500
"""Where the vault cannot keep up, what comes beyond these lies in the spool and is left to the sweeps, so many each."""
log = structlog.get_logger()


class Takes(Protocol):
    """What takes the sides of a recording into the vault (see `recordings.vault.Vault.take`)."""

    def take(self, recording: UUID, sources: Mapping[str, Path]) -> tuple[float, list[SideFile]]:
        """The seconds, and the files that are in the vault now."""


@dataclass(slots=True)
class Expected:
    """A leg that is over and whose files are to be closed any moment. Monotonic seconds; `pause` before a next try."""

    at: datetime
    until: float
    not_before: float = 0.0
    pause: float = AGAIN_AFTER


class Ledger:
    """Keeps recordings of one `node`. `wall` is Unix seconds, `clock` monotonic seconds.

    `unsealed` is the vault's folder of a site that kept recordings before they were sealed: what lies there is taken.
    `most` legs are expected at a time, and taken by a sweep.
    """

    def __init__(
        self,
        store: Store,
        spool: Spool,
        vault: Takes,
        node: str,
        *,
        unsealed: Path | None = None,
        most: int = MOST_EXPECTED,
        wall: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._spool = spool
        self._vault = vault
        self._node = node
        self._unsealed, self._most = unsealed, most
        self._wall = wall
        self._clock = clock
        self._one = threading.Lock()  # the sweep and the keeper may come to the same files
        self._rows = threading.Lock()  # and, with who hears of them, to the same row
        self._expected: dict[str, Expected] = {}

    @property
    def expects(self) -> bool:
        """Whether files are about to be closed: look often."""
        return bool(self._expected)

    def started(self, *facts: RecordingStarted) -> None:
        """Legs are being recorded."""
        mine = []
        for fact in facts:
            if fact.node != self._node:
                continue
            if (named := read_name(fact.name)) is None:
                log.error("a recording has a name that says nothing and gets no row", name=fact.name[:120])
                continue
            mine.append((fact, named))
        if mine:
            with self._rows, self._store.work() as work:
                for fact, named in mine:
                    desk.begin(work, contact=named.contact, call=named.call, node=self._node, leg=named.leg,
                               seat=named.seat, name=fact.name, at=fact.at)  # fmt: skip

    def paused(self, fact: RecordingPaused) -> None:
        """Nothing of a leg is recorded from now on, by order."""
        if fact.node == self._node:
            with self._store.work() as work:
                desk.pause(work, node=self._node, leg=fact.leg, seat=fact.seat, at=fact.at)

    def resumed(self, fact: RecordingResumed) -> None:
        """A leg is recorded again."""
        if fact.node == self._node:
            with self._store.work() as work:
                desk.resume(work, node=self._node, leg=fact.leg, at=fact.at, by_itself=fact.by_itself)

    def stopped(self, fact: RecordingStopped) -> None:
        """The leg is over: its files are expected. Returns at once; `look` takes them, or a sweep when it is one of
        too many."""
        if len(self._expected) < self._most and fact.node == self._node and read_name(fact.name) is not None:
            self._expected.setdefault(fact.name, Expected(fact.at, self._clock() + DONE_WAIT))

    def look(self) -> int:
        """Keep what was expected and is closed now, or was left behind by a PBX that died. Returns how many."""
        kept = 0
        for name, expected in list(self._expected.items()):
            now = self._clock()
            if now < expected.not_before:
                continue
            done = self._spool.is_done(name)
            if not done and now < expected.until:
                continue
            if not done and self._spool.is_open(name):
                log.warning("a recording is still being written after its leg ended; it is looked at again",
                            name=name)  # fmt: skip
                expected.not_before = now + DONE_WAIT
                continue
            try:
                kept += self.keep(name, expected.at)
                del self._expected[name]
            except (StoreUnreachable, BadSeal, OSError) as error:
                log.warning("a recording could not be kept; it is tried again", name=name, reason=str(error))
                expected.not_before = self._clock() + expected.pause
                expected.pause = min(2 * expected.pause, AGAIN_AT_MOST)
        return kept

    def keep(self, name: str, ended: datetime | None = None) -> bool:
        """Take one recording into the vault; True when it is kept now. Safe to repeat after any crash.

        Raises StoreUnreachable, BadSeal and OSError, with the files still in the spool.
        """
        with self._one:
            named = read_name(name)
            if named is not None:
                return self._keep(name, named, ended)
            aside = self._spool.set_aside(name)
            log.error("a recording belongs to nobody and was set aside", name=name[:120], folder=str(aside))
            return False

    def sweep(self) -> int:
        """Take in what a crash left in the spool: closed files, and files that nobody writes any more.

        Rows whose files are nowhere become missing. Returns how many were kept. Raises StoreUnreachable.
        """
        kept = 0
        old = datetime.fromtimestamp(self._wall() - STALE_AFTER, UTC)
        with self._store.read() as session:
            lost = set(desk.unfinished(session, self._node, old))
        names = set(
            self._spool.names()
        )  # looked at later than the rows: what begins now has files, or no old row
        for name in sorted(names - set(self._expected)):
            if kept == self._most:
                break
            if self._spool.is_done(name) or self._is_left(name):
                try:
                    kept += self.keep(name)
                except (BadSeal, OSError) as error:
                    log.warning(
                        "a recording could not be swept in; it is tried again", name=name, reason=str(error)
                    )
        self._spool.forget_lone_marks(self._wall() - STALE_AFTER)
        for name in sorted(lost - names):
            kept += self.keep(name)
        return kept

    def _is_left(self, name: str) -> bool:
        return self._wall() - self._spool.last_change(name) > STALE_AFTER and not self._spool.is_open(name)

    def _keep(self, name: str, named: Named, ended: datetime | None) -> bool:
        with self._rows, self._store.work() as work:
            row = desk.begin(work, contact=named.contact, call=named.call, node=self._node, leg=named.leg,
                             seat=named.seat, name=name, at=None)  # fmt: skip
        if row.state in (KEPT, ERASED):
            self._spool.forget(name)
            return True
        if ended is None:
            ended = datetime.fromtimestamp(self._spool.last_change(name) or self._wall(), UTC)
        sources, old = self._spool.sides(name, visit=named.seat == "visit"), self._old(row.id)
        if old and not any(source.exists() for source in sources.values()):
            sources = old
        try:
            seconds, files = self._vault.take(row.id, sources)
        except (NothingToTake, NotAudio) as error:
            aside = self._spool.set_aside(name)
            reason = str(error) + (f" (set aside in {aside.name})" if aside else "")
            log.error("a recording is missing", contact=str(named.contact), name=name, reason=reason)
            with self._store.work() as work:
                desk.miss(work, row.id, reason)
            return False
        with self._store.work() as work:
            desk.resume(work, node=self._node, leg=named.leg, at=ended)
            started_at = ended - timedelta(seconds=seconds)
            desk.keep(work, row.id, seconds=seconds, files=files, started_at=started_at)
        self._spool.forget(name)
        for file in old.values():
            file.unlink(missing_ok=True)
        return True

    def _old(self, recording: UUID) -> dict[str, Path]:
        """The unsealed files of a recording; empty but where they were kept by an earlier version."""
        if self._unsealed is None:
            return {}
        files = {side: self._unsealed / place_of(recording) / f"{side}.wav" for side in SIDES}
        return files if any(file.exists() for file in files.values()) else {}
