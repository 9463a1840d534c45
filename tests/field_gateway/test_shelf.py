"""Photos are put together chunk by chunk, and every step may be done again."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.camera import take_photo
from field_gateway.photos import NoPhoto
from field_gateway.shelf import Shelf
from schema.desk.media import original_path, thumb_path
from schema.ids import uuid7

MEDIA = uuid7()


@pytest.fixture
def photo(tmp_path: Path) -> bytes:
    file = tmp_path / "photo.jpg"
    take_photo(file, words="test", lon=1, lat=2, at=datetime(2026, 11, 24, 10, tzinfo=UTC))
    return file.read_bytes()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "vault")


def finish(shelf: Shelf, photo: bytes) -> str:
    return shelf.finish(MEDIA, "image/jpeg", len(photo), hashlib.sha256(photo).hexdigest())


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_chunks_make_a_photo_with_its_copies(shelf: Shelf, photo: bytes, tmp_path: Path) -> None:
    for offset in range(0, len(photo), 10_000):
        shelf.write(MEDIA, offset, photo[offset : offset + 10_000])
    path = finish(shelf, photo)
    vault = tmp_path / "vault"
    assert (vault / original_path(path)).read_bytes() == photo
    assert (vault / original_path(path)).stat().st_mode & 0o077 == 0
    assert {f.relative_to(vault).as_posix() for f in files(vault)} == {
        path,
        original_path(path),
        thumb_path(path),
    }
    assert b"Exif" not in (vault / path).read_bytes()


def test_a_chunk_written_again_cuts_off_what_lay_behind_it(shelf: Shelf) -> None:
    shelf.write(MEDIA, 0, b"aaaa")
    shelf.write(MEDIA, 4, b"bbbb")
    shelf.write(MEDIA, 4, b"cc")
    assert shelf.length(MEDIA) == 6


def test_finishing_again_after_a_crash_gives_the_same(shelf: Shelf, photo: bytes, tmp_path: Path) -> None:
    shelf.write(MEDIA, 0, photo)
    path = finish(shelf, photo)
    # The commit did not happen, so the last chunk comes again and lands in a new, holey file.
    shelf.write(MEDIA, len(photo) - 100, photo[-100:])
    assert finish(shelf, photo) == path
    assert len(files(tmp_path / "vault")) == 3


@pytest.mark.parametrize(
    "spoil", [lambda p: p[:-1], lambda p: p + b"x", lambda p: p[:-1] + bytes([p[-1] ^ 1])]
)
def test_a_photo_that_is_not_the_one_announced_leaves_nothing(
    shelf: Shelf, photo: bytes, tmp_path: Path, spoil
) -> None:  # type: ignore[no-untyped-def]
    shelf.write(MEDIA, 0, spoil(photo))
    with pytest.raises(NoPhoto):
        finish(shelf, photo)
    assert files(tmp_path / "vault") == [] and shelf.length(MEDIA) == 0


def test_what_is_no_photo_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    junk = b"hello, I am a photo"
    shelf.write(MEDIA, 0, junk)
    with pytest.raises(NoPhoto):
        finish(shelf, junk)
    assert files(tmp_path / "vault") == []
