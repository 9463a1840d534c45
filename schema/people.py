"""People of the city's side: users, departments, their sessions, and the log of sensitive looks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.ids import uuid7
from schema.outbox import BigId


class Department(Base):
    """A responsible unit (责任单位) in the department tree."""

    __tablename__ = "departments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    parent: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))
    closed_at: Mapped[datetime | None]


class Post(Base):
    """What a post (岗位) carries at this site, where that is not what the table of rights says.

    `grants`: each right with how far it reaches, see `schema.rules.access`.
    """

    __tablename__ = "posts"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    grants: Mapped[dict[str, Any]]
    set_by: Mapped[UUID | None]
    set_at: Mapped[datetime]


class PeopleStep(Base):
    """An order about people that was carried out, so that it is once: about whom (a user, a department …)."""

    __tablename__ = "people_steps"

    order: Mapped[UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(40))
    subject: Mapped[UUID]
    by: Mapped[UUID | None]
    at: Mapped[datetime]


class User(Base):
    """Somebody who works with Gridline. `post` is of `schema.rules.access`, or one of the site's own (see `Post`).

    `locked`: kept out by an administrator; `locked_until`: by wrong tries.

    `password` is an argon2id hash (RFC 9106), set at `password_at` (None: before that was kept); `password_temporary`:
    somebody else chose it, and it opens no session before it is changed. `seat` is the extension of an agent's or
    supervisor's seat; what they can do there is in `languages` and `skills` ("zh:10 en:4", levels 1 to 10; no
    languages: all of the site's) and `queues` ("water tax", none: all).
    """

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    post: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default="zh")
    password: Mapped[str] = mapped_column(String(200))
    department: Mapped[UUID | None] = mapped_column(ForeignKey("departments.id"))
    mobile: Mapped[str] = mapped_column(String(32), default="")
    mail: Mapped[str] = mapped_column(String(200), default="", server_default="")
    work_phone: Mapped[str] = mapped_column(String(32), default="", server_default="")
    seat: Mapped[str | None] = mapped_column(String(16), unique=True)
    languages: Mapped[str] = mapped_column(String(200), default="", server_default="")
    skills: Mapped[str] = mapped_column(String(200), default="", server_default="")
    queues: Mapped[str] = mapped_column(String(200), default="", server_default="")
    password_at: Mapped[datetime | None]
    password_temporary: Mapped[bool] = mapped_column(default=False, server_default=false())
    active: Mapped[bool] = mapped_column(default=True)
    locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    last_login_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class WebSession(Base):
    """A log-in, by password or (`via`) oidc. Only the SHA-256 of the cookie's token is kept."""

    __tablename__ = "web_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    ip: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(200), default="")
    via: Mapped[str] = mapped_column(String(10), default="password", server_default="password")
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class AuditRow(Base):
    """One sensitive look or act: `what` (log-in, recording.play, seat.open …) on `subject`, allowed or not.

    `id` counts 1, 2, 3 … without gaps; `hash` chains the row to the one before it (see `schema.rules.auditchain`).
    Only `schema.desk.audit` adds rows, and the database refuses to change or remove one.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_login_id", "login", "id"),
        Index("ix_audit_what_id", "what", "id"),
        Index("ix_audit_subject_id", "subject", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[UUID | None]
    login: Mapped[str] = mapped_column(String(60), default="")
    ip: Mapped[str] = mapped_column(String(45), default="")
    what: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120), default="")
    allowed: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    hash: Mapped[str] = mapped_column(String(64))
