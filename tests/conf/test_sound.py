"""Sound for the telephone: the band is kept, what is above it is gone and not mirrored, levels and edges are right."""

import math
import wave
from array import array
from pathlib import Path

import pytest

from conf.sound import EDGE, NotForTelephone, is_for_telephone, resample, to_telephone
from demo.hearing import hear


def sine(hertz: float, rate: int, seconds: float = 0.5, level: int = 10_000) -> list[int]:
    return [round(level * math.sin(2 * math.pi * hertz * n / rate)) for n in range(round(rate * seconds))]


def rms(sound: list[float]) -> float:
    middle = sound[400:-400]
    return math.sqrt(sum(x * x for x in middle) / len(middle))


def write(file: Path, samples: list[int], rate: int = 22_050, channels: int = 1) -> Path:
    with wave.open(str(file), "wb") as out:
        out.setparams((channels, 2, rate, 0, "NONE", ""))
        out.writeframes(array("h", samples).tobytes())
    return file


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100, 48_000])
def test_the_telephones_band_is_kept(rate: int) -> None:
    sound = resample(sine(1000, rate), rate)
    assert len(sound) == pytest.approx(4000, abs=1)
    assert rms(sound) == pytest.approx(10_000 / math.sqrt(2), rel=0.02)


@pytest.mark.parametrize("hertz", [4300, 5000, 6500, 7900])
def test_what_is_above_the_band_is_not_mirrored_into_it(hertz: float) -> None:
    assert rms(resample(sine(hertz, 22_050), 22_050)) < 10_000 / math.sqrt(2) / 60


def test_a_quiet_voice_is_raised_and_a_loud_one_does_not_clip(tmp_path: Path) -> None:
    for level, loudest in ((7000, 0.708), (32_000, 0.708), (1000, 4000 / 32768)):
        source = write(tmp_path / "in.wav", sine(500, 22_050, level=level))
        to_telephone(source, tmp_path / "out.wav")
        assert abs(hear(tmp_path / "out.wav").samples).max() == pytest.approx(loudest, rel=0.03)
    assert is_for_telephone(tmp_path / "out.wav")


def test_silence_around_is_cut(tmp_path: Path) -> None:
    source = write(tmp_path / "in.wav", [0] * 22_050 + sine(500, 22_050) + [0] * 44_100)
    to_telephone(source, tmp_path / "out.wav")
    heard = hear(tmp_path / "out.wav")
    assert heard.seconds == pytest.approx(0.5 + 2 * EDGE / 8000, abs=0.02)


@pytest.mark.parametrize("what", ["silent", "stereo", "text", "empty"])
def test_what_cannot_be_played_is_refused(tmp_path: Path, what: str) -> None:
    source = tmp_path / "in.wav"
    if what in ("text", "empty"):
        source.write_bytes(b"no sound" * 20 if what == "text" else b"")
    else:
        write(source, [0] * 8000, channels=2 if what == "stereo" else 1)
    with pytest.raises(NotForTelephone, match=r"in\.wav"):
        to_telephone(source, tmp_path / "out.wav")
    assert not (tmp_path / "out.wav").exists()


def test_only_8_khz_mono_16_bit_is_for_the_telephone(tmp_path: Path) -> None:
    assert is_for_telephone(write(tmp_path / "a.wav", [1] * 100, rate=8000))
    assert not is_for_telephone(write(tmp_path / "b.wav", [1] * 100, rate=16_000))
    assert not is_for_telephone(write(tmp_path / "c.wav", [1] * 100, rate=8000, channels=2))
    assert not is_for_telephone(write(tmp_path / "d.wav", [], rate=8000))
    assert not is_for_telephone(tmp_path / "absent.wav")
