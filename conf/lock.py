"""A lock on a site's folder: two supervisors must not run one site. It goes with the process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process runs this site; the text says which and what to do."""


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Hold `file` for the length of the block. Raises AlreadyRunning, OSError when it cannot be made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = held.read().strip() or "another process"
            raise AlreadyRunning(
                f"this site is up already (pid {owner}, {file}): end it, or set GRIDLINE_VAR to another folder"
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
