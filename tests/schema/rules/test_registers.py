"""Sheets: read however a spreadsheet writes them, faulty rows named, private headings refused, compared by key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules import registers
from schema.rules.registers import (
    MERGE,
    MOST_COLUMNS,
    REPLACE,
    BadSheet,
    compare,
    decode,
    folded,
    read_sheet,
    terms,
)


def test_a_sheet_is_rows_by_key_with_their_places() -> None:
    sheet = read_sheet('\ufeff编号,名称,经度,纬度\r\n1,"井盖, 圆",120.15,30.26\r\n\r\n2,灯,,\r\n')
    assert sheet.columns == ("编号", "名称", "经度", "纬度") and not sheet.faults
    assert {key: (row.values[1], row.lon, row.lat) for key, row in sheet.rows.items()} == {
        "1": ("井盖, 圆", 120.15, 30.26), "2": ("灯", None, None),
    }  # fmt: skip
    assert read_sheet("a\tb\n1\t2,3").rows["1"].values == ("1", "2,3")


def test_faulty_rows_are_named_by_line_and_heading_and_the_others_are_taken() -> None:
    text = (
        'code,name,lon,lat\n1,one,,\n1,again,,\n,none,,\n2,two\n3,three,x,1\n4,four,200,1\n5,"two\nlines",,\n6,\x07,,\n'
        f"{'7' * 61},seven,,\n8,eight,,,,\n"
    )
    sheet = read_sheet(text)
    assert [(one.line, one.column, one.why) for one in sheet.faults] == [
        (3, "code", "key-twice"), (4, "code", "key-missing"), (5, "", "cells"), (6, "lon", "place"),
        (7, "lon", "place"), (10, "name", "control"), (11, "code", "too-long"),
    ]  # fmt: skip
    assert list(sheet.rows) == ["1", "5", "8"] and sheet.faulty == 7
    assert sheet.rows["5"].values[1] == "two\nlines"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"), ("a,b\n", "empty"), (",b\n1,2", "head-missing"), ("a,A\n1,2", "head-twice"),
        (f"{'a' * 41}\n1", "head-long"), ("a,身份证号\n1,2", "head-private"), ("a,Ethnic group\n1,2", "head-private"),
        (",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)), "too-many-columns"), ('a,b\n1,"2', "broken"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_taken_says_why(text: str, code: str) -> None:
    with pytest.raises(BadSheet) as bad:
        read_sheet(text)
    assert bad.value.code == code


def test_there_is_an_end_to_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "MOST_ROWS", 2)
    assert len(read_sheet("a\n1\n2").rows) == 2
    with pytest.raises(BadSheet, match="too-many-rows"):
        read_sheet("a\n1\n2\n3")


def test_files_are_decoded_as_spreadsheets_write_them() -> None:
    for name in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert decode("编号,名称".encode(name)) == "编号,名称", name
    with pytest.raises(BadSheet, match="encoding"):
        decode(b"\xff\xff\xff\x80")


def test_a_comparison_counts_every_row_once() -> None:
    before, sheet = (
        {"1": ("1", "a"), "2": ("2", "b"), "3": ("3", "c")},
        {"2": ["2", "b"], "3": ["3", "x"], "4": ["4", "d"]},
    )
    whole, more = compare(before, sheet, REPLACE), compare(before, sheet, MERGE)
    assert (whole.added, whole.changed, whole.removed, whole.same) == (("4",), ("3",), ("1",), 1)
    assert (more.added, more.changed, more.removed, more.same) == (("4",), ("3",), (), 2)


def test_what_is_typed_is_found_whatever_its_width_and_case() -> None:
    assert all(term in folded(("Ａ１", "Road")) for term in terms("a1 ROAD"))
    assert len(terms("1 2 3 4 5 6 7 8")) == 6


@given(st.text(max_size=200))
def test_any_text_is_a_sheet_or_said_to_be_none(text: str) -> None:
    try:
        sheet = read_sheet(text)
    except BadSheet:
        return
    assert all(
        len(row.values) == len(sheet.columns) and row.values[0] == key for key, row in sheet.rows.items()
    )
