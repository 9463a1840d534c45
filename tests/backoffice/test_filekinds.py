"""Files are what their bytes say; programs and pages are not taken."""

import pytest

from backoffice.filekinds import ENDINGS, SHOWN, kind_of
from tests.backoffice import filesamples as some


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (some.pdf("x"), "pdf"), (some.picture("JPEG"), "jpg"), (some.picture("PNG"), "png"),
        (some.picture("WEBP"), "webp"), (some.picture("GIF"), "gif"), (some.docx("x"), "docx"),
        (some.xlsx("x"), "xlsx"), (some.odt("x"), "odt"), ("来信".encode(), "txt"), (b"\xef\xbb\xbfa,b\r\n", "txt"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"), (b"\x00\x00\x00\x18ftypisom", "mp4"), (b"OggS\x00", "ogg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_kind_is_known_by_its_bytes(data: bytes, ending: str) -> None:
    assert ENDINGS[kind_of(data)] == ending


@pytest.mark.parametrize(
    "data",
    [
        b"", b"MZ\x90\x00", b"\x7fELF", b"PK\x03\x04broken", b"\x00\x01\x02", "中".encode("gb18030"), b"a\x00b",
        some.archive({"a.txt": b"a"}), some.docx("x", **{"word/vbaProject.bin": b"macro"}),
        some.archive({"mimetype": b"text/html", "content.xml": b"<x/>"}),
    ],
)  # fmt: skip
def test_programs_archives_and_noise_are_not_taken(data: bytes) -> None:
    assert kind_of(data) == ""


def test_a_page_comes_as_text_that_a_browser_does_not_run() -> None:
    assert kind_of(b"<script>alert(1)</script>") == "text/plain"
    assert not SHOWN & {"text/html", "image/svg+xml", "application/pdf"}
