"""The assessment as a workbook: numbers are numbers, and what looks like a formula stays text."""

from io import BytesIO

from openpyxl import load_workbook

from schema.people import Department
from tests.backoffice.conftest import Town
from tests.backoffice.test_assessment import audited, handled


def test_the_workbook_has_every_score_and_what_it_comes_of(town: Town) -> None:
    handled(town)
    with town.store.work() as work:
        work.session.get_one(Department, town.units["unit"].id).name = "=1+1"
    answer = town.visit("leader").get("/assessment/report.xlsx?period=2026-11")
    assert (
        answer.status_code == 200
        and "assessment-department-2026-11.xlsx" in answer.headers["Content-Disposition"]
    )
    book = load_workbook(BytesIO(answer.data))
    first, second = book.worksheets
    rows = {row[0]: row for row in first.iter_rows(values_only=True)}
    assert rows["=1+1"][1] == 100 and rows["环卫处"][1] is None
    name = next(cell for row in first.iter_rows() for cell in row if cell.value == "=1+1")
    assert name.data_type == "s"
    told = [row for row in second.iter_rows(values_only=True) if row[0] == "=1+1"]
    assert ("=1+1", "按期处理率", "handled_in_time / handled", "按期处理 1, 处理 1", 1, 20, 20) in told
    assert audited(town) == [("assessment.excel", "department 2026-11")]
