"""People of the city's side: users, departments, their sessions, and the log of sensitive looks."""

from datetime import datetime
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


class User(Base):
    """Somebody who works with Gridline. `post` is agent, supervisor, expert, worker, clerk or admin.

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
    seat: Mapped[str | None] = mapped_column(String(16), unique=True)
    languages: Mapped[str] = mapped_column(String(200), default="", server_default="")
    skills: Mapped[str] = mapped_column(String(200), default="", server_default="")
    queues: Mapped[str] = mapped_column(String(200), default="", server_default="")
    password_at: Mapped[datetime | None]
    password_temporary: Mapped[bool] = mapped_column(default=False, server_default=false())
    active: Mapped[bool] = mapped_column(default=True)
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
