"""Room for recordings: what is looked at, each disk once, and an alarm written down by the room that looks."""

from dataclasses import replace

from sqlalchemy import select

from conf.keeping import Keeping
from conf.settings import Pbx, Settings
from recordings.service import Recordings
from recordings.space import rooms, watched
from schema.bus_memory import MemoryBus
from schema.desk.spacealarms import open_alarms
from schema.spacealarms import SpaceAlarm
from schema.store import Store


def test_each_disk_is_watched_once_and_the_vault_by_the_first_pbx(site: Settings) -> None:
    assert [room.what for room in rooms(site)] == ["vault", "spool"]
    assert [place.what for place in watched(site)] == ["vault"], "both are on one disk"
    two = replace(site, nodes=(Pbx(node="pbx2", folder="pbx2"),))
    assert watched(two.at("pbx2")) == [], "its spool is on the disk that the first one watches"


def test_a_disk_with_too_little_room_gives_an_alarm_that_ends_with_room(site: Settings, store: Store) -> None:
    for percent, on in ((100, True), (100, True), (0, False)):
        settings = replace(site, recordings=Keeping(low_percent=percent))
        Recordings(settings, store, MemoryBus(store))._look_around()
        with store.read() as session:
            assert [alarm.what for alarm in open_alarms(session)] == (["vault"] if on else [])
    with store.read() as session:
        (row,) = session.scalars(select(SpaceAlarm))
        assert row.node == site.pbx.node and 0 < row.free <= row.total and row.ended_at is not None
