"""Hearing: which tones are in a piece of recorded audio, by spectrum."""

import io
import struct
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import av
import numpy as np
from numpy.typing import NDArray

from conf.settings import Settings
from recordings.play import Player, Side
from schema.recordings import SIDES
from schema.store import Store

WINDOW = 4096
RATE = 8000


@dataclass(frozen=True, slots=True)
class Heard:
    """A WAV file's sound: `samples` in −1…1, `rate` in Hz."""

    samples: NDArray[np.float64]
    rate: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate

    def share(self, hertz: float) -> float:
        """The most that a tone makes up of the power of any half second or so, 0…1 (a pure sine: near 1)."""
        best = 0.0
        for start in range(0, max(1, len(self.samples) - WINDOW), WINDOW // 2):
            piece = self.samples[start : start + WINDOW]
            if len(piece) < WINDOW // 2 or float(np.sqrt(np.mean(piece**2))) < 0.005:
                continue  # silence has no tone
            power = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) ** 2
            bins = np.fft.rfftfreq(len(piece), 1 / self.rate)
            total = float(power[bins > 60].sum())
            if total > 0:
                best = max(best, float(power[np.abs(bins - hertz) <= 12].sum()) / total)
        return best

    def has(self, hertz: float, share: float = 0.25) -> bool:
        """Whether a tone stands out somewhere in it."""
        return self.share(hertz) >= share


def hear(file: Path) -> Heard:
    """Read a 16-bit WAV file (first channel). A header not yet finished by its writer is no hindrance."""
    try:
        with wave.open(str(file), "rb") as source:
            rate, channels = source.getframerate(), source.getnchannels()
            frames = source.readframes(source.getnframes())
        if not frames:
            raise wave.Error("empty")
    except (wave.Error, EOFError):
        data = file.read_bytes()
        at = data.find(b"data")
        if at < 0:
            return Heard(np.zeros(0), 8000)
        channels, rate = struct.unpack_from("<HI", data, 22)
        frames = data[at + 8 :]
    frames = frames[: len(frames) // (2 * channels) * 2 * channels]
    samples = np.frombuffer(frames, dtype="<i2").astype(np.float64)[::channels] / 32768
    return Heard(samples, rate)


def hear_sound(data: bytes) -> Heard:
    """A sound of any kind that libav reads (Ogg Opus), as 8 kHz."""
    to_mono = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(data)) as sound:
        frames = [frame for read in sound.decode(audio=0) for frame in to_mono.resample(read)]
    frames += to_mono.resample(None)
    samples = [frame.to_ndarray().reshape(-1) for frame in frames]
    return Heard(np.concatenate([np.zeros(0), *samples]).astype(np.float64) / 32768, RATE)


def hear_kept(settings: Settings, store: Store, recording: UUID, side: Side = "mix") -> Heard:
    """A side of a kept recording, as its player gives it out. Raises LookupError."""
    return hear_sound(b"".join(Player(settings, store).sound(recording, side).piece().chunks))


def missing_tones(
    sound: Path | Heard, wanted: Iterable[float], unwanted: Iterable[float] = (), name: str = ""
) -> list[str]:
    """What is wrong with a sound, in words: tones that should be in it and are not, and the reverse."""
    heard, name = (hear(sound), name or sound.name) if isinstance(sound, Path) else (sound, name or "it")
    wrong = [f"{name} lacks {tone:.0f} Hz" for tone in wanted if not heard.has(tone)]
    return wrong + [f"{name} has {tone:.0f} Hz" for tone in unwanted if heard.has(tone)]


def wrong_in_kept(
    settings: Settings, store: Store, recording: UUID, *, citizen: float, seat: float
) -> list[str]:
    """What is wrong with a kept recording of two tones (Hz), in words: each party on its own side, both in the mix."""
    sides = {side: hear_kept(settings, store, recording, side) for side in SIDES}
    return [
        *missing_tones(sides["mix"], [citizen, seat], name="the mix"),
        *missing_tones(sides["citizen"], [citizen], [seat], "the citizen's side"),
        *missing_tones(sides["seat"], [seat], [citizen], "the seat's side"),
    ]
