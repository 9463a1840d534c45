"""The application's files: scripts and words, cached by what is in them."""

import json
from pathlib import Path

import pytest

from backoffice.app import make_app
from backoffice.floor import FloorMirror
from conf.settings import Settings, Web
from schema.rules.languages import LANGUAGES
from tests.backoffice.conftest import FakePlayer, Town


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scripts_words_are_the_pages_words(town: Town, language: str) -> None:
    answer = town.app.test_client().get(f"/words/{language}.js")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/javascript" and "immutable" in answer.headers["Cache-Control"]
    words = json.loads(text.removeprefix("window.gridlineWords = ").removesuffix(";\n"))
    assert words["nav.seat"] == {"zh": "座席", "en": "Seat", "ug": "ئورۇن"}[language]
    assert town.app.test_client().get("/words/xx.js").status_code == 404


def test_third_party_scripts_come_from_the_folder_that_set_up_fills(town: Town) -> None:
    folder = town.settings.tools / "static" / "vendor"
    folder.mkdir(parents=True)
    (folder / "jssip.min.js").write_text("var JsSIP;")
    client = town.app.test_client()
    assert client.get("/vendor/jssip.min.js", buffered=True).data == b"var JsSIP;"
    assert client.get("/vendor/../../secret", buffered=True).status_code == 404
    assert client.get("/vendor/none.js").status_code == 404


def test_files_are_named_by_what_is_in_them(town: Town) -> None:
    html = town.visit("agent").text("/cases")
    address = html.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?h=" in address and town.visit("agent").get(address).status_code == 200


def test_behind_tls_cookies_are_secure(town: Town, tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, web=Web(secure_cookies=True))
    app = make_app(
        settings, town.store, FakePlayer(), FloorMirror(lambda: None, lambda: 0.0), lambda *_: None
    )
    answer = app.test_client().get("/login")
    assert (
        "Secure" in answer.headers["Set-Cookie"] and "max-age" in answer.headers["Strict-Transport-Security"]
    )
