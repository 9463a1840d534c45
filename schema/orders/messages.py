"""Orders about platform messages and announcements."""

from datetime import datetime
from uuid import UUID

from schema.orders.base import Order


class SendMessage(Order, frozen=True, kw_only=True):
    """Write to people, groups and departments ("user:ID", "group:ID", "department:ID"); `reply` goes on a thread."""

    to: tuple[str, ...]
    subject: str
    text: str
    reply: UUID | None = None


class KeepGroup(Order, frozen=True, kw_only=True):
    """Name a group of people and who is in it; `group` is the one to change. Nobody in it: it is gone."""

    name: str
    members: tuple[UUID, ...]
    group: UUID | None = None


class Announce(Order, frozen=True, kw_only=True):
    """Show words on every page from `begin` until `end` (aware)."""

    text: str
    begin: datetime
    end: datetime


class EndAnnouncement(Order, frozen=True, kw_only=True):
    """Show them no longer."""

    announcement: UUID
