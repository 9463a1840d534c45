"""The processes of the browser that a test drives, and a machine whose line is cut: nothing says good-bye."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def silent(pids: list[int]) -> Iterator[None]:
    """These processes say and hear nothing for the length of the block."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def chromium() -> list[int]:
    """The processes of the browser that this one started."""
    found, below = [], [os.getpid()]
    while below:
        pid = below.pop()
        for task in Path(f"/proc/{pid}/task").iterdir():
            below += [int(child) for child in (task / "children").read_text().split()]
        if b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes().partition(b"\0")[0]:
            found.append(pid)
    assert found
    return found
