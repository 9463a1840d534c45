"""The version of the book of voice menus that counts: the newest whose day has come."""

from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.defaults import default_body
from schema.rulebooks import RulebookVersion
from schema.rules.voicebook import VoiceBook, read_voice

BOOK = "voice"
_AHEAD = 20
"""So many versions may wait for their day."""


def voice_now(session: Session, now: datetime, zone: tzinfo) -> tuple[int, VoiceBook, dict[str, Any]]:
    """Its number (0: the usual one), the book, and what it says. Raises BadBook for one that is none any more."""
    query = select(RulebookVersion.version, RulebookVersion.body).where(RulebookVersion.name == BOOK)
    for version, body in session.execute(query.order_by(RulebookVersion.version.desc()).limit(_AHEAD)):
        book = read_voice(body)
        if book.counts(now, zone):
            return version, book, body
    body = default_body(BOOK)
    return 0, read_voice(body), body
