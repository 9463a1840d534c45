"""Opus (RFC 6716) in Ogg (RFC 7845): what speech becomes before it is kept, with a picture of its loudness."""

import wave
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av

from recordings.sealed import Writes
from recordings.wav import NotAudio

MEDIA = "audio/ogg"
RATES = (8000, 12000, 16000, 24000, 48000)
POINTS = 1000
"""How many pieces a picture has."""
AT_ONCE = 1.0
"""Seconds that are encoded at a time."""
OPTIONS = {"application": "voip", "compression_level": "5", "frame_duration": "60", "vbr": "on"}
_ENOUGH = 400  # samples of a piece say well enough how loud it is


@dataclass(frozen=True, slots=True)
class Encoded:
    """What was encoded: seconds, and the loudest of each of `POINTS` pieces, a byte each (255: full scale)."""

    seconds: float
    peaks: bytes


class _OneWay:
    """Bytes out only: the writer of Ogg must not expect to go back."""

    def __init__(self, out: Writes) -> None:
        self.write = out.write


def encode(source: Path, out: Writes, bitrate: int, between: Callable[[], None] = lambda: None) -> Encoded:
    """Write a mono WAV file of 16 bit as Ogg Opus; `between` is called before each second. Raises NotAudio, OSError."""
    with wave.open(str(source), "rb") as wav:
        rate, total = wav.getframerate(), wav.getnframes()
        if wav.getnchannels() != 1 or wav.getsampwidth() != 2 or rate not in RATES:
            raise NotAudio(f"{source.name} is not mono of 16 bit at one of {RATES} Hz")
        picture = _Picture(total)
        with av.open(_OneWay(out), "w", format="ogg") as ogg:
            stream = ogg.add_stream("libopus", rate=rate, layout="mono", options=OPTIONS)
            stream.bit_rate = bitrate
            for start, piece in _pieces(wav, int(rate * AT_ONCE)):
                between()
                picture.add(piece)
                frame = av.AudioFrame(format="s16", layout="mono", samples=len(piece))
                frame.sample_rate, frame.pts = rate, start
                frame.planes[0].update(piece.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
                ogg.mux(stream.encode(frame))
            ogg.mux(stream.encode(None))
    return Encoded(total / rate, picture.done())


def _pieces(wav: wave.Wave_read, count: int) -> Iterator[tuple[int, "array[int]"]]:
    start = 0
    while data := wav.readframes(count):
        piece = array("h", data)
        yield start, piece
        start += len(piece)


class _Picture:
    """The loudness of `total` samples in `POINTS` pieces."""

    def __init__(self, total: int) -> None:
        self._total, self._at = max(total, 1), 0
        self._loud = [0] * POINTS
        self._step = max(1, total // POINTS // _ENOUGH)

    def add(self, samples: "array[int]") -> None:
        """The next samples."""
        done = 0
        while done < len(samples):
            n = min(self._at * POINTS // self._total, POINTS - 1)
            until = -(-self._total * (n + 1) // POINTS)  # the first sample of the next piece
            count = max(1, min(len(samples) - done, until - self._at))
            piece = samples[done : done + count : self._step]
            self._loud[n] = max(self._loud[n], max(piece), -min(piece))
            done += count
            self._at += count

    def done(self) -> bytes:
        """A byte each."""
        return bytes(min(255, loud >> 7) for loud in self._loud)
