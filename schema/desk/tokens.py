"""The tokens desk: which programs may act for whom, and that the same request is the same order."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.desk.people import find_user
from schema.desk.scope import actor_of
from schema.desk.sessions import TOUCH_EVERY, Visitor, hash_of
from schema.people import User
from schema.rules.access import RIGHTS, Actor, may, only
from schema.store import UnitOfWork
from schema.tokens import ApiOrder, ApiToken

KEPT = timedelta(days=7)
"""How long a key is remembered."""
LONGEST = timedelta(days=3660)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_SECRET = re.compile(r"gl_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A program that showed a good token: the person it acts for, and what it may."""

    token: UUID
    name: str
    rights: frozenset[str]
    user: Visitor
    ends_at: datetime
    used_at: datetime | None

    @property
    def actor(self) -> Actor:
        """Who it is to the rules of access: its user, with no more rights than its own."""
        return self.user.actor

    def may(self, right: str) -> bool:
        """Whether the token carries the right; an unknown one is nobody's."""
        return right in self.rights

    @property
    def everywhere(self) -> bool:
        """Whether it acts and looks beyond its user's own seat."""
        return self.may("seat.on-behalf")


def add(work: UnitOfWork, *, name: str, login: str, rights: Iterable[str], lasts: timedelta) -> str:
    """Make a token; returns its secret, which is told once. A right may be a pattern ("watch.*"). Raises Refused."""
    if not _NAME.fullmatch(name):
        raise _bad("name", "a token's name is 1 to 60 letters a-z, digits, dot, dash or underscore")
    if work.session.scalar(select(ApiToken.id).where(ApiToken.name == name)):
        raise _bad("name", f"there is a token {name!r} already")
    user = find_user(work.session, login)
    if user is None:
        raise Refused("not-found", f"there is no user {login!r}")
    if not timedelta(0) < lasts <= LONGEST:
        raise _bad("days", "a token lasts 1 to 3660 days")
    carried = _meant(rights, actor_of(work.session, user))
    secret = f"gl_{secrets.token_urlsafe(32)}"
    work.session.add(
        ApiToken(
            name=name, hash=hash_of(secret), user=user.id, rights=sorted(carried), made_at=work.now,
            ends_at=work.now + lasts,
        )
    )  # fmt: skip
    return secret


def revoke(work: UnitOfWork, name: str) -> None:
    """Let a token open nothing from now on. Raises Refused."""
    row = work.session.scalar(select(ApiToken).where(ApiToken.name == name))
    if row is None:
        raise Refused("not-found", f"there is no token {name!r}")
    row.revoked_at = row.revoked_at or work.now


def listing(session: Session) -> list[tuple[ApiToken, str]]:
    """Every token by name, with the login of its user."""
    query = select(ApiToken, User.login).join(User, User.id == ApiToken.user).order_by(ApiToken.name)
    return [(row, login) for row, login in session.execute(query)]


def find(session: Session, secret: str, now: datetime) -> Holder | None:
    """Who shows this secret; None when it is unknown, ended or revoked, or its user may not come in."""
    if not _SECRET.fullmatch(secret):
        return None
    query = select(ApiToken, User).join(User, User.id == ApiToken.user)
    found = session.execute(query.where(ApiToken.hash == hash_of(secret), User.active, ~User.locked)).first()
    if found is None:
        return None
    token, user = found
    if token.revoked_at is not None or now >= token.ends_at:
        return None
    actor = actor_of(session, user)
    rights = frozenset(right for right in token.rights if may(actor, right))
    person = Visitor(
        user.id, user.login, user.name, user.post, user.language, user.seat, "", token.hash, now, only(actor, rights)
    )  # fmt: skip
    return Holder(token.id, token.name, rights, person, token.ends_at, token.used_at)


def needs_touch(holder: Holder, now: datetime) -> bool:
    """Whether the token's last use should be written down again (once a minute at most)."""
    return holder.used_at is None or now - holder.used_at >= TOUCH_EVERY


def touch(work: UnitOfWork, token: UUID) -> None:
    """Write down that the token is in use."""
    row = work.session.get(ApiToken, token)
    if row is not None:
        row.used_at = work.now


def taken(session: Session, token: UUID, key: str) -> ApiOrder | None:
    """The order that was given under this key."""
    return session.get(ApiOrder, (token, key))


def mine(work: UnitOfWork, token: UUID, key: str) -> bool:
    """Whether no other transaction is at work on this key now; held until this one ends.

    On SQLite a writing transaction is alone anyway.
    """
    if work.session.connection().dialect.name != "postgresql":
        return True
    number = int.from_bytes(sha256(f"{token} {key}".encode()).digest()[:8], "big", signed=True)
    return bool(work.session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def take(work: UnitOfWork, row: ApiOrder) -> None:
    """Remember the order under its key, with the commit that gives it; keys that are old are forgotten."""
    work.session.execute(delete(ApiOrder).where(ApiOrder.made_at < work.now - KEPT))
    work.session.add(row)
    work.session.flush()


def order_of(session: Session, order: UUID) -> ApiOrder | None:
    """What is remembered of an order that a program gave."""
    return session.scalar(select(ApiOrder).where(ApiOrder.order == order))


def user_of(session: Session, token: UUID) -> UUID | None:
    """Whom a token acts for."""
    return session.scalar(select(ApiToken.user).where(ApiToken.id == token))


def _meant(rights: Iterable[str], actor: Actor) -> set[str]:
    """The rights that names and patterns mean, of those the post carries. Raises Refused."""
    found: set[str] = set()
    for word in rights:
        named = {right for right in RIGHTS if fnmatchcase(right, word)}
        if not named:
            raise _bad("rights", f"there is no right {word!r}")
        carried = {right for right in named if may(actor, right)}
        if not carried:
            raise _bad("rights", f"the post {actor.post} does not carry {word!r}")
        found |= carried
    if not found:
        raise _bad("rights", "name at least one right")
    return found


def _bad(field: str, text: str) -> Refused:
    return Refused("bad-field", text, field)
