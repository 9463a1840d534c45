"""The chain of the audit log: every row's hash is over the row and the hash of the row before it.

Whoever changes, removes, inserts or swaps a row has to make every later hash anew, and then the newest hash (the
head) is another one than was noted elsewhere. Rows are numbered 1, 2, 3 … without gaps. Hashes are SHA-256 in hex; the
hash before row 1 is 64 zeros. The form that is hashed never changes: rows of years past are checked with it.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

START = "0" * 64
_FORM = "gridline audit 1"
_HEAD = re.compile(r"([1-9][0-9]{0,18}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row of the log says. `at` is aware."""

    number: int
    at: datetime
    who: UUID | None
    login: str
    ip: str
    what: str
    subject: str
    allowed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Head:
    """A row's number and hash, as noted somewhere outside the database."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading the whole chain came to: rows that hold, the head, and the first thing wrong ("" for none)."""

    rows: int
    head: Head
    trouble: str = ""


def head_of(text: str) -> Head:
    """A head as it is written down, NUMBER:HASH. Raises ValueError."""
    match = _HEAD.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError(f"{text!r} is no head: write NUMBER:HASH as the log of the site has it")
    return Head(int(match[1]), match[2])


def hash_of(before: str, entry: Entry) -> str:
    """The hash of a row that follows the row with the hash `before`."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    # JSON in an array keeps the fields apart whatever is in them.
    text = json.dumps(
        [_FORM, before, entry.number, at, entry.who.hex if entry.who else None, entry.login, entry.ip, entry.what,
         entry.subject, entry.allowed, entry.reason],
        ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check(rows: Iterable[tuple[Entry, str]], noted: Sequence[Head] = ()) -> Verdict:
    """Read the chain from its first row on, rows in the order of their numbers, each with its hash.

    `noted` are heads of earlier days: the chain must run through each of them. Stops at the first thing wrong.
    """
    wanted = {head.number: head.hash for head in reversed(noted)}
    if len({(head.number, head.hash) for head in noted}) > len(wanted):
        return Verdict(0, Head(0, START), "two noted heads of the same row contradict each other")
    last = Head(0, START)
    for entry, kept in rows:
        number = last.number + 1
        if entry.number != number:
            return Verdict(
                last.number, last, f"row {number} is missing: the next one there is {entry.number}"
            )
        if hash_of(last.hash, entry) != kept:
            why = f"row {number} is not what was written, or not what followed row {last.number}"
            return Verdict(last.number, last, why if last.number else f"row {number} is not what was written")
        if wanted.get(number, kept) != kept:
            return Verdict(
                last.number, last, f"row {number} is another than when its hash was noted: rewritten up to it"
            )
        last = Head(number, kept)
    beyond = [number for number in wanted if number > last.number]
    if beyond:
        return Verdict(
            last.number,
            last,
            f"the log ends at row {last.number}, but row {min(beyond)} was there once: its end was cut off",
        )
    return Verdict(last.number, last)
