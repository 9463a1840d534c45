"""What travels beside a message's body, and may differ from sending to sending: times, the signature, a question.

MQTT 5 user properties, or the headers of a request. What cannot be read counts as not said: the message stands by
itself. Signatures are Ed25519 (RFC 8032) over the topic and the body, so that neither can be moved.
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEADERS = {
    "X-Gridline-Sent": "sent",
    "X-Gridline-Clock": "clock",
    "X-Gridline-Signature": "sig",
    "X-Gridline-Low": "low",
}
"""Each header of a request, with the user property it stands for."""
KEY_BYTES = 32
LIFE = 7 * 24 * 3600
"""Seconds: the Message Expiry Interval a handset sends with; what is left of it tells how long the broker had it."""
CLOCKS = ("sent", "clock")
_CLOCK = re.compile(r"([A-Za-z0-9_-]{1,12}):([0-9]{1,16})", re.ASCII)
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{86}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,16}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending. `sent`: the handset's wall clock (UTC); `boot`, `mono`: its monotonic clock in ms, then.

    `low`: the lowest number that waits there, when it asks what of it is kept; `signature` 64 bytes or b"".
    """

    sent: datetime | None = None
    boot: str = ""
    mono: int | None = None
    signature: bytes = b""
    low: int | None = None


def read_sending(properties: list[tuple[str, str]]) -> Sending:
    """What the properties say, as far as it can be read."""
    given = dict(properties)
    clock = _CLOCK.fullmatch(given.get("clock", ""))
    signature = given.get("sig", "")
    low = given.get("low", "")
    return Sending(
        _time(given.get("sent", "")),
        clock[1] if clock else "",
        int(clock[2]) if clock else None,
        base64.urlsafe_b64decode(signature + "==") if _SIGNATURE.fullmatch(signature) else b"",
        int(low) if _NUMBER.fullmatch(low) else None,
    )


def signed_bytes(topic: str, body: bytes) -> bytes:
    """What a handset signs."""
    return b"gridline/1\n" + topic.encode() + b"\n" + body


def is_signed(key: bytes, topic: str, body: bytes, signature: bytes) -> bool:
    """Whether the holder of the public `key` signed this body for this topic."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed_bytes(topic, body))
    except (InvalidSignature, ValueError):
        return False
    return True


def waited(left: int | None) -> int:
    """Seconds that the broker had a message, by what is `left` of its life; 0 when that says nothing."""
    return LIFE - left if left is not None and 0 <= left <= LIFE else 0


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text[:40])
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
