"""The desk is told of handsets that fell silent, in its own language, and where to look."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backoffice.notices.letters import MOST_NAMED, Letters
from backoffice.words import Words
from schema.desk.handsets import enrol
from schema.desk.silence import Silent
from schema.handsets import Duty
from schema.ids import uuid7
from schema.store import Store
from tests.backoffice.notices.noticeroom import room, rows
from tests.schema.desk.casework import open_office

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


def test_a_room_tells_of_silence_once(store: Store) -> None:
    store.clock = lambda: NOW
    desk = open_office(store)
    with store.work() as work:
        enrol(work, device="hs-1", worker=desk.worker, secret="sixteen letters!")
        begun = NOW - timedelta(hours=1)
        work.session.add(Duty(id=uuid7(), worker=desk.worker, device="hs-1", started_at=begun, ended_at=None))
    notices = room(store)
    assert notices.silence() is notices.silence() is False, "there is never more than was told"
    told = rows(store, kind="silent", way="message")
    assert {one.receiver for one in told} == {desk.supervisor, desk.clerk}
    assert (
        told[0].subject == "在岗终端失联：1 台"
        and "hs-1" in told[0].text
        and "2026-11-24 15:00" in told[0].text
    )


def test_a_long_list_is_cut_and_says_by_how_many() -> None:
    letters = Letters(Words.read(), ZoneInfo("Asia/Shanghai"), "https://city.example/")
    silent = [Silent(f"hs-{n}", "W", NOW) for n in range(MOST_NAMED + 5)]
    subject, text = letters.write_silent("en", silent)
    assert subject == "Silent on duty: 35 handsets" and text.count("hs-") == MOST_NAMED
    assert text.endswith("… 5\nhttps://city.example/field?state=silent")
