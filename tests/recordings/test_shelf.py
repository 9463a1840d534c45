"""A shelf of folders: files whole or not at all, for the owner alone, and never outside."""

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conf.keeping import Keeping
from conf.settings import BadSettings
from recordings.bucket import BucketShelf
from recordings.shelf import Absent, DiskShelf, Shelf
from tests.recordings.objectstore import Store, store_of_objects

__all__ = ["store_of_objects"]
PATH = "2026/11/24/x/mix.sealed"


@pytest.fixture
def disk(tmp_path: Path) -> DiskShelf:
    return DiskShelf(tmp_path / "vault")


@pytest.fixture(params=["disk", "bucket"])
def shelf(request: pytest.FixtureRequest, disk: DiskShelf) -> Shelf:
    """Every kind of shelf, empty."""
    if request.param == "disk":
        return disk
    store: Store = request.getfixturevalue("store_of_objects")
    return BucketShelf(store.bucket())


def put(shelf: Shelf, path: str, data: bytes) -> None:
    with shelf.new(path) as out:
        out.write(data)


def test_what_was_put_there_is_read_in_ranges(shelf: Shelf) -> None:
    put(shelf, PATH, b"0123456789")
    assert (shelf.size(PATH), shelf.read(PATH, 3, 4), shelf.read(PATH, 8, 99)) == (10, b"3456", b"89")
    put(shelf, PATH, b"again")
    assert list(shelf.paths()) == [PATH] and shelf.read(PATH, 0, 99) == b"again"


def test_all_is_for_the_owner_alone(disk: DiskShelf, tmp_path: Path) -> None:
    before = os.umask(0o000)
    try:
        put(disk, PATH, b"x")
    finally:
        os.umask(before)
    modes = {p.is_dir(): stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "vault").rglob("*")}
    assert modes == {True: 0o700, False: 0o600}
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o700


def test_one_that_is_not_finished_is_not_there(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), shelf.new(PATH) as out:
        out.write(b"half")
        raise RuntimeError
    assert list(shelf.paths()) == [] and [p for p in tmp_path.rglob("*.part")] == []


def test_what_is_not_there_is_said(shelf: Shelf) -> None:
    assert list(shelf.paths()) == []
    for asked in (lambda: shelf.size(PATH), lambda: shelf.read(PATH, 0, 1)):
        with pytest.raises(Absent, match="mix.sealed is not in the vault"):
            asked()


def test_what_is_removed_takes_its_empty_folders_along(shelf: Shelf, tmp_path: Path) -> None:
    put(shelf, PATH, b"x")
    put(shelf, "2026/11/25/y/mix.sealed", b"y")
    shelf.remove(PATH)
    shelf.remove(PATH)
    assert list(shelf.paths()) == ["2026/11/25/y/mix.sealed"]
    assert not (tmp_path / "vault/2026/11/24").exists()


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "recordings/../../x", "a\0b"])
def test_a_path_that_leaves_the_shelf_is_refused(disk: DiskShelf, path: str) -> None:
    with pytest.raises(ValueError, match="not in the vault"):
        disk.size(path)


def test_the_room_on_the_disk_is_told_before_there_is_a_folder(disk: DiskShelf) -> None:
    space = disk.space()
    assert space is not None and 0 < space.free <= space.total


LIMITED = """
import resource, sys, signal
from pathlib import Path
from recordings.shelf import DiskShelf
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with DiskShelf(Path(sys.argv[1])).new("a/mix.sealed") as out:
        out.write(bytes(5000))
except OSError as error:
    print("refused", error.errno)
"""


def test_a_disk_that_takes_no_more_leaves_nothing_half(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "v")], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    assert done.stdout.startswith("refused") and list(DiskShelf(tmp_path / "v").paths()) == []
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_a_store_that_refuses_or_is_away_is_an_error_of_the_system(
    store_of_objects: Store, tmp_path: Path
) -> None:
    how = store_of_objects.bucket()
    with pytest.raises(OSError, match="refuses"):
        list(BucketShelf(replace(how, bucket="nowhere")).paths())
    away = BucketShelf(replace(how, endpoint="http://127.0.0.1:9", timeout=0.2))
    with pytest.raises(OSError, match="does not answer"):
        put(away, PATH, b"x")
    with pytest.raises(BadSettings, match="endpoint"):
        BucketShelf(replace(how, endpoint="somewhere"))
    with pytest.raises(BadSettings, match="secret_file"):
        BucketShelf(replace(how, secret_file=str(tmp_path / "none")))
    assert isinstance(how, Keeping)
