"""Keeping the tape of a test's site: copied when the site ends, without what is this machine's alone."""

import os
from pathlib import Path

from conf.settings import Settings
from cti.replay import nodes
from cti.tape import Mark, Reader, Tape

WHERE = "GRIDLINE_KEEP_TAPES"
"""The environment variable that names a folder: every site that ends leaves its tapes there, in a folder each."""


def keep(settings: Settings) -> None:
    """Keep the tapes of a site that has ended, if that is asked for."""
    if where := os.environ.get(WHERE):
        into = Path(where) / f"{len(list(Path(where).iterdir())) + 1:02d}"
        for node in nodes(settings.tape):
            copy(settings.tape, node, into, str(settings.var).encode())


def copy(folder: Path, node: str, into: Path, here: bytes) -> None:
    """Copy a node's tape, an epoch a file; the path `here` becomes /var/gridline."""
    reader, tape = Reader(folder, node, Mark()), None
    while frames := reader.read():
        for frame in frames:
            if tape is None or tape.epoch != frame.epoch:
                if tape is not None:
                    tape.close()
                tape = Tape(into, node, frame.epoch, segment=1 << 40)
            tape.append([frame.raw.replace(here, b"/var/gridline")], frame.monotonic, frame.at)
    reader.close()
    if tape is not None:
        tape.close()
