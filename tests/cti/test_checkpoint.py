from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cti import checkpoint, notes
from cti.floor import FloorState
from cti.memory import Memory
from cti.tape import Mark
from tests.cti.play import Caller, Play

AT, ROWS = Mark("e2", 7), Mark("e2", 5)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return checkpoint.file_of(tmp_path, "pbx1")


def kept(file: Path, play: Play, rows: Mark = ROWS) -> None:
    checkpoint.save(file, AT, rows, *checkpoint.packed(play.hearing.memory, play.floor.state))


def a_floor() -> Play:
    """Everything that a floor and a hearing can remember."""
    play = Play()
    play.event(Event="FullyBooted", Uptime="10")
    play.seat()
    play.note(notes.seat_skilled("101", "zh:10", "water:3", "hotline"))
    for stage in ("ivr", "queue", "net", "talking"):
        caller = play.brought(Caller(stage), stage)
    play.told(caller, "Held", By="101")
    asked = {
        "Uniqueid": caller.legs[0],
        "DestUniqueid": "x.1",
        "DestChannel": "PJSIP/carrier-x",
        "DialString": "+86@c",
    }
    play.event(Event="DialBegin", **asked)
    play.over(play.brought(Caller("gone"), "ivr").leg)
    return play


def test_what_is_kept_is_what_is_found(file: Path) -> None:
    play = a_floor()
    kept(file, play)
    found = checkpoint.load(file, ROWS)
    assert (found.mark, found.memory, found.floor) == (AT, play.hearing.memory, play.floor.state)
    assert list(file.parent.iterdir()) == [file]


def test_what_is_found_goes_on_as_if_nothing_had_been(file: Path) -> None:
    play = a_floor()
    kept(file, play)
    found = checkpoint.load(file, ROWS)
    again = Play()
    again.now, again.hearing.memory = play.now + timedelta(seconds=9), found.memory
    again.floor.restore(found.floor)
    play.wait(9)
    for each in (play, again):
        for leg in sorted(each.hearing.memory.legs):
            each.over(leg)
    assert again.floor.state == play.floor.state and again.hearing.memory == play.hearing.memory


@pytest.mark.parametrize("rows", [Mark("e1", 99), Mark("e2", 4), Mark()])
def test_a_checkpoint_that_is_ahead_of_the_rows_is_not_taken(file: Path, rows: Mark) -> None:
    kept(file, a_floor())
    with capture_logs() as logs:
        found = checkpoint.load(file, rows)
    assert (found.mark, found.memory, found.floor) == (Mark(), Memory(), FloorState())
    assert bool(logs) == (rows != Mark())  # at the very beginning there is nothing to be sorry for


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x93\x01\x02\x03"])
def test_one_that_cannot_be_read_is_not_taken_and_that_is_said(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with capture_logs() as logs:
        assert checkpoint.load(file, ROWS).mark == Mark()
    assert "cannot be read" in logs[0]["reason"]


def test_one_of_another_form_is_not_taken(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(file, a_floor())
    monkeypatch.setattr(checkpoint, "VERSION", checkpoint.VERSION + 1)
    assert checkpoint.load(file, ROWS).mark == Mark()


def test_a_write_that_fails_leaves_the_one_before(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(file, Play())
    before = file.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept(file, a_floor())
    assert file.read_bytes() == before


def test_without_one_there_is_nothing(file: Path) -> None:
    with capture_logs() as logs:
        assert checkpoint.load(file, Mark()).mark == Mark()
        assert not logs
        checkpoint.load(file, ROWS)
    assert logs[0]["reason"] == "there is none"
