"""The list taken along is what was chosen, is written down, and computes nothing in a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from backoffice import caseexport, takeaway
from schema.desk import caselist as desk
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain
from tests.conftest import store_url  # noqa: F401 (on both databases)

EVIL = '=HYPERLINK("http://x")'


def looks(town: Town) -> list[tuple[str, str, str]]:
    with town.store.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.what.startswith("cases.")).order_by(AuditRow.id)
        )
        return [(row.what, row.subject, row.reason) for row in rows]


def test_csv_is_what_is_chosen_safe_and_written_down(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.walk, "__defaults__", (2,))
    cases = [town.filed(title=EVIL, text='a "b"\r\n,c').case_no for _ in range(5)]
    town.filed(kind="service")
    answer = town.visit("supervisor").get("/cases/export.csv?kind=complaint")
    body = answer.get_data()
    assert body.startswith(b"\xef\xbb\xbf") and "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert [row["案卷号"] for row in rows] == cases[::-1]
    assert {row["标题"] for row in rows} == {"'" + EVIL} and rows[0]["内容"] == 'a "b"\r\n,c'
    assert (rows[0]["状态"], rows[0]["时限灯"], rows[0]["受理时间"]) == ("立案", "期限内", "2026-11-24 16:00")
    assert looks(town) == [("cases.csv", "5", "kind=complaint")]


def test_what_was_sent_before_a_reader_went_away_is_written_down(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.filed()

    def broken(*_: Any) -> Iterator[Sequence[Any]]:
        yield []
        raise GeneratorExit

    monkeypatch.setattr(caseexport, "_pages", broken)
    with pytest.raises(GeneratorExit):
        town.visit("supervisor").get("/cases/export.csv")
    assert looks(town) == [("cases.csv", "0, not all", "")]


def test_the_workbook_holds_text_as_text_and_times_as_times(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = town.filed(title=EVIL)
    boss = town.visit("supervisor")
    sheet = load_workbook(io.BytesIO(boss.get("/cases/export.xlsx?q=路灯").get_data())).active
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, sheet[2], strict=True))
    assert row["案卷号"].value == case.case_no
    assert row["标题"].value == EVIL and row["标题"].data_type == "s" and row["标题"].quotePrefix
    assert row["受理时间"].value.isoformat() == "2026-11-24T16:00:00" and row["办结时限"].is_date
    monkeypatch.setattr(takeaway, "MOST_EXCEL", 1)
    town.filed()
    sheet = load_workbook(io.BytesIO(boss.get("/cases/export.xlsx").get_data())).active
    assert sheet.max_row == 3 and "CSV" in sheet["A3"].value
    assert looks(town) == [("cases.excel", "1", "q=%E8%B7%AF%E7%81%AF"), ("cases.excel", "2, not all", "")]


def test_paper_says_what_was_asked_for_and_where_it_ends(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [town.filed(title="<b>灯").case_no for _ in range(2)]
    boss = town.visit("supervisor")
    html = boss.text("/cases/print?state=filed")
    words = plain(html)
    assert all(case in words for case in cases) and "状态: 立案" in words and "共 2 件" in words
    assert "&lt;b&gt;灯" in html and "<style" not in html and "style=" not in html
    monkeypatch.setattr(caseexport, "PRINTED", 1)
    assert "仅打印前 1 件" in plain(boss.text("/cases/print"))
    assert looks(town) == [("cases.print", "2", "state=filed"), ("cases.print", "1, not all", "")]


def test_what_makes_no_sense_is_taken_nowhere(town: Town) -> None:
    for path in ("export.csv", "export.xlsx", "print"):
        answer = town.visit("supervisor").get(f"/cases/{path}?cell=x")
        assert answer.status_code == 302 and answer.location == "/cases?cell=x"
    assert looks(town) == []
