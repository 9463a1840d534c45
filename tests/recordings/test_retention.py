"""Retention: past its kind's days a recording loses keys and files; a hold keeps; a kill in between ends the same."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from conf.settings import Settings
from recordings.retention import Retention
from recordings.vault import shelf_of
from schema.base import table_of
from schema.desk import keeping
from schema.desk import recordings as desk
from schema.orders import HoldRecordings, ReleaseRecordings, SetRetention
from schema.recordings import Recording, RecordingFile
from schema.store import Store
from tests.recordings.recorded import Recorded, keep


@pytest.fixture
def old(site: Settings, store: Store) -> list[Recording]:
    """A call, a message and a return visit, all kept 1,000 days ago."""
    for seat in ("101", "voicemail", "visit"):
        keep(site, store, Recorded(site, seat=seat).fill())
    with store.work() as work:
        work.session.execute(update(table_of(Recording)).values(kept_at=work.now - timedelta(days=1000)))
    with store.read() as session:
        return list(session.scalars(select(Recording).order_by(Recording.id)))


def states(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Recording.state).order_by(Recording.id)))


def test_what_is_over_has_no_key_and_no_file(site: Settings, store: Store, old: list[Recording]) -> None:
    shelf = shelf_of(site)
    assert Retention(store, shelf).sweep() == 1 and Retention(store, shelf).sweep() == 0
    assert states(store) == ["erased", "kept", "kept"], "a call is kept for 730 days, the others for 1,095"
    assert len(list(shelf.paths())) == 6
    with store.read() as session:
        assert desk.files_of(session, old[0].id) == []
        assert desk.find(session, old[0].id).reason == "call: 730 days"  # type: ignore[union-attr]


def test_days_that_were_chosen_count_and_none_is_for_good(
    site: Settings, store: Store, old: list[Recording]
) -> None:
    for kind, days in (("call", 0), ("visit", 999)):
        with store.work() as work:
            keeping.set_retention(work, SetRetention(kind=kind, days=days))
    assert Retention(store, shelf_of(site)).sweep() == 1
    assert states(store) == ["kept", "kept", "erased"]


def test_a_hold_keeps_until_it_is_lifted(site: Settings, store: Store, old: list[Recording]) -> None:
    with store.work() as work:
        hold = keeping.hold(work, HoldRecordings(contact=old[0].contact, reason="案号 12"))  # type: ignore[arg-type]
    assert Retention(store, shelf_of(site)).sweep() == 0
    with store.work() as work:
        keeping.release(work, ReleaseRecordings(hold=hold.id))
    assert Retention(store, shelf_of(site)).sweep() == 1


def test_killed_before_the_files_are_gone_they_go_next_time(
    site: Settings, store: Store, old: list[Recording]
) -> None:
    with store.work() as work:
        desk.erase(work, old[0].id, "x")
    shelf = shelf_of(site)
    with store.read() as session:
        first = session.scalars(select(RecordingFile).where(RecordingFile.recording == old[0].id)).first()
    assert first is not None and first.key == ""
    shelf.remove(first.path)  # and killed again
    assert Retention(store, shelf).sweep() == 0
    assert len(list(shelf.paths())) == 6 and desk_files(store, old[0].id) == 0


def desk_files(store: Store, recording: UUID) -> int:
    with store.read() as session:
        return len(desk.files_of(session, recording))
