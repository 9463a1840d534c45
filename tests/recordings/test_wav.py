"""WAV files: their length, a header that was never finished, and what is no audio."""

from pathlib import Path

import pytest

from demo.phone import write_tone
from recordings.wav import NotAudio, mend


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    file = tmp_path / "tone.wav"
    write_tone(file, 440, seconds=2)
    return file


def test_a_whole_file_is_left_as_it_is(tone: Path) -> None:
    before = tone.read_bytes()
    assert mend(tone) == pytest.approx(2.0)
    assert tone.read_bytes() == before


def test_a_header_without_lengths_gets_them_from_the_file(tone: Path) -> None:
    whole = tone.read_bytes()
    torn = bytearray(whole)
    torn[4:8] = torn[40:44] = bytes(4)
    tone.write_bytes(torn)
    assert mend(tone) == pytest.approx(2.0)
    assert tone.read_bytes() == whole


def test_half_a_sample_at_the_end_does_not_count(tone: Path) -> None:
    tone.write_bytes(tone.read_bytes() + b"\x01")
    assert mend(tone) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "data",
    [b"", b"RIFF", b"x" * 100, b"RIFF0000WAVEfmt " + bytes(60)],
    ids=["empty", "short", "other", "zeros"],
)
def test_what_is_no_audio_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.wav"
    file.write_bytes(data)
    with pytest.raises(NotAudio, match=r"x\.wav"):
        mend(file)
