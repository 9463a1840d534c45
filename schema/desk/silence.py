"""The desk that notices silence: a handset on duty that nothing was heard of for long is told of, once a silence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from schema.desk.notices import put_notices
from schema.desk.posts import all_posts, grants_of
from schema.facts import HandsetSilent
from schema.handsets import Duty, Handset
from schema.ids import uuid7
from schema.people import User
from schema.rules.access import ALL
from schema.rules.silence import silent_since
from schema.store import UnitOfWork

TOLD = "field.settle"
"""Whoever has this right is told: those who look after what comes from the street."""
BATCH = 500


@dataclass(frozen=True, slots=True)
class Silent:
    """A handset that fell silent: whose it is, and since when nothing was heard of it."""

    device: str
    worker: str
    since: datetime


Write = Callable[[str, Sequence[Silent]], tuple[str, str]]
"""(language, who fell silent) → subject and text."""


def tell_silent(work: UnitOfWork, after: timedelta, write: Write) -> list[Silent]:
    """Tell of the handsets that fell silent, all of them in one notice, and each once until it is heard of again.

    Any number of processes may ask at once. A blocked handset is silent by order.
    """
    session = work.session
    if after <= timedelta():
        return []
    last = func.coalesce(Handset.seen_at, Duty.started_at)
    query = (
        select(Handset, Duty, User)
        .join(Duty, Duty.device == Handset.device)
        .join(User, User.id == Duty.worker)
        .where(
            Duty.ended_at.is_(None), ~Handset.blocked, Duty.started_at < work.now - after, last < work.now - after,
            or_(Handset.silent_at.is_(None), Handset.silent_at < last, Handset.silent_at < Duty.started_at),
        )
        .order_by(Handset.device)
        .limit(BATCH)
        .with_for_update(of=Handset, skip_locked=True)
    )  # fmt: skip
    found: list[Silent] = []
    for handset, duty, worker in session.execute(query).all():
        since = silent_since(handset.seen_at, duty.started_at, work.now, after)
        if since is None:
            continue
        handset.silent_at = work.now
        found.append(Silent(handset.device, worker.name, since))
        work.emit(HandsetSilent(at=work.now, device=handset.device, worker=worker.id, since=since))
    if found:
        key = uuid7()
        for user in _told(work):
            put_notices(work, user, "silent", key, None, work.now, write(user.language, found), set())
    return found


def _told(work: UnitOfWork) -> Sequence[User]:
    posts = [post for post in all_posts(work.session) if grants_of(work.session, post).get(TOLD) == ALL]
    query = select(User).where(User.active, User.post.in_(posts)).order_by(User.login)
    return work.session.scalars(query).all()
