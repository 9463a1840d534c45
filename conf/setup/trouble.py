"""What can go wrong at set-up, told in one line: what happened, and how to mend it."""

import errno
import re
from pathlib import Path


class SetupTrouble(Exception):
    """Set-up cannot go on. `what` happened; `mend` says what a person can do about it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}" if mend else what)
        self.what = what
        self.mend = mend


UNREACHABLE = re.compile(
    r"could not connect|connection refused|connection timed out|temporary failure (in name )?resol|could not resolve|"
    r"cannot initiate the connection|unable to connect|network is unreachable|failed to establish a new connection|"
    r"name or service not known|max retries exceeded|read timed out|econnrefused|enotfound|etimedout|eai_again|"
    r"ehostunreach|econnreset|newconnectionerror|no route to host",
    re.IGNORECASE,
)
DISK_FULL = re.compile(
    r"no space left on device|enospc|enough (free )?(disk )?space|disk quota exceeded", re.IGNORECASE
)
NOT_FOUND = re.compile(r"404\s+not found|\b404\b.*not found", re.IGNORECASE)
FULL = (errno.ENOSPC, errno.EDQUOT)


def from_output(doing: str, registry: str, output: str, log: Path) -> SetupTrouble:
    """The trouble behind a failed program, from what it printed. `registry` names the source it asked."""
    if DISK_FULL.search(output):
        return disk_full(doing)
    if UNREACHABLE.search(output):
        return SetupTrouble(
            f"{doing}: {registry} cannot be reached", f"check network and proxy, then again (log: {log})"
        )
    return SetupTrouble(f"{doing} failed ({last_words(output)})", f"see {log}")


def from_oserror(doing: str, error: OSError) -> SetupTrouble:
    """The trouble behind a failed read or write."""
    if error.errno in FULL:
        return disk_full(doing)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetupTrouble(f"{doing} is not permitted", "make it yours, or name another with VAR=")
    return SetupTrouble(f"{doing} failed ({error})", "mend that, then again")


def disk_full(doing: str) -> SetupTrouble:
    """Said the same way wherever it is noticed."""
    return SetupTrouble(
        f"{doing}: the disk is full", "make room, or put var/ elsewhere with VAR=/folder, then again"
    )


def last_words(output: str) -> str:
    """The last telling line that a program printed."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"(E:|error|ERROR|npm (ERR|error)|fatal)", line)]
    return (telling or lines or ["it said nothing"])[-1][:200]
