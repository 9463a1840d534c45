"""An announcement is shown for its time, to each until they have read it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.desk.announcements import (
    announce,
    announced_to,
    announcements,
    end_announcement,
    read_announcement,
)
from schema.desk.errors import Refused
from schema.ids import uuid7
from schema.notices import Announcement
from schema.orders import Announce, EndAnnouncement
from tests.schema.desk.casework import Office

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def say(desk: Office, **changes: Any) -> Announcement:
    desk.store.clock = lambda: NOW
    given = {"by": desk.supervisor, "text": "台风预警", "begin": NOW, "end": NOW + timedelta(hours=2)}
    with desk.store.work() as work:
        return announce(work, Announce(**given | changes))


def shown(desk: Office, user: UUID, after: timedelta) -> list[str]:
    with desk.store.read() as session:
        return [row.text for row in announced_to(session, user, NOW + after)]


def test_it_is_shown_from_its_beginning_to_its_end(desk: Office) -> None:
    say(desk, begin=NOW + timedelta(minutes=1))
    seen = [shown(desk, desk.agent, timedelta(minutes=minutes)) for minutes in (0, 1, 119, 120)]
    assert seen == [[], ["台风预警"], ["台风预警"], []]


def test_each_puts_it_away_for_themselves_and_it_can_be_ended_for_all(desk: Office) -> None:
    row = say(desk)
    for _ in range(2):
        with desk.store.work() as work:
            read_announcement(work, desk.agent, row.id)
    minute = timedelta(minutes=1)
    assert (shown(desk, desk.agent, minute), shown(desk, desk.clerk, minute)) == ([], ["台风预警"])
    with desk.store.work() as work:
        end_announcement(work, EndAnnouncement(by=desk.admin, announcement=row.id))
    assert shown(desk, desk.clerk, minute) == []
    with desk.store.read() as session:
        assert len(announcements(session)) == 1
    assert [one.name for one in desk.said()] == ["Announced", "Announced"]


def test_the_same_order_again_announces_nothing_twice(desk: Office) -> None:
    order = uuid7()
    assert say(desk, order=order).id == say(desk, order=order).id
    assert len(desk.said()) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"text": ""}, {"text": "x" * 501}, {"end": NOW}, {"begin": NOW - timedelta(days=2), "end": NOW},
     {"end": NOW + timedelta(days=367)}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(desk: Office, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        say(desk, **wrong)
    assert refused.value.code == "bad-field"


def test_who_may_not_is_refused_and_what_is_not_there_is_said(desk: Office) -> None:
    with pytest.raises(Refused) as refused:
        say(desk, by=desk.agent)
    assert refused.value.code == "not-allowed"
    with desk.store.work() as work:
        for act in (
            lambda: end_announcement(work, EndAnnouncement(by=desk.admin, announcement=uuid7())),
            lambda: read_announcement(work, desk.agent, uuid7()),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "not-found"
