"""Sound for the telephone: 8 kHz mono 16-bit WAV out of what a voice program wrote. Pure Python, no dependencies."""

import wave
from array import array
from collections.abc import Sequence
from functools import lru_cache
from math import cos, gcd, pi, sin
from operator import mul
from pathlib import Path

RATE = 8000
CUTOFF = 3400.0  # Hz: the telephone's band; the filter below is silent above half of RATE
REACH = 32  # samples of the source that count on either side of one of the result
LOUDEST = 23_200  # -3 dB of full scale
MOST_GAIN = 4.0
SILENCE = 200
EDGE = RATE // 40  # samples of silence left at both ends


SHORTEST, LONGEST = 0.3, 30.0  # seconds of a recording by a person
QUIET = 1_000  # a peak below -30 dB of full scale: a voice that far away drowns in its own noise
CLIPPED, MOST_CLIPPED = 32_700, 0.002  # at the end of the scale, and the share of samples that may be there


class NotForTelephone(Exception):
    """The sound cannot be played to a caller; the text says why, `code` in one word: format, silent, short, long,
    quiet or clipped."""

    def __init__(self, text: str, code: str = "format") -> None:
        super().__init__(text)
        self.code = code


def to_telephone(source: Path, target: Path) -> None:
    """Resample `source` (16-bit mono WAV), cut the silence around it, level it to -3 dB. Raises NotForTelephone."""
    rate, samples = _read(source)
    sound = _without_edges(resample(samples, rate))
    loudest = max(map(abs, sound), default=0.0)
    if loudest < SILENCE:
        raise NotForTelephone(f"{source.name} is silent", "silent")
    gain = min(LOUDEST / loudest, MOST_GAIN)
    with wave.open(str(target), "wb") as written:
        written.setparams((1, 2, RATE, 0, "NONE", ""))
        written.writeframes(array("h", (round(sample * gain) for sample in sound)).tobytes())


def check_recording(source: Path) -> None:
    """Refuse what a person recorded and callers should not hear: too short or long, too quiet, clipped.

    Raises NotForTelephone.
    """
    rate, samples = _read(source)
    seconds, loudest = len(samples) / rate, max(map(abs, samples), default=0)
    if seconds < SHORTEST:
        raise NotForTelephone(f"{source.name} is shorter than {SHORTEST:g} s", "short")
    if seconds > LONGEST:
        raise NotForTelephone(f"{source.name} is longer than {LONGEST:g} s", "long")
    if loudest < SILENCE:
        raise NotForTelephone(f"{source.name} is silent", "silent")
    if loudest < QUIET:
        raise NotForTelephone(f"{source.name} is too quiet: its loudest place is below -30 dB", "quiet")
    if sum(abs(sample) >= CLIPPED for sample in samples) > MOST_CLIPPED * len(samples):
        raise NotForTelephone(f"{source.name} is clipped: it was recorded too loud", "clipped")


def _read(source: Path) -> "tuple[int, array[int]]":
    try:
        with wave.open(str(source), "rb") as opened:
            if (opened.getnchannels(), opened.getsampwidth()) != (1, 2):
                raise NotForTelephone(f"{source.name} is not mono, 16 bit")
            rate, samples = opened.getframerate(), array("h", opened.readframes(opened.getnframes()))
    except (wave.Error, EOFError) as error:
        raise NotForTelephone(f"{source.name} is no WAV file: {error}") from error
    if not 8000 <= rate <= 48_000:
        raise NotForTelephone(f"{source.name} has {rate} samples a second, not 8,000 to 48,000")
    return rate, samples


def is_for_telephone(file: Path) -> bool:
    """Whether the PBX can play it as it is: an 8 kHz mono 16-bit WAV file with sound in it."""
    try:
        with wave.open(str(file), "rb") as opened:
            return opened.getparams()[:3] == (1, 2, RATE) and opened.getnframes() > 0
    except (wave.Error, EOFError, OSError):
        return False


def resample(samples: Sequence[int], rate: int) -> list[float]:
    """`samples` at `rate` Hz, at 8 kHz: a polyphase windowed sinc (Hann), so that nothing is mirrored into the band."""
    common = gcd(rate, RATE)
    up, down = RATE // common, rate // common
    phases = _phases(up, rate)
    padded = [0] * REACH + list(samples) + [0] * (REACH + 1)
    out = []
    for n in range(len(samples) * up // down):
        at, phase = divmod(n * down, up)
        out.append(sum(map(mul, phases[phase], padded[at : at + 2 * REACH + 1])))
    return out


@lru_cache(maxsize=8)
def _phases(up: int, rate: int) -> tuple[tuple[float, ...], ...]:
    """The filter for each place a result can have between two samples of the source; each sums to 1."""
    width = 2 * min(CUTOFF, rate / 2 * 0.85) / rate
    phases = []
    for phase in range(up):
        weights = []
        for k in range(-REACH, REACH + 1):
            x = k - phase / up
            sinc = 1.0 if x == 0 else sin(pi * width * x) / (pi * width * x)
            weights.append(sinc * (0.5 + 0.5 * cos(pi * x / (REACH + 1))))
        total = sum(weights)
        phases.append(tuple(weight / total for weight in weights))
    return tuple(phases)


def _without_edges(sound: list[float]) -> list[float]:
    loud = [n for n, sample in enumerate(sound) if abs(sample) >= SILENCE]
    if not loud:
        return []
    return sound[max(0, loud[0] - EDGE) : loud[-1] + EDGE]
