"""Log-ins half done: the password held, and something is left to do before a session begins.

What is left is asked of the rows each time, so nothing can be skipped: a code (the user has a second factor), the
enrolment of one (the post must have it), a new password (the old one is temporary or too old).
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from schema.desk import second
from schema.desk.people import must_change
from schema.desk.sessions import hash_of
from schema.doors import HalfLogin
from schema.people import User
from schema.store import UnitOfWork

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Wants:
    """What a site wants before a session begins: posts that must have a second factor, days a password lasts."""

    second_factor_for: Collection[str] = ()
    password_days: int = 0


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody on the way in. `left` is code, enrol, password, or "" when a session may begin.

    `held`: a second factor has been asked for and held. `via` is password or oidc.
    """

    user: User
    left: str
    held: bool
    via: str
    next: str
    token_hash: str


def begin(work: UnitOfWork, user: User, next: str, *, via: str = "password", held: bool = False) -> str:
    """Start; returns the token for the cookie. What ended is swept out on the way. `held`: as HalfLogin has it."""
    token = secrets.token_urlsafe(32)
    work.session.execute(delete(HalfLogin).where(HalfLogin.ends_at < work.now))
    work.session.add(
        HalfLogin(
            token_hash=hash_of(token),
            user=user.id,
            next=next[:300],
            via=via,
            held=held,
            ends_at=work.now + LASTS,
        )
    )
    work.session.flush()
    return token


def find(session: Session, token: str, now: datetime, wants: Wants) -> Half | None:
    """Who is on the way with this token; None when it is unknown or ended, or its user is locked away."""
    row = session.get(HalfLogin, hash_of(token)) if token else None
    user = session.get(User, row.user) if row is not None else None
    if row is None or user is None or not user.active or user.locked or now >= row.ends_at:
        return None
    return Half(user, _left(session, row, user, now, wants), row.held, row.via, row.next, row.token_hash)


def hold(work: UnitOfWork, half: Half) -> None:
    """The second factor held."""
    row = work.session.get(HalfLogin, half.token_hash)
    if row is not None:
        row.held = True


def end(work: UnitOfWork, half: Half) -> None:
    """A session has begun, or will not."""
    work.session.execute(delete(HalfLogin).where(HalfLogin.token_hash == half.token_hash))


def _left(session: Session, row: HalfLogin, user: User, now: datetime, wants: Wants) -> str:
    if not row.held:
        if second.is_on(session, user.id):
            return "code"
        if user.post in wants.second_factor_for:
            return "enrol"
    return "password" if row.via == "password" and must_change(user, now, wants.password_days) else ""
