"""The demo's photos look like a camera's, with what a camera gives away."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from demo.camera import GPS_IFD, take_photo

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_a_photo_knows_its_place_and_time(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    take_photo(file, words="hs1", lon=-120.5, lat=30.25, at=AT)
    with Image.open(file) as photo:
        photo.load()
        gps = photo.getexif().get_ifd(GPS_IFD)
        assert (photo.format, photo.size, gps[1], gps[3]) == ("JPEG", (1280, 960), "N", "W")
        degrees, minutes, seconds = (float(part) for part in gps[2])
        assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(30.25, abs=1e-6)
        assert photo.getexif()[0x0132] == "2026:11:24 10:00:00"
    assert 50_000 < file.stat().st_size < 500_000  # takes several pieces to send


def test_without_a_place_there_is_none_in_it(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    take_photo(file, words="hs1", lon=None, lat=None, at=AT)
    with Image.open(file) as photo:
        assert not photo.getexif().get_ifd(GPS_IFD)
