"""Encoding: the picture follows the sound, to the last sample."""

import io
from pathlib import Path

import pytest

from demo.hearing import hear_sound
from demo.phone import write_tone
from recordings.opus import POINTS, Encoded, encode


def encoded(file: Path) -> tuple[Encoded, bytes]:
    out = io.BytesIO()
    return encode(file, out, 16_000), out.getvalue()


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    file = tmp_path / "tone.wav"
    write_tone(file, 440, seconds=4)
    return file


def test_the_picture_follows_the_sound(tone: Path) -> None:
    done, data = encoded(tone)
    assert done.seconds == 4.0 and all(0.25 < peak / 255 < 0.35 for peak in done.peaks)
    assert hear_sound(data).share(440) > 0.8 and len(data) * 8 / 4 < 20_000


def test_the_last_sample_is_in_the_picture_and_silence_is_flat(tone: Path) -> None:
    data = tone.read_bytes()
    tone.write_bytes(data[:-32000] + bytes(31998) + b"\xff\x7f")
    done, _ = encoded(tone)
    assert done.peaks[-1] == 255 and set(done.peaks[-499:-1]) == {0}


def test_less_samples_than_points_are_drawn_too(tone: Path) -> None:
    data = tone.read_bytes()
    tone.write_bytes(data[:40] + (200).to_bytes(4, "little") + data[44:244])
    done, _ = encoded(tone)
    assert len(done.peaks) == POINTS and max(done.peaks) > 60
