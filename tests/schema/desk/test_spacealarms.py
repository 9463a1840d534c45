"""Alarms about room: one an episode and place, each beginning and end told once to administrators."""

from sqlalchemy import select

from schema.desk.spacealarms import Seen, open_alarms, saw, tell
from schema.notices import Message, Notice
from schema.people import User
from schema.spacealarms import SpaceAlarm
from tests.schema.desk.casework import Office

TOTAL = 1000


def look(desk: Office, **free: int) -> list[str]:
    """A look at places with so much free; where there is an alarm now."""
    with desk.store.work() as work:
        saw(work, "pbx1", [Seen(what, left, TOTAL) for what, left in free.items()], 5)
    with desk.store.read() as session:
        return [alarm.what for alarm in open_alarms(session)]


def words(language: str, kind: str, alarm: SpaceAlarm) -> tuple[str, str]:
    return f"{kind} {alarm.what}", f"{alarm.free} of {alarm.total} in {language}"


def told(desk: Office) -> list[tuple[str, str, str]]:
    """What the administrator who reads Uyghur was told since the beginning: kind, subject, way."""
    for _ in range(2):  # asked twice, told once
        with desk.store.work() as work:
            tell(work, words)
    with desk.store.read() as session:
        rows = session.scalars(
            select(Notice).where(Notice.language == "ug").order_by(Notice.made_at, Notice.id)
        )
        return [(row.kind, row.subject, row.way) for row in rows]


def admin(desk: Office) -> None:
    with desk.store.work() as work:
        user = User(
            login="root", name="孙宁", post="admin", password="!", mail="root@example.org", language="ug"
        )
        work.session.add(user)


def test_an_episode_begins_below_the_share_and_ends_a_hundredth_above_it(desk: Office) -> None:
    seen = [look(desk, vault=free) for free in (50, 49, 10, 55, 60, 55, 49)]
    assert seen == [[], ["vault"], ["vault"], ["vault"], [], [], ["vault"]]
    with desk.store.read() as session:
        rows = session.scalars(select(SpaceAlarm).order_by(SpaceAlarm.began_at, SpaceAlarm.id)).all()
        assert [(row.free, row.ended_at is None) for row in rows] == [(60, False), (49, True)]
    assert [row.name for row in desk.said()] == ["SpaceLow", "SpaceRegained", "SpaceLow"]


def test_each_place_has_its_own_and_one_that_is_looked_at_no_more_is_over(desk: Office) -> None:
    assert look(desk, vault=10, spool=10) == ["vault", "spool"]
    assert look(desk, vault=10) == ["vault"]
    with desk.store.work() as work:
        saw(work, "pbx2", [Seen("spool", 1, TOTAL)], 5)
        saw(work, "pbx1", [], 5)
    with desk.store.read() as session:
        assert [(one.node, one.what) for one in open_alarms(session)] == [("pbx2", "spool")]


def test_administrators_are_told_once_of_each_beginning_and_end_by_message_and_mail(desk: Office) -> None:
    admin(desk)
    look(desk, vault=10)
    begun = [("disk-low", "disk-low vault", "message"), ("disk-low", "disk-low vault", "mail")]
    assert sorted(told(desk)) == sorted(begun)
    look(desk, vault=20)
    assert sorted(told(desk)) == sorted(begun)
    look(desk, vault=900)
    over = [("disk-room", "disk-room vault", "message"), ("disk-room", "disk-room vault", "mail")]
    assert sorted(told(desk)) == sorted(begun + over)
    with desk.store.read() as session:
        texts = session.scalars(
            select(Message.text).where(Message.text.contains("ug")).order_by(Message.at, Message.id)
        ).all()
    assert texts == ["10 of 1000 in ug", "900 of 1000 in ug"]


def test_one_that_is_over_before_anybody_was_told_is_told_whole(desk: Office) -> None:
    admin(desk)
    look(desk, vault=10)
    look(desk, vault=900)
    assert [kind for kind, _, way in told(desk) if way == "message"] == ["disk-low", "disk-room"]
