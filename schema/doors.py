"""Tables of the door: captchas, log-ins half done, second factors with their recovery codes, and links to others."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from schema.base import Base
from schema.outbox import BigId


class Captcha(Base):
    """Digits that somebody at the door was shown; used once or left to end. `served`: how often drawn or said."""

    __tablename__ = "captchas"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    answer: Mapped[str] = mapped_column(String(8))
    served: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class HalfLogin(Base):
    """Somebody whose password held and who still has something to do before a session begins.

    Only the SHA-256 of the cookie's token is kept. `held` is whether the second factor held, too; `next` is where they
    wanted to go.
    """

    __tablename__ = "half_logins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    held: Mapped[bool] = mapped_column(default=False)
    next: Mapped[str] = mapped_column(String(300), default="/")
    ends_at: Mapped[datetime]


class SecondFactor(Base):
    """The secret of a user's authenticator (TOTP, RFC 6238), sealed; it counts once a code has confirmed it.

    `last_step` is the latest step (30 s) a code was taken of: none is taken twice, or out of order.
    """

    __tablename__ = "second_factors"

    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigId, default=0)


class RecoveryCode(Base):
    """A code that opens the door once in place of the authenticator; its SHA-256 (80 random bits need no salt)."""

    __tablename__ = "recovery_codes"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    used_at: Mapped[datetime | None]
