"""What the door answers when it does not do what was asked: an object with a code for programs, a text for people."""

import secrets
from typing import Any

import msgspec

LATER = (2, 10)
"""Seconds a handset is asked to wait: spread, so that a crowd that is sent away does not return as one."""

CHALLENGE = 'Gridline realm="handset"'
"""Not "Basic": a browser that hears it asks the worker for a password of its own accord."""


class Problem(Exception):
    """An answer with an HTTP status of 400 and more. `after`: seconds after which it may be tried again."""

    def __init__(self, status: int, code: str, text: str, *, after: float | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text
        self.after = after

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it."""
        found = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        if self.after is not None:
            found["Retry-After"] = str(max(1, round(self.after)))
        if self.status == 401:
            found["WWW-Authenticate"] = CHALLENGE
        return found

    @property
    def body(self) -> bytes:
        """The object."""
        return encode({"error": self.code, "text": self.text})


def encode(value: Any) -> bytes:
    """JSON, as everywhere in the protocol."""
    return msgspec.json.encode(value)


def later() -> float:
    """After how many seconds somebody may come again."""
    low, high = LATER
    return low + secrets.randbelow(high - low + 1)


def busy(text: str = "the server has too much to do; nothing was taken, send it again later") -> Problem:
    """Too much at once, of everybody."""
    return Problem(503, "later", text, after=later())


def too_fast(after: float) -> Problem:
    """Too much at once, of this one."""
    return Problem(429, "later", "too many requests; wait, and send it again", after=after)


def away(reason: str) -> Problem:
    """The database or the disk does not answer."""
    return Problem(503, "later", reason, after=later())


def too_large(limit: int) -> Problem:
    """A body that is never needed."""
    return Problem(413, "too-long", f"a body has at most {limit} bytes")
