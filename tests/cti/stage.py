"""A play on a tape, ledgers that write it down, and everything that is written."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from cti import checkpoint
from cti.floor import Floor
from cti.ledger import Ledger
from cti.tape import Mark, Reader, Tape, new_epoch
from schema.base import table_of
from schema.calls import (
    CallRow,
    CallStep,
    LegRow,
    MenuWalk,
    QueueEntryRow,
    SeatSpellRow,
    SegmentRow,
    TransferRow,
)
from schema.desk import marks
from schema.desk.books import UNSAID
from schema.outbox import OutboxRow
from schema.store import Store
from tests.cti.play import ZONE, Caller, Play


class Stage:
    """A play that is taped, and ledgers that write it down."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.checkpoint = checkpoint.file_of(folder, "pbx1")
        self.play = Play()
        self.tape = Tape(folder, "pbx1", new_epoch(folder, "pbx1", Mark()))
        self._taped = 0
        self._ledgers: list[Ledger] = []

    def taped(self) -> None:
        """Put what was played since on the tape."""
        for frame in self.play.tape[self._taped :]:
            self.tape.append([frame.raw], frame.monotonic, frame.at)
        self._taped = len(self.play.tape)

    def ledger(self) -> Ledger:
        """A ledger as a process that starts has it: with what the checkpoint tells."""
        with self.store.read() as session:
            mark = Mark(*marks.behind(session, "pbx1"))
        known = checkpoint.load(self.checkpoint, mark)
        floor = Floor(ZONE)
        floor.restore(known.floor)
        reader = Reader(self.folder, "pbx1", known.mark)
        ledger = Ledger(self.store, reader, "pbx1", known.memory, floor=floor, checkpoint=self.checkpoint)
        self._ledgers.append(ledger)
        return ledger

    def close(self) -> None:
        for ledger in self._ledgers:
            ledger.stop(0.1)
        self.tape.close()

    def written(self) -> dict[str, Any]:
        """Everything there is, in order, without what chance or the clock of the store put there."""
        with self.store.read() as session:

            def every(table: Any, *but: str) -> list[tuple[Any, ...]]:
                names = [c.key for c in table_of(table).columns if c.key not in but]
                rows = session.scalars(select(table).order_by(*table_of(table).primary_key.columns))
                return [tuple(getattr(row, name) for name in names) for row in rows]

            return {
                "calls": every(CallRow), "legs": every(LegRow), "steps": every(CallStep, "id"),
                "entries": every(QueueEntryRow), "segments": every(SegmentRow),
                "walks": every(MenuWalk), "spells": every(SeatSpellRow),
                "transfers": every(TransferRow),
                "said": [
                    (o.name, o.at, o.contact, o.body)
                    for o in session.scalars(select(OutboxRow).order_by(OutboxRow.id))
                ],
            }  # fmt: skip


def ledger_all(stage: Stage) -> None:
    """Everything on the tape into the rows, undisturbed."""
    ledger = stage.ledger()
    while ledger.step():
        pass


def a_busy_hour(play: Play) -> None:
    play.seat()
    for stage in ("ivr", "queue", "net", "ringing", "talking"):
        caller = play.brought(Caller(stage), stage)
        play.told(caller, "MenusWalked", Path="language:1", Left="main" if stage == "ivr" else "")
        play.wait(3)
        if stage == "talking":
            play.told(
                caller,
                "Recording",
                leg=caller.legs[0],
                Name=f"{caller.id}_{caller.call}_101_{caller.legs[0]}",
                Seat="101",
            )
        if stage == "ringing":
            play.fails(caller)
            play.waits(caller, returning=True)
        play.wait(3)
        play.hangs_up(caller)


def said(play: Play) -> list[str]:
    """The facts that somebody is told of."""
    return [type(fact).__name__ for fact in play.facts if type(fact) not in UNSAID]
