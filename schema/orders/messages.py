"""Orders about platform messages and announcements."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Order):
    """Write to people, groups and departments ("user:ID", "group:ID", "department:ID"); `reply` goes on a thread."""

    to: tuple[str, ...]
    subject: str
    text: str
    reply: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepGroup(Order):
    """Name a group of people and who is in it; `group` is the one to change. Nobody in it: it is gone."""

    name: str
    members: tuple[UUID, ...]
    group: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce(Order):
    """Show words on every page from `begin` until `end` (aware)."""

    text: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAnnouncement(Order):
    """Show them no longer."""

    announcement: UUID
