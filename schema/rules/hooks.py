"""Webhooks: how a message is signed (Standard Webhooks 1.0), what an answer means, and when to try again. Pure."""

import base64
import hmac
from datetime import datetime, timedelta
from uuid import UUID

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
OVERLAP = timedelta(hours=24)
"""For so long an old secret signs beside the new one."""
AWAY = frozenset({408, 425, 429, 502, 503, 504})
"""What says that nobody could look at the message; any other answer but 2xx is about the message itself."""


def secret_of(site: str, hook: UUID, generation: int) -> str:
    """The secret of a subscription in one of its generations, as a receiver is told it. Raises ValueError."""
    if not site:
        raise ValueError("the site has no secret to make others of")
    made = hmac.digest(site.encode(), b"webhook " + hook.bytes + generation.to_bytes(4, "big"), "sha256")
    return "whsec_" + base64.b64encode(made).decode()


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message under one secret: "v1," and base64 of HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(signed).decode()


def verdict(status: int | None) -> str:
    """What an answer (None: there was none) means: delivered, gone, away or refused."""
    if status is None or status in AWAY:
        return "away"
    if 200 <= status < 300:
        return "delivered"
    return "gone" if status == 410 else "refused"


def pause(tries: int, chance: float, asked: float | None = None) -> timedelta:
    """How long to wait after so many tries (from 1): doubled each time, `chance` (0 to 1) off by up to a fifth.

    `asked` are the seconds that a receiver wants us to wait; up to the longest pause it gets its way.
    """
    doubled: timedelta = FIRST_PAUSE * (1 << min(max(tries, 1) - 1, 20))
    found = min(doubled, LONGEST_PAUSE) * (0.8 + 0.4 * chance)
    wanted = timedelta(seconds=min(max(asked or 0.0, 0.0), LONGEST_PAUSE.total_seconds()))
    return max(found, wanted)


def over(since: datetime, next_at: datetime, give_up: timedelta) -> bool:
    """Whether a further try would come too late."""
    return next_at - since > give_up


def wants(events: list[str], name: str, family: str) -> bool:
    """Whether a subscription to these families and names is told of a fact."""
    return name in events or family in events
