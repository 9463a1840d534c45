"""The enrolling desk: a code, shown as a QR code or read out, lets one handset in, once.

The handset keeps its private key and gives the public one (Ed25519, 32 bytes); what it gets is its name and its secret.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from schema.desk import audit
from schema.desk.errors import Refused
from schema.desk.handsets import DEVICE, RESERVED, enrol
from schema.desk.sessions import hash_of
from schema.fieldaccess import HandsetCode
from schema.people import User
from schema.store import UnitOfWork

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH = 12
"""Letters of a code: 60 bits, which live for minutes behind a door that bounds tries."""
KEY = 32
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_KEPT = timedelta(days=1)
_NAME = re.compile(r"[^\w .()-]")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a handset gets to know, once: its name, and its secret for the broker and the door."""

    device: str
    secret: str


def make_code(
    work: UnitOfWork, *, worker: UUID, by: UUID | None, lasts: timedelta, device: str = "", ip: str = ""
) -> str:
    """A code that enrols a handset for a worker; `device`: an enrolled one, or a name for a new one.

    Raises Refused: not-found for a worker who is not there or not active, bad-field for the name.
    """
    user = work.session.get(User, worker)
    if user is None or not user.active:
        raise Refused("not-found", f"there is no active user {worker}", "worker")
    if device and (not DEVICE.fullmatch(device) or device in RESERVED):
        raise Refused("bad-field", f"a device cannot be called {device[:60]!r}", "device")
    work.session.execute(
        delete(HandsetCode).where(HandsetCode.ends_at < work.now - _KEPT, HandsetCode.used_at.is_(None))
    )
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    work.session.add(
        HandsetCode(
            code_hash=hash_of(code),
            worker=worker,
            device=device,
            label="",
            made_by=by,
            made_at=work.now,
            ends_at=work.now + lasts,
        )
    )
    audit.note(work, "handset.code", user.login, who=by, ip=ip)
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def take_code(work: UnitOfWork, code: str, *, key: bytes, label: str = "", ip: str = "") -> Enrolled:
    """Enrol the handset with this public key. The same again, its answer lost on the way, gives a fresh secret.

    Raises Refused: bad-code (unknown, or used by another handset), code-ended, bad-field for the key, not-found.
    """
    if len(key) != KEY:
        raise Refused("bad-field", f"a public key has {KEY} bytes, not {len(key)}", "public_key")
    row = work.session.get(HandsetCode, hash_of(plain(code)), with_for_update=True)
    if row is None or (row.used_at is not None and not hmac.compare_digest(row.key or b"", key)):
        raise Refused(
            "bad-code", "this code enrols no handset: it is mistyped, or was used; ask for a new one"
        )
    if work.now >= row.ends_at:
        raise Refused("code-ended", "this code has ended; ask for a new one")
    row.device = row.device or _fresh_name()
    secret = secrets.token_urlsafe(24)
    enrol(work, device=row.device, worker=row.worker, secret=secret).key = key
    row.key = key
    row.used_at = row.used_at or work.now
    row.label = _NAME.sub("", label).strip()[:60]
    audit.note(work, "handset.enrolled", row.device, who=row.worker, ip=ip)
    return Enrolled(row.device, secret)


def plain(code: str) -> str:
    """A code as it is compared, however somebody typed it."""
    return "".join(code.upper().split()).replace("-", "").translate(_ALIKE)[: 4 * LENGTH]


def _fresh_name() -> str:
    return "h-" + "".join(secrets.choice(ALPHABET.lower()) for _ in range(10))
