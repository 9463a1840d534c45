"""The text of files, read by a process of its own."""

import pytest

from backoffice import filetext
from backoffice.filekinds import kind_of
from backoffice.filetext import MOST, clean, text_of
from tests.backoffice import filesamples as some


def read(data: bytes) -> str:
    return text_of(data, kind_of(data))


@pytest.mark.parametrize(
    "data", [some.pdf("Lamp 梧桐"), some.docx("Lamp 梧桐"), some.odt("Lamp 梧桐"), some.xlsx("Lamp 梧桐"),
             "Lamp 梧桐".encode()], ids=["pdf", "docx", "odt", "xlsx", "txt"],
)  # fmt: skip
def test_what_is_written_in_a_file_is_found(data: bytes) -> None:
    text = read(data)
    assert "Lamp" in text and "梧桐" in text and "=1+1" not in text and "1+1" not in text


def test_what_follows_a_mark_inside_a_line_is_read_too() -> None:
    assert read(some.odt("vorher")).split() == ["fett", "danach", "vorher"]


def test_a_picture_has_no_text_and_a_broken_or_bursting_file_none_either(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert read(some.picture("PNG")) == ""
    assert text_of(b"%PDF-1.7 broken", "application/pdf") == ""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l11;</x>'
    assert text_of(some.archive({"word/document.xml": bomb.encode()}), "application/vnd.x") == ""
    assert "could not be read" in capfd.readouterr().out


def test_a_part_that_unpacks_to_too_much_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filetext, "LARGEST_PART", 1000)
    large = some.archive(
        {"word/document.xml": b"<x>" + b"a" * 2000 + b"</x>", "xl/sharedStrings.xml": b"<x>b</x>"}
    )
    assert list(filetext.read_pieces(large, "application/vnd.x")) == ["b"]


def test_a_long_text_is_cut_and_one_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read(b"a" * (MOST + 500))) == MOST
    monkeypatch.setattr(filetext, "SECONDS", 0.01)
    assert read(some.pdf("x")) == ""


def test_text_is_fit_for_the_store() -> None:
    assert clean("a\x00b\x1bc\ud83d\u202edef") == "a b c  def"
