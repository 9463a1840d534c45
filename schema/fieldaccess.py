"""How handsets come in, as rows: codes that enrol one, and who is logged in on it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base


class HandsetCode(Base):
    """A code that enrols one handset for a worker, once. Only its SHA-256 is kept.

    `device` is the handset's name: given when the code was made (a known one gets a new secret), else drawn when it is
    used. `label` is what the handset called itself then, `key` its public key (Ed25519).
    """

    __tablename__ = "handset_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    device: Mapped[str] = mapped_column(String(40), default="")
    label: Mapped[str] = mapped_column(String(60), default="")
    key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class FieldLogin(Base):
    """A worker's log-in on a handset, the `number`-th there. Only the SHA-256 of its token is kept.

    What was written under it is that worker's for ever; it opens nothing after `ends_at`, or once `ended_at` is set.
    """

    __tablename__ = "field_logins"

    device: Mapped[str] = mapped_column(ForeignKey("handsets.device"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    worker: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ip: Mapped[str] = mapped_column(String(45), default="")
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
