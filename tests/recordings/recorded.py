"""Recorded legs as the PBX leaves them in the spool, for tests."""

import itertools
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from conf.settings import Settings
from demo.phone import write_tone
from recordings.ledger import Ledger
from recordings.spool import Spool
from recordings.vault import Vault
from schema.facts import RecordingStarted, RecordingStopped
from schema.ids import CallId, ContactId, uuid7
from schema.store import Store

LEGS = itertools.count(1)
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


class Recorded:
    """One recorded leg: its name, its facts, and its three files."""

    def __init__(self, settings: Settings, contact: UUID | None = None, seat: str = "101") -> None:
        self.folder = settings.spool
        self.contact = ContactId(contact or uuid7())
        self.call = CallId(self.contact)
        self.seat = seat
        self.leg = f"1795524503.{next(LEGS)}"
        self.name = f"{self.contact}_{self.call}_{seat}_{self.leg}"

    def fill(self, seconds: float = 1, *, done: bool = True) -> "Recorded":
        """Write the files: the seat speaks 1000 Hz, the citizen 440 Hz."""
        for ending, hertz in ((".wav", 700), (".rx.wav", 1000), (".tx.wav", 440)):
            write_tone(self.folder / f"{self.name}{ending}", hertz, seconds)
        if done:
            (self.folder / f"{self.name}.done").touch()
        return self

    def started(self) -> RecordingStarted:
        """The fact that the leg is being recorded."""
        return RecordingStarted(
            at=AT,
            contact=self.contact,
            call=self.call,
            node="pbx1",
            leg=self.leg,
            name=self.name,
            seat=self.seat,
        )

    def stopped(self) -> RecordingStopped:
        """The fact that the leg is over."""
        return RecordingStopped(
            at=AT,
            contact=self.contact,
            call=self.call,
            node="pbx1",
            leg=self.leg,
            name=self.name,
            seat=self.seat,
        )

    def left(self) -> list[Path]:
        """What is still in the spool."""
        return sorted(self.folder.iterdir())


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


def ledger_of(settings: Settings, store: Store, clock: Clock | None = None) -> Ledger:
    """A ledger of node pbx1 over a site's folders."""
    spool, vault = Spool(settings.spool), Vault.of(settings)
    if clock is None:
        return Ledger(store, spool, vault, "pbx1")
    return Ledger(store, spool, vault, "pbx1", wall=clock, clock=clock)


def keep(settings: Settings, store: Store, recorded: Recorded) -> None:
    """Keep a leg that is over."""
    ledger = ledger_of(settings, store)
    ledger.started(recorded.started())
    ledger.stopped(recorded.stopped())
    assert ledger.look() == 1
