"""The intake: whatever is heard goes on the tape first, then to who understands it, in the order of the tape.

Notes of our own come in the same way. One that is written while something is being heard is heard after it.
"""

import fcntl
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from cti.ami import message
from cti.handoff import Handoff
from cti.notes import Note
from cti.tape import Heard, Mark, Tape, new_epoch
from cti.twin import Entry, Told

log = structlog.get_logger()


class Intake:
    """One node's. `hear` understands a frame of the tape; `heard` is told after each bundle whether any fact came.

    `utc` is the time of day. Nothing is taken before `open` and after `stop`.
    """

    def __init__(
        self,
        node: str,
        folder: Path,
        *,
        utc: Callable[[], datetime],
        hear: Callable[[Heard], Told],
        heard: Callable[[bool], None],
    ) -> None:
        self._node, self._folder, self._utc = node, folder, utc
        self._hear, self._heard = hear, heard
        self._lock = -1
        self.tape: Tape | None = None
        self._tape_ok = True
        self._hearing_now = False
        self._notes: list[Note] = []
        self._handoff: Handoff | None = None

    def claim(self) -> None:
        """Be the one process that keeps this tape. Raises RuntimeError when another does."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._folder / f"{self._node}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RuntimeError(
                f"another process already keeps the tape of {self._node} in {self._folder}"
            ) from None

    def open(
        self, behind: Mark, known: Mark, state: Callable[[], tuple[msgspec.Raw, msgspec.Raw]]
    ) -> Handoff:
        """Begin an epoch after `behind`; what comes is handed on after `known`, with the `state` as it then is."""
        self.tape = Tape(self._folder, self._node, new_epoch(self._folder, self._node, behind))
        self._handoff = Handoff(known, state)
        return self._handoff

    def turn(self) -> None:
        """A new session of the ears: a new epoch."""
        if self.tape is not None:
            self.tape.close()
            behind = Mark(self.tape.epoch, self.tape.sequence)
            self.tape = Tape(self._folder, self._node, new_epoch(self._folder, self._node, behind))

    def stop(self) -> None:
        """Take nothing more."""
        tape, self.tape = self.tape, None
        if tape is not None:
            tape.close()

    def close(self) -> None:
        """Let another process have the tape."""
        self.stop()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def write(self, note: Note) -> None:
        """Put a note of our own on the tape and hear it, after whatever is being heard now."""
        self._notes.append(note)
        if not self._hearing_now:
            self.take([], time.monotonic_ns(), self._utc())

    def take(self, events: list[bytes], monotonic: int, at: datetime) -> None:
        """Take in what the PBX said at one moment."""
        self._hearing_now = True
        changed = False
        try:
            while events or self._notes:
                notes, self._notes = self._notes, []
                entries: list[Entry] = []
                for frame in self._on_tape([*events, *(message(note) for note in notes)], monotonic, at):
                    told = self._hear(frame)
                    changed = changed or bool(told)
                    if frame.sequence:
                        entries.append((Mark(frame.epoch, frame.sequence), told))
                if self._handoff is not None:
                    self._handoff.give(entries)
                events = []
        finally:
            self._hearing_now = False
        self._heard(changed)

    def _on_tape(self, raw: list[bytes], monotonic: int, at: datetime) -> list[Heard]:
        if self.tape is None:
            return []
        try:
            stamped = self.tape.append(raw, monotonic, at)
            if not self._tape_ok:
                log.info("the tape takes events again")
            self._tape_ok = True
            return stamped
        except OSError as error:
            # Routing goes on: the callers matter more than their records.
            if self._tape_ok:
                log.error("the tape takes no events; calls go on unrecorded in the books", reason=str(error))
            self._tape_ok = False
            return [Heard(self._node, self.tape.epoch, 0, monotonic, at, event) for event in raw]
