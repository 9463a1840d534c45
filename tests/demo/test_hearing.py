"""Hearing tells tones apart, hears none in silence, and reads files whose header was never finished."""

import wave
from pathlib import Path

import pytest

from demo.hearing import hear, missing_tones
from demo.phone import write_tone


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    file = tmp_path / "tone.wav"
    write_tone(file, 440, seconds=2)
    return file


def test_a_sine_is_heard_and_no_other(tone: Path) -> None:
    heard = hear(tone)
    assert heard.seconds == pytest.approx(2.0)
    assert heard.share(440) > 0.95
    assert not heard.has(700)


def test_silence_has_no_tone(tmp_path: Path) -> None:
    file = tmp_path / "silence.wav"
    write_tone(file, 0, seconds=1)
    assert hear(file).share(440) == 0.0


def test_two_parties_in_a_mix_are_both_heard(tmp_path: Path) -> None:
    a, b, mix = (tmp_path / name for name in ("a.wav", "b.wav", "mix.wav"))
    write_tone(a, 440, seconds=1, level=0.2)
    write_tone(b, 700, seconds=1, level=0.2)
    with wave.open(str(mix), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        both = (hear(a).samples + hear(b).samples) * 32767
        out.writeframes(both.astype("<i2").tobytes())
    assert missing_tones(mix, [440, 700], [1000]) == []
    assert missing_tones(mix, [1000], [440]) == ["mix.wav lacks 1000 Hz", "mix.wav has 440 Hz"]


def test_a_header_that_says_nothing_yet_is_no_hindrance(tone: Path) -> None:
    data = bytearray(tone.read_bytes())
    data[40:44] = bytes(4)  # the data chunk's length, as a recorder that was killed leaves it
    tone.write_bytes(data)
    assert hear(tone).has(440)


def test_a_file_that_is_no_audio_has_no_sound(tmp_path: Path) -> None:
    file = tmp_path / "x.wav"
    file.write_bytes(b"not audio")
    assert hear(file).seconds == 0
