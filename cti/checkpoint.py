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


def save(file: Path, mark: Mark, rows: Mark, memory: Memory, floor: FloorState) -> None:
    """Write it whole or not at all. Raises OSError."""
    draft = file.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        kept = Checkpoint(VERSION, mark.epoch, mark.sequence, (rows.epoch, rows.sequence), memory, floor)
        out.write(msgspec.msgpack.encode(kept))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def load(file: Path, rows: Mark) -> Checkpoint | None:
    """What was kept; None when there is nothing, it cannot be read, or it is ahead of the `rows`."""
    try:
        found = msgspec.msgpack.decode(file.read_bytes(), type=Checkpoint)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        log.warning("the checkpoint cannot be read; the rows are taken instead", reason=str(error))
        return None
    return found if found.version == VERSION and Mark(*found.rows) <= rows else None
