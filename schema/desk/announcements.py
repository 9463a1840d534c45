"""The announcements desk (公告): words on every page for a time, until each has read them.

All of them raise `Refused`: not-found, not-allowed, bad-field. The same order again changes nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from schema.desk.errors import Refused
from schema.desk.moves import allow, refuse_texts
from schema.facts import Announced
from schema.notices import Announcement, AnnouncementRead
from schema.orders import Announce, EndAnnouncement
from schema.store import UnitOfWork

LONGEST = timedelta(days=366)


def announce(work: UnitOfWork, order: Announce) -> Announcement:
    """Show words to everybody from a time until a time."""
    allow(work, order.by, "announce")
    done = work.session.get(Announcement, order.order)
    if done is not None:
        return done
    refuse_texts(text=(order.text, 1, 500))
    if not (order.begin < order.end <= order.begin + LONGEST and order.end > work.now):
        raise Refused("bad-field", "it ends after it begins, within a year, and not before now", "end")
    row = Announcement(id=order.order, text=order.text.strip(), begins_at=order.begin, ends_at=order.end,
                       made_by=order.by, made_at=work.now)  # fmt: skip
    work.session.add(row)
    work.emit(Announced(at=work.now, announcement=row.id))
    return row


def end_announcement(work: UnitOfWork, order: EndAnnouncement) -> Announcement:
    """Show it no longer; it stays in the list."""
    allow(work, order.by, "announce")
    row = work.session.get(Announcement, order.announcement, with_for_update=True)
    if row is None:
        raise Refused("not-found", "there is no such announcement")
    row.ends_at = min(row.ends_at, work.now)
    row.begins_at = min(row.begins_at, row.ends_at)
    work.emit(Announced(at=work.now, announcement=row.id))
    return row


def read_announcement(work: UnitOfWork, user: UUID, announcement: UUID) -> None:
    """This person has read it. Raises Refused("not-found")."""
    if work.session.get(Announcement, announcement) is None:
        raise Refused("not-found", "there is no such announcement")
    if work.session.get(AnnouncementRead, (announcement, user)) is None:
        work.session.add(AnnouncementRead(announcement=announcement, user=user, at=work.now))


def announced_to(session: Session, user: UUID, now: datetime) -> list[Announcement]:
    """What is shown to this person now, the oldest first."""
    read = exists().where(AnnouncementRead.announcement == Announcement.id, AnnouncementRead.user == user)
    query = select(Announcement).where(Announcement.ends_at > now, Announcement.begins_at <= now, ~read)
    return list(session.scalars(query.order_by(Announcement.begins_at, Announcement.id).limit(5)))


def announcements(session: Session, limit: int = 100) -> list[Announcement]:
    """All there were, newest first."""
    return list(session.scalars(select(Announcement).order_by(Announcement.id.desc()).limit(limit)))
