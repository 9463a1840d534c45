"""The handset desk: devices are enrolled for a grid worker, blocked, and seen."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.handsets import Handset
from schema.people import User
from schema.store import UnitOfWork

DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
"""What a device may be called: it is a user name, a topic level and a client id, so no wildcard, no slash."""
RESERVED = frozenset({"gateway"})
ROUNDS = 1_000
"""PBKDF2 rounds. Secrets are random, 24 bytes and more, so few rounds do, and the broker is one thread."""
SALT = 12
"""Bytes of salt: Mosquitto 2.0 takes no other length."""
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something: a device, and the worker who was logged in on it when that was written."""

    device: str
    worker: UUID


def broker_hash(secret: str, salt: bytes | None = None, rounds: int = ROUNDS) -> str:
    """`secret` as the broker's password file wants it: ``$7$rounds$salt$hash``, PBKDF2 with SHA-512, base64."""
    salt = salt or secrets.token_bytes(SALT)
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode("utf-8"), salt, rounds, 64)
    return f"$7${rounds}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def secret_fits(stored: str, secret: str) -> bool:
    """Whether `stored` (of `broker_hash`) is made of this secret; takes about a millisecond."""
    try:
        _, kind, rounds, salt, digest = stored.split("$")
        made = hashlib.pbkdf2_hmac("sha512", secret.encode(), base64.b64decode(salt), int(rounds), 64)
        return kind == "7" and hmac.compare_digest(made, base64.b64decode(digest))
    except ValueError:
        return False


def enrol(work: UnitOfWork, *, device: str, worker: UUID, secret: str) -> Handset:
    """Enrol a device for a worker, or give an enrolled one a new worker and secret; it is unblocked by this.

    Raises Refused: bad-field for the name or the secret, not-found for a worker who is not there or not active.
    """
    if not DEVICE.fullmatch(device) or device in RESERVED or device.startswith("gateway-"):
        raise Refused("bad-field", f"a device cannot be called {device[:60]!r}", "device")
    if len(secret) < 16:
        raise Refused("bad-field", "a handset's secret has at least 16 characters", "secret")
    user = work.session.get(User, worker)
    if user is None or not user.active:
        raise Refused("not-found", f"there is no active user {worker}", "worker")
    handset = work.session.get(Handset, device)
    if handset is None:
        handset = Handset(device=device, enrolled_at=work.now)
        work.session.add(handset)
    handset.worker = worker
    handset.secret = broker_hash(secret)
    handset.blocked = False
    # What is told by hand comes without a key: whoever has this secret need not sign until a key is enrolled.
    handset.key = handset.key_revoked_at = handset.wiped_at = None
    work.session.flush()
    return handset


def block(work: UnitOfWork, device: str) -> Handset:
    """Let a device in no more (lost, stolen, left). The broker must be told by `conf.broker.reload_broker`."""
    handset = work.session.get(Handset, device)
    if handset is None:
        raise Refused("not-found", f"there is no handset {device[:60]!r}", "device")
    handset.blocked = True
    return handset


def enrolled(session: Session) -> Sequence[Handset]:
    """The devices that may connect, by name: those not blocked, of workers who may come in."""
    admitted = select(Handset).join(User, User.id == Handset.worker).where(User.active, ~User.locked)
    return session.scalars(admitted.where(Handset.blocked.is_(False)).order_by(Handset.device)).all()


def who_holds(work: UnitOfWork, device: str) -> Handset:
    """The enrolled handset of that name, marked as seen. Raises Refused: unknown-device, blocked, worker-out."""
    handset = who_speaks(work, device)
    check_worker(work.session, device, handset.worker)
    return handset


def check_worker(session: Session, device: str, worker: UUID) -> None:
    """Raise Refused("worker-out") for somebody who works here no longer, or is locked out."""
    if not may_come_in(session.get(User, worker)):
        raise Refused("worker-out", worker_out(device))


def may_come_in(user: User | None) -> bool:
    """Whether somebody works here, and is not locked out."""
    return user is not None and user.active and not user.locked


def worker_out(device: str) -> str:
    """What is told to a handset whose worker may not come in."""
    return f"whose messages of the handset {device} these are works here no longer, or is locked out"


def who_speaks(work: UnitOfWork, device: str, known: Handset | None = None) -> Handset:
    """As `who_holds` (`known`: looked up already), but whether its worker may come in is still to be asked.

    Raises Refused: unknown-device, blocked.
    """
    handset = known or work.session.get(Handset, device)
    if handset is None:
        raise Refused("unknown-device", f"there is no handset {device[:60]!r}")
    if handset.blocked:
        raise Refused("blocked", f"the handset {device} is blocked")
    if handset.seen_at is None or work.now - handset.seen_at > SEEN_EVERY:
        handset.seen_at = work.now
    return handset
