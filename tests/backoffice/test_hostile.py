"""Hostile text in every field of a case: kept as it is or refused in words, and harmless wherever it is shown."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from msgspec.structs import fields

from schema.desk.cases import file_case
from schema.desk.errors import Refused
from schema.orders import FileCase
from tests.backoffice.conftest import Town

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "script": SCRIPT,
    "attribute": "\"' onfocus=alert(1) autofocus x='",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "bidi": "\u202egnp.exe\u2066\u202c\u200f\u200e",
    "wide": "𠀀👩‍👩‍👧\U0010fffe",
    "formula": '=HYPERLINK("https://example.org/"&A1)',
    "sql": "'; DROP TABLE cases; --",
    "header": "a\r\nSet-Cookie: x=1",
}
TEXTS = ("title", "text", "address", "citizen")


@pytest.fixture
def case(town: Town) -> Any:
    """A case whose every text is all of it at once."""
    spoiled = " ".join(HOSTILE.values())
    short = {"title": spoiled[:100], "citizen": f"{SCRIPT} {HOSTILE['bidi']}"[:40], "address": spoiled[:120]}
    return town.filed(text=spoiled, **short)


def test_pages_show_it_as_text(town: Town, case: Any) -> None:
    visit = town.visit("supervisor")
    for path in (
        f"/cases/{case.case_no}", f"/cases/{case.case_no}/part", "/cases", "/cases/rows", "/cases/print?all=1",
        "/desk/dispatch", "/supervision", "/cases/contacts", f"/cases/contacts/{case.contact}",
        "/cases?q=%3Cscript%3E", "/brief", f"/cases/new?copy={case.case_no}",
    ):  # fmt: skip
        answer = visit.get(path)
        html = answer.get_data(as_text=True)
        assert answer.status_code < 400, path
        assert "<script>alert" not in html and "49${" not in html and "' onfocus" not in html, path
        assert "Set-Cookie: x" not in str(answer.headers)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in visit.text(f"/cases/{case.case_no}")


def test_exports_hold_it_as_text_and_nothing_is_a_formula(town: Town, case: Any) -> None:
    visit = town.visit("supervisor")
    sheet = visit.get("/cases/export.csv?all=1")
    rows = list(csv.reader(io.StringIO(sheet.get_data().decode("utf-8-sig"))))
    assert any(case.case_no in row for row in rows)
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t", "\r")]
    book = openpyxl.load_workbook(io.BytesIO(visit.get("/cases/export.xlsx?all=1").get_data()))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert any(cell.value == case.case_no for cell in cells) and all(cell.data_type != "f" for cell in cells)


@pytest.mark.parametrize("field", TEXTS)
def test_a_megabyte_and_what_is_no_text_are_refused_naming_the_field(town: Town, field: str) -> None:
    assert field in {one.name for one in fields(FileCase)}
    for wrong in ("x" * 1_000_000, "𠀀" * 300_000, "a\0b", "\ud800"):
        with town.store.work() as work, pytest.raises(Refused) as caught:
            file_case(work, town.order(**{field: wrong}))
        assert caught.value.code == "bad-field" and field in (caught.value.field, *caught.value.fields)


def test_a_megabyte_is_refused_before_it_is_read_and_the_case_is_found_by_every_word(
    town: Town, case: Any
) -> None:
    visit = town.visit("agent")
    answer = visit.client.post(
        "/api/cases",
        data=json.dumps({"text": "x" * 1_000_000}),
        headers={"X-CSRF": visit.csrf, "Content-Type": "application/json"},
    )
    assert answer.status_code == 413
    for words in ("alert", "HYPERLINK", "DROP", "𠀀"):
        assert case.case_no in visit.text(f"/cases?q={words}"), words
