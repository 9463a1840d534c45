"""A voice note is one sound that can be decoded to its end, and the copy to show is that sound alone."""

import math
from array import array
from pathlib import Path

import av
import pytest

from field_gateway import sounds
from field_gateway.photos import NoPhoto
from field_gateway.shelf import Shelf
from field_gateway.sounds import copy_sound
from schema.desk.media import paths_of, shown_path
from schema.ids import uuid7
from tests.field_gateway.play import announced

CODEC = {"audio/webm": "libopus", "audio/ogg": "libopus", "audio/mp4": "aac"}


def note(folder: Path, type: str, seconds: float = 0.5, *, codec: str = "", pictures: bool = False) -> Path:
    """A tone with a title, as a phone may write it."""
    file = folder / f"note-{type.partition('/')[2]}"
    with av.open(str(file), "w", format=sounds.FORMATS[type][1]) as out:
        out.metadata["title"] = "who spoke and where"
        if pictures:
            out.add_stream("vp8", rate=5).width = 16
            out.streams.video[0].height, out.streams.video[0].pix_fmt = 16, "yuv420p"
        stream = out.add_stream(codec or CODEC[type], rate=48_000, layout="mono")
        samples = array("h", (int(9000 * math.sin(n / 20)) for n in range(int(48_000 * seconds))))
        size = 960
        for start in range(0, len(samples) - size + 1, size):
            frame = av.AudioFrame(format="s16", layout="mono", samples=size)
            frame.sample_rate, frame.pts = 48_000, start
            piece = samples[start : start + size].tobytes()
            frame.planes[0].update(piece.ljust(frame.planes[0].buffer_size, b"\0"))
            for packet in stream.encode(frame):
                out.mux(packet)
        if pictures:
            picture = av.VideoFrame(16, 16, "yuv420p")
            for packet in [*out.streams.video[0].encode(picture), *out.streams.video[0].encode(None)]:
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return file


@pytest.mark.parametrize("type", sorted(CODEC))
def test_the_copy_is_the_sound_alone(tmp_path: Path, type: str) -> None:
    file, shown = note(tmp_path, type), tmp_path / "shown"
    assert b"who spoke" in file.read_bytes()
    copy_sound(file, type, shown)
    assert b"who spoke" not in shown.read_bytes()
    with av.open(str(shown)) as copy:
        seconds = sum(frame.samples / frame.sample_rate for frame in copy.decode(audio=0))
    assert abs(seconds - 0.5) < 0.1


@pytest.mark.parametrize(
    ("type", "made", "why"),
    [
        ("audio/ogg", "audio/webm", "no audio/ogg"),
        ("audio/mp4", "audio/ogg", "no audio/mp4"),
        ("audio/webm", "pictures", "2 streams"),
        ("audio/ogg", "flac", "flac"),
        ("audio/webm", "cut", "no audio/webm"),
        ("audio/ogg", "short", "no sound"),
        ("audio/webm", "junk", "no audio/webm"),
    ],
)
def test_what_is_no_voice_note_is_refused_in_words(tmp_path: Path, type: str, made: str, why: str) -> None:
    shown = tmp_path / "shown"
    if made == "junk":
        file = tmp_path / "junk"
        file.write_bytes(b"MZ\x90\0 this is a program\n" * 500)
    elif made == "cut":
        file = note(tmp_path, type)
        file.write_bytes(file.read_bytes()[:120])
    elif made in ("pictures", "flac", "short"):
        seconds = 0.02 if made == "short" else 0.5
        file = note(
            tmp_path, type, seconds, codec="flac" if made == "flac" else "", pictures=made == "pictures"
        )
    else:
        file = note(tmp_path, made)
    with pytest.raises(NoPhoto, match=why):
        copy_sound(file, type, shown)
    assert not shown.exists()


def test_a_note_without_an_end_is_not_decoded_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "LONGEST", 0.2)
    with pytest.raises(NoPhoto, match="at most"):
        copy_sound(note(tmp_path, "audio/ogg"), "audio/ogg", tmp_path / "shown")


def test_the_shelf_keeps_the_note_as_sent_and_the_copy(tmp_path: Path) -> None:
    data, id = note(tmp_path, "audio/webm").read_bytes(), uuid7()
    due = announced(data, id, "audio/webm")
    shelf = Shelf(tmp_path / "vault")
    shelf.write(id, 0, data)
    path = shelf.finish(id, "audio/webm", due["size"], due["sha256"])
    assert path == shown_path(id, "audio/webm")
    kept = {
        str(file.relative_to(tmp_path / "vault"))
        for file in (tmp_path / "vault").rglob("*")
        if file.is_file()
    }
    assert kept == paths_of(path) and len(kept) == 2
