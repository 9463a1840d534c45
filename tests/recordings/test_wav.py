"""WAV files: their length, a header that was never finished, and what is no audio."""

from pathlib import Path

import pytest

from demo.phone import write_tone
from recordings.wav import NotAudio, mend, peaks


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


def test_peaks_follow_the_sound(tone: Path, tmp_path: Path) -> None:
    assert all(0.25 < peak < 0.35 for peak in peaks(tone, 50))
    quiet = tmp_path / "quiet.wav"
    write_tone(quiet, 0, seconds=1)
    assert peaks(quiet, 10) == [0.0] * 10
    assert len(peaks(tone, 333)) == 333


def test_a_file_without_samples_has_flat_peaks(tone: Path) -> None:
    tone.write_bytes(tone.read_bytes()[:44])
    assert peaks(tone, 4) == [0.0] * 4


def test_the_last_sound_of_a_file_is_in_its_peaks(tone: Path) -> None:
    data = tone.read_bytes()
    tone.write_bytes(data[:44] + bytes(2 * 1198) + b"\xff\x7f")
    assert peaks(tone, 600) == [0.0] * 599 + [1.0]
