"""WAV files of telephone speech: how long, and whole again when their writer was killed. Pure file work."""

import struct
from pathlib import Path

HEADER = 44


class NotAudio(Exception):
    """The file is no 16-bit PCM WAV; the text says what is wrong."""


def mend(file: Path) -> float:
    """Set the lengths in the header to what the file holds; returns its seconds.

    Asterisk writes the lengths when it closes a file, so one that it left behind has none. Raises NotAudio.
    """
    size = file.stat().st_size
    with file.open("r+b") as opened:
        head = opened.read(HEADER)
        if len(head) < HEADER or head[:4] != b"RIFF" or head[8:16] != b"WAVEfmt ":
            raise NotAudio(f"{file.name} is no WAV file")
        kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", head, 20)
        if kind != 1 or bits != 16 or not rate or not block or head[36:40] != b"data":
            raise NotAudio(f"{file.name} is not plain 16-bit PCM")
        data = (size - HEADER) // block * block
        if struct.unpack_from("<I", head, 40)[0] != data or struct.unpack_from("<I", head, 4)[0] != data + 36:
            opened.seek(4)
            opened.write(struct.pack("<I", data + 36))
            opened.seek(40)
            opened.write(struct.pack("<I", data))
    return float(data / (rate * block))
