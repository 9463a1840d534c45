"""The desk of alarms about room for recordings: begun and ended by what is seen, told of once to administrators."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid5

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from schema.desk.notices import put_notices
from schema.desk.posts import all_posts, grants_of
from schema.facts import SpaceLow, SpaceRegained
from schema.ids import uuid7
from schema.people import User
from schema.rules.access import ADMIN, ALL
from schema.rules.keeping import has_room_again, is_low
from schema.spacealarms import SpaceAlarm
from schema.store import UnitOfWork

LOW, ROOM = "disk-low", "disk-room"
"""The kinds of notices."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A look at a place: "vault" or "spool", bytes free and in all."""

    what: str
    free: int
    total: int


Write = Callable[[str, str, SpaceAlarm], tuple[str, str]]
"""(language, kind, alarm) → subject and text."""


def saw(work: UnitOfWork, node: str, places: Sequence[Seen], percent: int) -> None:
    """What a node sees of its places. An alarm of a place that is not looked at any more is over."""
    query = select(SpaceAlarm).where(SpaceAlarm.node == node, SpaceAlarm.ended_at.is_(None)).with_for_update()
    open_ = {alarm.what: alarm for alarm in work.session.scalars(query)}
    for place in places:
        alarm = open_.pop(place.what, None)
        if alarm is not None:
            alarm.free, alarm.total = place.free, place.total
            if has_room_again(place.free, place.total, percent):
                _end(work, alarm)
        elif is_low(place.free, place.total, percent):
            made = SpaceAlarm(
                id=uuid7(), node=node, what=place.what, began_at=work.now, free=place.free, total=place.total
            )
            work.session.add(made)
            work.emit(
                SpaceLow(
                    at=work.now, alarm=made.id, node=node, what=made.what, free=made.free, total=made.total
                )
            )
    for alarm in open_.values():
        _end(work, alarm)


def tell(work: UnitOfWork, write: Write) -> int:
    """Make the notices that are due, one of each beginning and of each end; how many alarms were told of.

    Any number of processes may ask at once.
    """
    due = or_(
        SpaceAlarm.told_at.is_(None), SpaceAlarm.over_told_at.is_(None) & SpaceAlarm.ended_at.is_not(None)
    )
    query = select(SpaceAlarm).where(due).order_by(SpaceAlarm.began_at).with_for_update(skip_locked=True)
    found = work.session.scalars(query).all()
    for alarm in found:
        if alarm.told_at is None:
            alarm.told_at = work.now
            _tell(work, alarm, LOW, write)
        if alarm.ended_at is not None and alarm.over_told_at is None:
            alarm.over_told_at = work.now
            _tell(work, alarm, ROOM, write)
    return len(found)


def open_alarms(session: Session) -> list[SpaceAlarm]:
    """The alarms that are on now."""
    return list(
        session.scalars(select(SpaceAlarm).where(SpaceAlarm.ended_at.is_(None)).order_by(SpaceAlarm.began_at))
    )


def _end(work: UnitOfWork, alarm: SpaceAlarm) -> None:
    alarm.ended_at = work.now
    work.emit(
        SpaceRegained(
            at=work.now, alarm=alarm.id, node=alarm.node, what=alarm.what, free=alarm.free, total=alarm.total
        )
    )  # fmt: skip


def _tell(work: UnitOfWork, alarm: SpaceAlarm, kind: str, write: Write) -> None:
    posts = [post for post in all_posts(work.session) if grants_of(work.session, post).get(ADMIN) == ALL]
    query = select(User).where(User.active, User.post.in_(posts)).order_by(User.login)
    for user in work.session.scalars(query).all():
        words = write(user.language, kind, alarm)
        put_notices(work, user, kind, uuid5(alarm.id, kind), None, work.now, words, set())
