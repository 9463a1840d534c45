"""Paper is made by WeasyPrint in a process of its own, with the fonts of this machine."""

import re
import zlib
from base64 import b64encode
from pathlib import Path

import pytest
from PIL import Image

from backoffice import reportpaper
from backoffice.reportpaper import PaperTrouble, pdf


def fonts(made: bytes) -> str:
    """The names of the fonts in a PDF, whose objects may be packed."""
    text = made
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", made, re.S):
        try:
            text += zlib.decompress(packed)
        except zlib.error:
            continue
    return " ".join(sorted({name.decode() for name in re.findall(rb"/BaseFont\s*/([^\s/]+)", text)}))


def page(language: str, text: str) -> str:
    direction = "rtl" if language == "ug" else "ltr"
    return f'<!doctype html><html lang="{language}" dir="{direction}"><body><h1>{text}</h1></body></html>'


@pytest.mark.parametrize(
    ("language", "text", "font"),
    [("zh", "话务报表", "CJK|WenQuanYi"), ("ug", "تېلېفون دوكلاتى", "UKIJ|Arabic")],
)
def test_each_language_is_set_in_a_font_that_has_its_letters(language: str, text: str, font: str) -> None:
    assert re.search(font, fonts(pdf(page(language, text))))


def test_nothing_is_fetched_for_a_page(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "red.png")
    packed = b64encode((tmp_path / "red.png").read_bytes()).decode()
    for address in (
        (tmp_path / "red.png").as_uri(),
        f"data:image/png;base64,{packed}",
        "http://127.0.0.1:9/x.png",
    ):
        made = pdf(f'<html><body><img src="{address}"><p>text</p></body></html>')
        assert b"/Image" not in made, address


def test_what_cannot_be_made_in_time_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reportpaper, "SECONDS", 0.01)
    with pytest.raises(PaperTrouble, match="not made"):
        pdf(page("zh", "x"))


def test_a_process_that_fails_is_a_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reportpaper.sys, "executable", "/bin/false")
    with pytest.raises(PaperTrouble, match="ended with 1"):
        pdf(page("zh", "x"))
