"""The handset app's files: one stamp for all, the service worker knows each, every word in every language."""

import gzip
import json
import re
from pathlib import Path

from field_gateway.appfiles import HERE, PAGE_HEADERS, read_app


def test_the_service_worker_holds_every_file_of_one_stamp(tmp_path: Path) -> None:
    (tmp_path / "mqtt.js").write_text("export default 1")
    files = read_app(tmp_path)
    worker = files["/sw.js"].body.decode()
    listed = re.search(r"const FILES = (\[.*?\]);", worker)
    assert listed and set(json.loads(listed[1])) == set(files) - {"/sw.js"}
    assert "/vendor/mqtt.js" in files and "/" in files and "/js/main.js" in files
    (tmp_path / "mqtt.js").write_text("export default 2")
    assert read_app(tmp_path)["/sw.js"].body != files["/sw.js"].body, "another file makes another version"
    assert b'modulepreload" href="/js/link.js"' in files["/"].body
    assert files["/"].headers == files["/sw.js"].headers == PAGE_HEADERS
    for one in files.values():
        assert gzip.decompress(one.packed) == one.body


def test_no_page_holds_script_or_style_of_its_own() -> None:
    assert "'unsafe" not in PAGE_HEADERS["Content-Security-Policy"]
    html = (HERE / "index.html").read_text("utf-8")
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", html)
    for file in (HERE / "js").rglob("*.js"):
        text = file.read_text("utf-8")
        assert not re.search(r"\.innerHTML|insertAdjacentHTML|document\.write|\beval\(", text), file
        assert len(text.splitlines()) <= 300, file


def test_the_words_are_whole_in_every_language() -> None:
    for part in ("", "more."):
        tables = {
            code: json.loads((HERE / "words" / f"{part}{code}.json").read_text("utf-8"))
            for code in ("zh", "en", "ug")
        }
        for key, said in tables["en"].items():
            values = {code: sorted(re.findall(r"\{(\w+)\}", table[key])) for code, table in tables.items()}
            assert values["zh"] == values["en"] == values["ug"], key
            assert re.search(r"[A-Za-z]", said) and not re.search(r"[\u4e00-\u9fff\u0600-\u06ff]", said), key
            assert re.search(r"[\u4e00-\u9fff]", tables["zh"][key]), key
            assert re.search(r"[\u0600-\u06ff]", tables["ug"][key]), key
            assert not re.search(r"[\u4e00-\u9fff]", tables["ug"][key]), key
        assert tables["zh"].keys() == tables["en"].keys() == tables["ug"].keys()


def test_every_key_a_page_asks_for_has_words() -> None:
    words = {**json.loads((HERE / "words/en.json").read_text("utf-8")),
             **json.loads((HERE / "words/more.en.json").read_text("utf-8"))}  # fmt: skip
    for file in (HERE / "js").rglob("*.js"):
        for key in re.findall(r"""\bt\(\s*"([a-z_]+(?:\.[a-z0-9_-]+)+)"\s*[,)]""", file.read_text("utf-8")):
            assert key in words, f"{file.name}: {key}"
