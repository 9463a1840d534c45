"""Captchas: digits to be read off a picture or heard, asked for before a password is looked at. Used once."""

import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete

from schema.doors import Captcha
from schema.store import Store, UnitOfWork

DIGITS = 5
LASTS = timedelta(minutes=5)
MOST_SERVED = 12
"""How often one is drawn or said: both cost a moment of a processor."""


def begin(work: UnitOfWork) -> str:
    """A fresh captcha's id. Those that ended are swept out on the way."""
    work.session.execute(delete(Captcha).where(Captcha.ends_at < work.now))
    row = Captcha(
        id=secrets.token_urlsafe(32),
        answer="".join(secrets.choice("0123456789") for _ in range(DIGITS)),
        ends_at=work.now + LASTS,
    )
    work.session.add(row)
    return row.id


def serve(work: UnitOfWork, id: str) -> str | None:
    """The digits, to be drawn or said; None when it ended, was used, or was served too often."""
    row = _row(work, id)
    if row is None or row.ends_at <= work.now or row.served >= MOST_SERVED:
        return None
    row.served += 1
    return row.answer


def solve(store: Store, id: str, answer: str) -> bool:
    """Whether these are the digits. Right or wrong, the captcha is used up. Raises StoreUnreachable."""
    with store.work() as work:
        row = _row(work, id)
        if row is None:
            return False
        work.session.delete(row)
        fine = row.ends_at > work.now and hmac.compare_digest(row.answer.encode(), _digits(answer).encode())
    return fine


def _row(work: UnitOfWork, id: str) -> Captcha | None:
    """The captcha, locked. What comes out of an address may be anything."""
    fine = id.isascii() and id.isprintable()
    return work.session.get(Captcha, id[:43], with_for_update=True) if fine else None


def _digits(text: str) -> str:
    """The digits of what was typed, full-width, Arabic or spaced out as they may be."""
    found = []
    for char in text[:40]:
        if char.isdecimal():
            found.append(str(int(char)))
        elif not char.isspace():
            return ""
    return "".join(found)
