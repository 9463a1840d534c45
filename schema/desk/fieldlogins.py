"""The field log-ins desk: which worker holds a handset, now and when something was written on it.

A handset has one worker at a time: who logs in ends the log-in before. Log-ins are numbered on each handset, so what
was written offline names its own, and stays that worker's whoever holds the handset when the network is back.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.desk.handsets import who_holds
from schema.desk.sessions import hash_of
from schema.fieldaccess import FieldLogin
from schema.handsets import Handset
from schema.people import User
from schema.store import UnitOfWork

_TOKEN = 43  # secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A worker's log-in on a handset."""

    device: str
    number: int
    worker: UUID
    login: str
    name: str
    ends_at: datetime


def log_in(work: UnitOfWork, device: str, user: UUID, *, lasts: timedelta, ip: str = "") -> tuple[int, str]:
    """Give a handset to somebody whose password held; (number, token). Raises Refused: unknown-device, blocked."""
    work.session.get(Handset, device, with_for_update=True, populate_existing=True)  # one at a time numbers
    who_holds(work, device)
    _end(work, FieldLogin.device == device)
    last = work.session.scalar(select(func.max(FieldLogin.number)).where(FieldLogin.device == device)) or 0
    token = secrets.token_urlsafe(32)
    work.session.add(
        FieldLogin(
            device=device,
            number=last + 1,
            worker=user,
            token_hash=hash_of(token),
            ip=ip[:45],
            made_at=work.now,
            ends_at=work.now + lasts,
        )
    )
    work.session.flush()
    return last + 1, token


def log_out(work: UnitOfWork, device: str, token: str) -> bool:
    """End a log-in; whether it was still open. Doing it again changes nothing."""
    return _end(work, FieldLogin.device == device, FieldLogin.token_hash == hash_of(token)) > 0


def end_all(work: UnitOfWork, *, device: str = "", worker: UUID | None = None) -> int:
    """End every open log-in of a handset, or of a worker, or of that worker there; how many there were."""
    where = [FieldLogin.device == device] if device else []
    where += [FieldLogin.worker == worker] if worker is not None else []
    return _end(work, *where) if where else 0


def find(session: Session, device: str, token: str, now: datetime) -> LoggedIn | None:
    """Who holds this token on this handset; None when it is unknown or ended, or its user may not come in."""
    if len(token) != _TOKEN:
        return None
    query = select(FieldLogin, User).join(User, User.id == FieldLogin.worker)
    row = session.execute(
        query.where(
            FieldLogin.token_hash == hash_of(token), FieldLogin.device == device, User.active, ~User.locked
        )
    ).first()
    if row is None or row.FieldLogin.ended_at is not None or now >= row.FieldLogin.ends_at:
        return None
    one, user = row
    return LoggedIn(one.device, one.number, user.id, user.login, user.name, one.ends_at)


def worker_of(session: Session, handset: Handset, login: int | None) -> UUID:
    """Whose a message is that was written under a log-in (None: the worker the handset is enrolled for).

    A log-in that has ended still says who wrote. Raises Refused: unknown-login.
    """
    if login is None:
        return handset.worker
    row = session.get(FieldLogin, (handset.device, login))
    if row is None:
        raise Refused("unknown-login", f"the handset {handset.device} has had no log-in {login}", "login")
    return row.worker


def logins_of(session: Session, named: Iterable[tuple[str, int | None]]) -> Sequence[FieldLogin]:
    """The log-ins of these devices and numbers: as long as they are held, `worker_of` need not ask for them."""
    wanted = sorted({(device, login) for device, login in named if login is not None})
    if not wanted:
        return ()
    query = select(FieldLogin).where(tuple_(FieldLogin.device, FieldLogin.number).in_(wanted))
    return session.scalars(query).all()


def worker_now(session: Session, handset: Handset, now: datetime) -> UUID:
    """Who holds a handset now: whoever is logged in, else the worker it is enrolled for."""
    query = select(FieldLogin.worker).where(
        FieldLogin.device == handset.device, FieldLogin.ended_at.is_(None), FieldLogin.ends_at > now
    )
    return session.scalar(query.order_by(FieldLogin.number.desc()).limit(1)) or handset.worker


def of_device(session: Session, device: str, limit: int = 20) -> list[tuple[FieldLogin, User]]:
    """The log-ins of a handset, the newest first, with who it was."""
    query = select(FieldLogin, User).join(User, User.id == FieldLogin.worker)
    rows = session.execute(
        query.where(FieldLogin.device == device).order_by(FieldLogin.number.desc()).limit(limit)
    )
    return [(row.FieldLogin, row.User) for row in rows]


def _end(work: UnitOfWork, *where: ColumnElement[bool]) -> int:
    open_ones = select(FieldLogin).where(FieldLogin.ended_at.is_(None), *where)
    found = work.session.scalars(open_ones).all()
    for one in found:
        one.ended_at = work.now
    work.session.flush()
    return len(found)
