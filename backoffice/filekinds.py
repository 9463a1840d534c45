"""What a file is, as its own bytes say it: only kinds that offices send each other are taken, and no program.

A browser is told the kind found here, never the one that whoever sent it said (so that no page runs as ours).
"""

import io
import zipfile
from dataclasses import dataclass

MOST_BYTES = 20 * 1024 * 1024
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_INSIDE = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}
_ODF = ("text", "spreadsheet", "presentation")
ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "text/plain": "txt",
    _INSIDE["word/document.xml"]: "docx",
    _INSIDE["xl/workbook.xml"]: "xlsx",
    _INSIDE["ppt/presentation.xml"]: "pptx",
    **{f"application/vnd.oasis.opendocument.{kind}": f"od{kind[0]}" for kind in _ODF},
}
"""Media type → how the names of such files end."""
SHOWN = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "text/plain",
        "audio/mpeg",
        "audio/wav",
        "audio/ogg",
    }
)
"""What a browser shows in its place without running anything; the rest is handed over to be saved."""


@dataclass(frozen=True, slots=True)
class Begins:
    """Files of a kind have these bytes at this place."""

    type: str
    bytes: bytes
    at: int = 0


_BEGINNINGS = (
    Begins("application/pdf", b"%PDF-"),
    Begins("image/jpeg", b"\xff\xd8\xff"),
    Begins("image/png", b"\x89PNG\r\n\x1a\n"),
    Begins("image/webp", b"WEBP", 8),
    Begins("image/gif", b"GIF8"),
    Begins("audio/mpeg", b"ID3"),
    Begins("audio/mpeg", b"\xff\xfb"),
    Begins("audio/wav", b"WAVE", 8),
    Begins("audio/ogg", b"OggS"),
    Begins("video/mp4", b"ftyp", 4),
    Begins("video/webm", b"\x1a\x45\xdf\xa3"),
)


def kind_of(data: bytes) -> str:
    """The media type of a file, "" for one that is not taken."""
    for begins in _BEGINNINGS:
        if data[begins.at : begins.at + len(begins.bytes)] == begins.bytes:
            return begins.type
    if data.startswith(_ZIP):
        return _kind_of_archive(data)
    return "text/plain" if data and _is_text(data) else ""


def _kind_of_archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            first = archive.infolist()[0]
            said = archive.read(first) if first.filename == "mimetype" and first.file_size < 100 else b""
    except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, EOFError, IndexError, ValueError):
        return ""
    # Macros are programs.
    if any(name.endswith(("vbaProject.bin", ".exe", ".js")) for name in names):
        return ""
    found = next((kind for inside, kind in _INSIDE.items() if inside in names), "")
    return found or (said.decode("ascii", "replace") if said.decode("ascii", "replace") in ENDINGS else "")


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(
        (ord(character) < 32 or ord(character) == 127) and character not in "\t\r\n\f" for character in text
    )
