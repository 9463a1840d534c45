"""Playing: byte ranges, waveforms, the proof that tells a changed file, and clear words for what cannot be heard."""

from uuid import UUID

import pytest
from sqlalchemy import select

from conf.settings import Settings
from recordings.play import NoRecording, Player
from schema.desk import recordings as desk
from schema.ids import uuid7
from schema.recordings import Recording, RecordingFile
from schema.store import Store
from tests.recordings.recorded import Recorded, keep


@pytest.fixture
def kept(site: Settings, store: Store) -> UUID:
    keep(site, store, Recorded(site).fill(seconds=2))
    with store.read() as session:
        return session.scalars(select(Recording.id)).one()


def flip(site: Settings, store: Store, kept: UUID, side: str) -> None:
    with store.read() as session:
        file = site.vault / "recordings" / session.get_one(RecordingFile, (kept, side)).path
    data = bytearray(file.read_bytes())
    data[500] ^= 1
    file.write_bytes(data)


def test_a_range_is_what_the_sound_holds_there(site: Settings, store: Store, kept: UUID) -> None:
    player = Player(site, store)
    whole = player.sound(kept, "mix").piece()
    data = b"".join(whole.chunks)
    assert (whole.start, whole.end, whole.size) == (0, len(data) - 1, len(data)) and data[:4] == b"OggS"
    assert whole.media == "audio/ogg"
    part = player.sound(kept, "mix").piece(1000, 70_000)
    assert (part.start, part.end, part.size) == (1000, len(data) - 1, len(data))
    assert b"".join(part.chunks) == data[1000:]
    assert b"".join(player.sound(kept, "mix").piece(10, 20).chunks) == data[10:21]


@pytest.mark.parametrize(("start", "end"), [(10**9, None), (-1, 5), (9, 3)])
def test_a_range_outside_is_refused(
    site: Settings, store: Store, kept: UUID, start: int, end: int | None
) -> None:
    with pytest.raises(ValueError, match="not in a file"):
        Player(site, store).sound(kept, "mix").piece(start, end)


def test_a_waveform_has_as_many_points_as_asked(site: Settings, store: Store, kept: UUID) -> None:
    points = Player(site, store).waveform(kept, "seat", 120)
    assert len(points) == 120 and all(0.2 < p < 0.4 for p in points)
    assert len(Player(site, store).waveform(kept, "seat", 10**9)) == 1000


def test_a_changed_file_is_found_and_is_not_played(site: Settings, store: Store, kept: UUID) -> None:
    player = Player(site, store)
    assert player.verify(kept) == []
    flip(site, store, kept, "seat")
    assert player.verify(kept) == ["seat: piece 1 of 1 is not what was sealed"]
    with pytest.raises(NoRecording, match="seat: piece 1 of 1"):
        player.sound(kept, "seat").piece()
    assert player.sound(kept, "citizen").size > 0


def test_what_is_not_there_is_told(site: Settings, store: Store, kept: UUID) -> None:
    player = Player(site, store)
    with pytest.raises(NoRecording, match="there is no recording"):
        player.find(uuid7())
    with store.read() as session:
        path = session.get_one(RecordingFile, (kept, "mix")).path
    (site.vault / "recordings" / path).unlink()
    with pytest.raises(NoRecording, match=r"mix\.sealed is not in the vault"):
        player.sound(kept, "mix").piece()
    with store.work() as work:
        desk.erase(work, kept, "its time is over")
    with pytest.raises(NoRecording, match="its time is over"):
        player.sound(kept, "citizen").piece()
