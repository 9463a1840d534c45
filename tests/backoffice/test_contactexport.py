"""The register taken along is what was chosen, is written down, and computes nothing in a spreadsheet."""

import csv
import io

from openpyxl import load_workbook
from sqlalchemy import select

from schema.people import AuditRow
from tests.backoffice.conftest import Town


def test_csv_and_excel_hold_what_is_chosen_with_numbers_as_the_reader_may_see_them(town: Town) -> None:
    town.call(outcome="abandoned")
    case_no = town.filed(channel="letter", number="13800000002").case_no
    boss, clerk = town.visit("supervisor"), town.visit("clerk")
    answer = boss.get("/cases/contacts/export.csv?outcome=abandoned")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert [(row["时间"], row["号码"], row["结果"]) for row in rows] == [
        ("2026-11-24 16:00:00", "13800000001", "已放弃")
    ]
    book = load_workbook(io.BytesIO(clerk.get("/cases/contacts/export.xlsx").get_data()))
    sheet = book.active
    assert sheet is not None and sheet.max_row == 3
    assert {sheet.cell(2, 3).value, sheet.cell(3, 3).value} == {"138****0001", "138****0002"}
    assert case_no in {sheet.cell(2, 8).value, sheet.cell(3, 8).value}
    with town.store.read() as session:
        taken = session.execute(
            select(AuditRow.what, AuditRow.subject, AuditRow.reason).where(
                AuditRow.what.startswith("contacts.")
            )
        ).all()
    assert [tuple(row) for row in taken] == [
        ("contacts.csv", "1", "outcome=abandoned"),
        ("contacts.excel", "2", ""),
    ]
    assert boss.get("/cases/contacts/export.csv?outcome=x").status_code == 302
