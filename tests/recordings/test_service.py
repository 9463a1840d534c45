"""The recordings room on a real bus: facts from the outbox end as kept recordings; the spool is swept at start."""

from sqlalchemy import select

from conf.settings import Settings
from recordings.service import Recordings
from schema.bus_memory import MemoryBus
from schema.recordings import Recording
from schema.relay import Relay
from schema.store import Store
from tests.patience import until
from tests.recordings.recorded import Recorded


def test_a_stopped_recording_is_kept_and_a_left_one_is_swept_in(site: Settings, store: Store) -> None:
    left = Recorded(site).fill()
    bus = MemoryBus(store)
    relay, room = Relay(store, bus), Recordings(site, store, bus)
    bus.start()
    relay.start()
    room.start()
    try:
        told = Recorded(site).fill()
        with store.work() as work:
            work.emit(told.started())
            work.emit(told.stopped())
        until(lambda: _kept(store) == {left.name, told.name})
    finally:
        room.stop()
        relay.stop()
        bus.stop()


def _kept(store: Store) -> set[str]:
    with store.read() as session:
        return set(session.scalars(select(Recording.name).where(Recording.state == "kept")))
