"""The sessions desk: who is logged in, kept on our side; the browser holds only a random token."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from schema.desk.posts import carried
from schema.desk.scope import actor_of
from schema.doors import HalfLogin
from schema.people import Post, User, WebSession
from schema.rules.access import NOBODY, Actor, may
from schema.store import UnitOfWork

IDLE = timedelta(minutes=60)
TOUCH_EVERY = timedelta(seconds=60)
AT_ONCE = 500
"""Sessions that one statement asks for."""
_TOKEN_LENGTH = 43  # secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A logged-in person, as every page sees them. `csrf` is the secret their forms must carry."""

    id: UUID
    login: str
    name: str
    post: str
    language: str
    seat: str | None
    csrf: str
    token_hash: str
    seen_at: datetime
    actor: Actor = NOBODY

    def may(self, right: str) -> bool:
        """Whether this person has the right, over anything at all."""
        return may(self.actor, right)


def begin(
    work: UnitOfWork, user: User, *, ip: str, agent: str, lasts: timedelta, via: str = "password"
) -> str:
    """Start a session; returns the token for the cookie. Sessions that ended are swept out on the way."""
    token = secrets.token_urlsafe(32)
    work.session.execute(delete(WebSession).where(WebSession.ends_at < work.now - timedelta(days=1)))
    work.session.execute(update(User).where(User.id == user.id).values(last_login_at=work.now))
    work.session.add(
        WebSession(
            token_hash=hash_of(token),
            user=user.id,
            csrf=secrets.token_urlsafe(32),
            ip=ip,
            agent=agent[:200],
            via=via,
            made_at=work.now,
            seen_at=work.now,
            ends_at=work.now + lasts,
        )
    )
    return token


def find(session: Session, token: str, now: datetime) -> Visitor | None:
    """Who holds this token; None when it is unknown, ended, idle for an hour, or its user is locked away."""
    return find_all(session, [token], now).get(token)


def find_all(session: Session, tokens: Collection[str], now: datetime) -> dict[str, Visitor]:
    """The same of many tokens at once; without those that nobody holds."""
    asked = {hash_of(token): token for token in tokens if len(token) == _TOKEN_LENGTH}
    found: dict[str, Visitor] = {}
    actors: dict[UUID, Actor] = {}
    for some in _at_once(list(asked)):
        rows = session.execute(
            select(WebSession, User, Post.grants)
            .join(User, User.id == WebSession.user)
            .outerjoin(Post, Post.name == User.post)
            .where(WebSession.token_hash.in_(some), User.active, ~User.locked)
        )
        for web, user, said in rows:
            if now >= web.ends_at or now - web.seen_at >= IDLE:
                continue
            if user.id not in actors:
                actors[user.id] = actor_of(session, user, carried(user.post, said))
            found[asked[web.token_hash]] = Visitor(
                user.id, user.login, user.name, user.post, user.language, user.seat, web.csrf, web.token_hash,
                web.seen_at, actors[user.id],
            )  # fmt: skip
    return found


def _at_once(hashes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (hashes[at : at + AT_ONCE] for at in range(0, len(hashes), AT_ONCE))


def open_of(session: Session, user: UUID, now: datetime) -> list[WebSession]:
    """The sessions of a user that hold, the one used last first."""
    rows = session.scalars(
        select(WebSession)
        .where(WebSession.user == user, WebSession.ends_at > now)
        .order_by(WebSession.seen_at.desc())
    )
    return [row for row in rows if now - row.seen_at < IDLE]


def needs_touch(visitor: Visitor, now: datetime) -> bool:
    """Whether the session's last use should be written down again (once a minute at most)."""
    return now - visitor.seen_at >= TOUCH_EVERY


def touch(work: UnitOfWork, *token_hashes: str) -> None:
    """Write down that these sessions are in use."""
    for some in _at_once(token_hashes):
        work.session.execute(
            update(WebSession).where(WebSession.token_hash.in_(some)).values(seen_at=work.now)
        )


def end(work: UnitOfWork, token_hash: str) -> str:
    """End one session (log-out); how it had begun, "" when it was no more."""
    web = work.session.get(WebSession, token_hash)
    if web is None:
        return ""
    work.session.delete(web)
    return web.via


def end_all(work: UnitOfWork, user: UUID) -> None:
    """End every session of a user, and log-ins half done (password changed, user locked away)."""
    work.session.execute(delete(WebSession).where(WebSession.user == user))
    work.session.execute(delete(HalfLogin).where(HalfLogin.user == user))


def hash_of(token: str) -> str:
    """What is stored of a token: its SHA-256 in hex (the token has 256 random bits, so no salt is needed)."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
