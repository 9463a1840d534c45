"""The checkpoint: what the records' own hearing and floor know at a mark, in a file beside the tape.

Written after the commit of that mark, so it is never ahead of the rows. A restart takes it and hears the tape from
there; without one, memory and floor are read off the rows.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from cti.floor import FloorState
from cti.memory import Memory
from cti.tape import Mark

VERSION = 1
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Memory and floor at a mark; `rows` is how far the rows were then (facts came with none of what lies between).

    `version` is that of this form.
    """

    version: int
    epoch: str
    sequence: int
    rows: tuple[str, int]
    memory: Memory
    floor: FloorState

    @property
    def mark(self) -> Mark:
        """How far on the tape it stands."""
        return Mark(self.epoch, self.sequence)


def file_of(folder: Path, node: str) -> Path:
    """Where a node's checkpoint is."""
    return folder / f"{node}.checkpoint"


def packed(memory: Memory, floor: FloorState) -> tuple[msgspec.Raw, msgspec.Raw]:
    """Both as they are kept."""
    return msgspec.Raw(msgspec.msgpack.encode(memory)), msgspec.Raw(msgspec.msgpack.encode(floor))


def save(file: Path, mark: Mark, rows: Mark, memory: msgspec.Raw, floor: msgspec.Raw) -> None:
    """Write it whole or not at all. Raises OSError."""
    kept = {"version": VERSION, "epoch": mark.epoch, "sequence": mark.sequence, "rows": tuple(rows), "memory": memory,
            "floor": floor}  # fmt: skip
    draft = file.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(msgspec.msgpack.encode(kept))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def load(file: Path, rows: Mark) -> Checkpoint:
    """What was kept; an empty one at the beginning of the tape when there is none, it cannot be read, or it is ahead of
    the `rows` (which were put back from a copy)."""
    try:
        found = msgspec.msgpack.decode(file.read_bytes(), type=Checkpoint)
        if found.version != VERSION:
            raise ValueError(f"version {found.version}")
        if Mark(*found.rows) <= rows:
            return found
        reason = "it is ahead of the rows"
    except FileNotFoundError:
        reason = "there is none"
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        reason = f"it cannot be read: {error}"
    if rows != Mark():
        log.warning("no checkpoint to begin with; hearing all of the tape that is kept", reason=reason)
    return Checkpoint(VERSION, "", 0, ("", 0), Memory(), FloorState())
