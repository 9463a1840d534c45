"""Who people are at another house: flows to it and back, and which user a subject there is."""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from schema.desk.errors import Refused
from schema.desk.passwords import unusable
from schema.desk.people import POSTS, find_user
from schema.desk.sessions import hash_of
from schema.doors import Identity, OidcFlow
from schema.people import User
from schema.store import UnitOfWork

LASTS = timedelta(minutes=10)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


@dataclass(frozen=True, slots=True)
class Flow:
    """What goes out with somebody: `state` and `nonce` come back, `verifier` stays, `browser` goes into a cookie."""

    state: str
    nonce: str
    verifier: str
    browser: str


def begin(work: UnitOfWork, next: str) -> Flow:
    """Somebody sets out. Flows that ended are swept out on the way."""
    flow = Flow(*(secrets.token_urlsafe(32) for _ in range(4)))
    work.session.execute(delete(OidcFlow).where(OidcFlow.ends_at < work.now))
    work.session.add(
        OidcFlow(
            state_hash=hash_of(flow.state), browser_hash=hash_of(flow.browser), nonce=flow.nonce,
            verifier=flow.verifier, next=next[:300], ends_at=work.now + LASTS,
        )
    )  # fmt: skip
    return flow


def back(work: UnitOfWork, state: str, browser: str) -> OidcFlow | None:
    """Somebody comes back: their flow, once; None when it is unknown, ended, or another browser's."""
    row = work.session.get(OidcFlow, hash_of(state), with_for_update=True)
    if row is None or not hmac.compare_digest(row.browser_hash, hash_of(browser)):
        return None
    work.session.delete(row)
    return row if row.ends_at > work.now else None


def user_of(work: UnitOfWork, issuer: str, claims: Mapping[str, Any], claim: str, post: str = "") -> User:
    """The user that a subject there is.

    By the link, once there is one; else the user whose login `claim` names, who is linked now; else, with `post`, a new
    user. Raises Refused("not-found") when it is nobody here, ("not-allowed") for somebody who left, or whose user is
    another subject's already.
    """
    subject = claims["sub"]
    link = work.session.get(Identity, (issuer, subject))
    if link is not None:
        return _present(work.session.get(User, link.user))
    login = _login(claims, claim)
    user = find_user(work.session, login) if login else None
    if user is None:
        if not login or post not in POSTS:
            raise Refused("not-found", f"{login or subject!r} is nobody here")
        name = "".join(char for char in str(claims.get("name") or "") if char.isprintable()).strip() or login
        user = User(login=login, name=name[:100], post=post, password=unusable())
        work.session.add(user)
        work.session.flush()
    _present(user)
    taken = work.session.scalar(
        select(Identity.subject).where(Identity.issuer == issuer, Identity.user == user.id)
    )
    if taken is not None:
        raise Refused("not-allowed", f"{login!r} belongs to another subject of {issuer}")
    work.session.add(Identity(issuer=issuer, subject=subject, user=user.id, made_at=work.now))
    work.session.flush()
    return user


def unlink(work: UnitOfWork, user: UUID) -> bool:
    """Forget who a user is elsewhere; whether anything was known. The next log-in there links anew, by the claim."""
    found = work.session.scalars(select(Identity).where(Identity.user == user)).all()
    for row in found:
        work.session.delete(row)
    return bool(found)


def _login(claims: Mapping[str, Any], claim: str) -> str:
    """The login that a claim says; "email@example.org": what is before the @, if the address is verified there."""
    name, _, domain = claim.partition("@")
    value = claims.get(name)
    if not isinstance(value, str) or (name == "email" and claims.get("email_verified") is not True):
        return ""
    login, at, where = value.strip().lower().partition("@")
    if where != domain.lower() or bool(at) != bool(domain):
        return ""
    return login if _LOGIN.fullmatch(login) else ""


def _present(user: User | None) -> User:
    if user is None or not user.active:
        raise Refused("not-allowed", "this user has left")
    return user
