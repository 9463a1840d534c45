"""Tables of the door: captchas, log-ins half done, second factors with recovery codes, log-ins by another house."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
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
    wanted to go; `via` is password or oidc.
    """

    __tablename__ = "half_logins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    held: Mapped[bool] = mapped_column(default=False)
    next: Mapped[str] = mapped_column(String(300), default="/")
    via: Mapped[str] = mapped_column(String(10), default="password", server_default="password")
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


class OidcFlow(Base):
    """Somebody sent to another house to log in there; used once. Of state and browser token the SHA-256 is kept.

    `nonce` comes back in the ID token, `verifier` proves that we asked (RFC 7636).
    """

    __tablename__ = "oidc_flows"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    next: Mapped[str] = mapped_column(String(300))
    ends_at: Mapped[datetime]


class Identity(Base):
    """Who a user is at another house: its issuer and the subject there (OpenID Connect Core, 5.7)."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "user"),)

    issuer: Mapped[str] = mapped_column(String(200), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[datetime]
