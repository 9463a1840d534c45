"""Voice notes: whether a file truly is one, and a copy of it that tells nothing but the sound."""

from pathlib import Path

import av
from av.container import InputContainer

from field_gateway.photos import NoPhoto

FORMATS = {"audio/webm": ("matroska", "webm"), "audio/ogg": ("ogg", "ogg"), "audio/mp4": ("mov", "mp4")}
"""For each type the reader and the writer of its container; no other reader is let near the file."""
CODECS = frozenset({"opus", "vorbis", "aac"})
LONGEST = 15 * 60.0
"""Seconds of a note; the app ends at two minutes."""
SILENCE = 0.05
"""Seconds below which nothing was said."""


def copy_sound(file: Path, type: str, shown: Path) -> None:
    """Decode the whole note and write a copy of its sound alone, in its own container, bare of metadata.

    Raises NoPhoto: not decodable, another format than `type`, no sound or too much of it, pictures in it.
    """
    reader, writer = FORMATS[type]
    try:
        _check(file, reader, type)
        with av.open(str(file), format=reader) as source, av.open(str(shown), "w", format=writer) as copy:
            stream = source.streams.audio[0]
            out = copy.add_stream_from_template(stream)
            out.metadata.clear()
            for packet in source.demux(stream):
                if packet.dts is not None:
                    packet.stream = out
                    copy.mux(packet)
    except NoPhoto:
        shown.unlink(missing_ok=True)
        raise
    except Exception as error:  # a decoder fed with hostile bytes may raise almost anything
        shown.unlink(missing_ok=True)
        raise NoPhoto(f"the file is no {type}: {str(error)[:120] or error.__class__.__name__}") from error


def _check(file: Path, reader: str, type: str) -> None:
    with av.open(str(file), format=reader) as source:
        if len(source.streams) != 1 or len(source.streams.audio) != 1:
            raise NoPhoto(f"a voice note is one sound and nothing else, not {len(source.streams)} streams")
        codec = source.streams.audio[0].codec_context.name
        if codec not in CODECS:
            raise NoPhoto(f"the sound of a voice note is not {codec[:20]}")
        if _seconds(source) < SILENCE:
            raise NoPhoto(f"the file holds no sound: no {type}")


def _seconds(source: InputContainer) -> float:
    """How long the sound is that can be decoded; a length that the file claims is not asked."""
    seconds = 0.0
    for frame in source.decode(audio=0):
        seconds += frame.samples / frame.sample_rate
        if seconds > LONGEST:
            raise NoPhoto(f"a voice note is at most {LONGEST:.0f} seconds long")
    return seconds
