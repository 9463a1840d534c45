"""The audit of recordings: silent about a site that is right, and a line for each thing that is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from conf.settings import Settings
from recordings.audit import audit
from recordings.play import Player
from recordings.rekey import rewrap
from recordings.vault import sealer_of, shelf_of
from schema.base import table_of
from schema.calls import CallRow, LegRow
from schema.recordings import Recording, RecordingFile
from schema.store import Store
from tests.recordings.recorded import AT, Recorded, keep

EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def talked(store: Store, leg: Recorded, seconds: float = 1, kind: str = "seat") -> None:
    """The rows of the call and leg of a recording."""
    with store.work() as work:
        if work.session.get(CallRow, leg.call) is None:
            work.session.add(CallRow(id=leg.call, contact=leg.contact, node="pbx1", entered_at=AT))
            work.session.flush()
        work.session.add(
            LegRow(
                node="pbx1", leg=leg.leg, call=leg.call, kind=kind, seat=leg.seat, started_at=AT, answered_at=AT,
                ended_at=AT + timedelta(seconds=seconds),
            )
        )  # fmt: skip


@pytest.fixture
def found(site: Settings, store: Store) -> Callable[[], list[str]]:
    def find() -> list[str]:
        told = audit(store, Player(site, store), shelf_of(site), *EVER)
        return [line.partition(" ")[0] for line in told.differences]

    return find


@pytest.fixture
def right(site: Settings, store: Store) -> list[Recorded]:
    """Two legs with their recordings."""
    legs = [Recorded(site).fill() for _ in range(2)]
    for leg in legs:
        keep(site, store, leg)
        talked(store, leg)
    return legs


def test_a_site_that_is_right_has_no_difference(
    site: Settings, store: Store, right: list[Recorded], found: Callable[[], list[str]]
) -> None:
    told = audit(store, Player(site, store), shelf_of(site), *EVER)
    assert (told.legs, told.recordings, told.files, told.differences) == (2, 2, 6, []) and told.bytes > 6000
    talked(store, Recorded(site, contact=right[0].contact), kind="party")
    assert found() == [], "whoever a recorded seat talks with is recorded by it"


def test_what_is_wrong_is_told_both_ways(
    site: Settings, store: Store, right: list[Recorded], found: Callable[[], list[str]]
) -> None:
    with store.read() as session:
        files = list(
            session.scalars(select(RecordingFile).order_by(RecordingFile.recording, RecordingFile.side))
        )
    place: Path = site.vault / "recordings"
    data = bytearray((place / files[0].path).read_bytes())
    data[99] ^= 4
    (place / files[0].path).write_bytes(data)
    (place / files[1].path).unlink()
    (place / "stray.sealed").write_bytes(b"x")
    talked(store, Recorded(site))
    assert found() == ["lost", "changed", "changed", "unowned"]
    with store.work() as work:
        work.session.execute(
            delete(table_of(RecordingFile)).where(RecordingFile.recording == files[0].recording)
        )
        work.session.execute(update(table_of(LegRow)).values(ended_at=AT + timedelta(seconds=60)))
    assert sorted(found()) == ["lost"] * 4 + ["short"] * 2 + ["unowned"] * 3


def test_files_of_the_spool_that_are_not_taken_and_reasons_that_are_not_stated_are_told(
    site: Settings, store: Store, found: Callable[[], list[str]]
) -> None:
    leg = Recorded(site)
    with store.work() as work:
        for state, other in (("spool", leg), ("missing", Recorded(site))):
            work.session.add(
                Recording(
                    id=other.contact, contact=other.contact, call=other.call, node="pbx1", leg=other.leg, seat="101",
                    name=other.name, state=state, started_at=AT,
                )
            )  # fmt: skip
    talked(store, leg)
    assert found() == ["waiting", "unsaid"]


def test_a_new_site_key_leaves_the_files_as_they_are(
    site: Settings, store: Store, right: list[Recorded], found: Callable[[], list[str]]
) -> None:
    files = {path: shelf_of(site).read(path, 0, 1 << 20) for path in shelf_of(site).paths()}
    playing = Player(site, store)  # another process, which has the old key in its memory
    sealer, keys = sealer_of(site), site.var / "keys" / "recordings.key"
    old = keys.read_bytes()
    sealer.turn()
    assert found() == [], "half way"
    assert rewrap(store, sealer) == 6 and rewrap(store, sealer) == 0
    assert keys.stat().st_mode & 0o777 == 0o600
    keys.write_bytes(keys.read_bytes().removesuffix(old))
    assert found() == [] and audit(store, playing, shelf_of(site), *EVER).differences == []
    assert {path: shelf_of(site).read(path, 0, 1 << 20) for path in shelf_of(site).paths()} == files
    keys.write_bytes(old)
    assert found() == ["changed"] * 6, "the old key opens nothing any more"
