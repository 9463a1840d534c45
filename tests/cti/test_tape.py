import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cti.tape import HEAD, Heard, Mark, Reader, Tape, files, new_epoch, prune
from schema.ids import uuid7

AT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)


def taped(folder: Path, *raws: bytes, epoch: str = "", segment: int = 1 << 20) -> tuple[Tape, list[Heard]]:
    tape = Tape(folder, "pbx1", epoch or new_epoch(folder, "pbx1", Mark()), segment=segment)
    return tape, [frame for raw in raws for frame in tape.append([raw], 5, AT)]


@pytest.fixture
def reads(tmp_path: Path) -> Iterator[Callable[..., Reader]]:
    """Makes readers of the test's tape, from a mark; all are closed afterwards."""
    made: list[Reader] = []

    def make(mark: Mark = Mark()) -> Reader:  # noqa: B008
        made.append(Reader(tmp_path, "pbx1", mark))
        return made[-1]

    yield make
    for reader in made:
        reader.close()


def test_what_is_taped_reads_back(tmp_path: Path, reads: Callable[..., Reader]) -> None:
    tape, frames = taped(tmp_path, b"Event: A\r\nX: 1", "Event: 王\n@1 2 3 4\n".encode(), b"")
    tape.close()
    assert reads().read() == frames
    assert [frame.sequence for frame in frames] == [1, 2, 3]


def test_reading_begins_after_the_mark(tmp_path: Path, reads: Callable[..., Reader]) -> None:
    tape, frames = taped(tmp_path, b"a", b"b", b"c")
    reader = reads(Mark(tape.epoch, 2))
    assert reader.read() == frames[2:]
    assert reader.mark == Mark(tape.epoch, 3)
    assert reader.read() == []


def test_a_reader_follows_what_is_still_being_written(tmp_path: Path, reads: Callable[..., Reader]) -> None:
    reader = reads()
    assert reader.read() == []
    tape, first = taped(tmp_path, b"a")
    assert reader.read() == first
    assert reader.read() == []
    second = tape.append([b"b", b"c"], 6, AT)
    assert reader.read(most=1) == second[:1]
    tape.close()
    _, third = taped(tmp_path, b"d")
    assert reader.read() == [*second[1:], *third]


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_torn_last_frame_is_passed_over(tmp_path: Path, reads: Callable[..., Reader], cut: int) -> None:
    tape, frames = taped(tmp_path, b"first", b"the last one")
    tape.close()
    (path,) = files(tmp_path, "pbx1")
    os.truncate(path, path.stat().st_size - cut)
    reader = reads()
    assert reader.read() == frames[:1]
    _, after = taped(tmp_path, b"a new epoch")
    assert reader.read() == after


def test_a_frame_that_is_half_there_is_read_when_it_is_whole(
    tmp_path: Path, reads: Callable[..., Reader]
) -> None:
    tape, frames = taped(tmp_path, b"first", b"second")
    tape.close()
    (path,) = files(tmp_path, "pbx1")
    data = path.read_bytes()
    path.write_bytes(data[:-4])
    reader = reads()
    assert reader.read() == frames[:1]
    path.write_bytes(data)
    assert reader.read() == frames[1:]


def test_files_stay_small_and_read_as_one(tmp_path: Path, reads: Callable[..., Reader]) -> None:
    tape, frames = taped(tmp_path, *(b"x" * 100 for _ in range(20)), segment=300)
    tape.close()
    assert len(files(tmp_path, "pbx1")) > 3
    assert reads().read() == frames
    assert reads(Mark(tape.epoch, 15)).read() == frames[15:]


def test_a_full_disk_leaves_no_half_frame(
    tmp_path: Path, reads: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    tape, frames = taped(tmp_path, b"first")
    real = os.write

    def full(file: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return real(file, bytes(data)[: len(data) // 2])

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            tape.append([b"lost"], 6, AT)
    again = tape.append([b"second"], 7, AT)
    assert again[0].sequence == 2
    assert reads().read() == [*frames, *again]


def test_other_files_and_nodes_are_no_tape(tmp_path: Path, reads: Callable[..., Reader]) -> None:
    Tape(tmp_path, "pbx1-b", str(uuid7())).append([b"another node"], 1, AT)
    (tmp_path / "pbx1-note.tape").write_bytes(HEAD)
    _, frames = taped(tmp_path, b"ours")
    assert reads().read() == frames


def test_a_new_epoch_is_the_last_even_when_the_clock_was_set_back(tmp_path: Path) -> None:
    future = str(uuid7(lambda: 1 << 47))
    Tape(tmp_path, "pbx1", future).append([b"from tomorrow"], 1, AT)
    assert new_epoch(tmp_path, "pbx1", Mark()) > future
    marked = str(uuid7(lambda: (1 << 47) + 5))
    assert new_epoch(tmp_path, "pbx1", Mark(marked, 3)) > marked


def test_old_files_go_when_the_records_have_passed_them(tmp_path: Path) -> None:
    for _ in range(3):
        tape, _ = taped(tmp_path, b"x" * 1000)
        tape.close()
    one, two, three = files(tmp_path, "pbx1")
    passed = Mark(tape.epoch, 1)
    assert prune(tmp_path, "pbx1", passed, days=1, megabytes=1) == 0
    os.utime(one, (0, 0))
    assert prune(tmp_path, "pbx1", Mark(), days=1, megabytes=1) == 0
    assert prune(tmp_path, "pbx1", passed, days=1, megabytes=1) == 1
    assert files(tmp_path, "pbx1") == [two, three]
    assert prune(tmp_path, "pbx1", passed, days=1, megabytes=0) == 1
    assert files(tmp_path, "pbx1") == [three]
