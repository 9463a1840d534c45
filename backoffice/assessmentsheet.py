"""The assessment as an Excel workbook: a row for each, and a sheet that says what went into every score."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from backoffice.reportsheet import text_cell
from backoffice.reporttable import Say
from schema.desk.assessing import Result, Score


def workbook(scores: Sequence[Score], period: str, say: Say, language: str, *, right_to_left: bool) -> bytes:
    """The file's bytes; numbers are numbers, text is text."""
    book = Workbook(write_only=True)
    first, second = (book.create_sheet(say(key)[:31]) for key in ("assessment.title", "assessment.comes_of"))
    items = {result.item.code: result.item for score in scores for result in score.results}
    for sheet in (first, second):
        sheet.sheet_view.rightToLeft = right_to_left
        sheet.freeze_panes = "B2"
        sheet.column_dimensions["A"].width = 24
    labels = [say(f"assessment.{head}") for head in ("whom", "percent", "grade", "points", "out_of")]
    _row(first, labels + [one.name(language) for one in items.values()], head=True)
    for score in scores:
        own = {result.item.code: result.points for result in score.results}
        grade = score.grade.name(language) if score.grade else ""
        _row(first, [score.whom.name, score.percent, grade, round(score.points, 2), score.out_of,
                     *(own.get(code) for code in items)])  # fmt: skip
    _row(second, [period])
    heads = ("whom", "item", "formula", "counts", "value", "points", "most")
    _row(second, [say(f"assessment.{head}") for head in heads], head=True)
    for score in scores:
        for result in score.results:
            _row(second, [score.whom.name, result.item.name(language), result.item.formula, told(result, say),
                          result.value, result.points, result.item.most])  # fmt: skip
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def told(result: Result, say: Say) -> str:
    """The counts that went into a formula, in words."""
    return ", ".join(f"{say(f'count.{name}')} {count}" for name, count in (result.counts or {}).items())


def _row(sheet: Any, values: Sequence[str | float | None], *, head: bool = False) -> None:
    cells = []
    for value in values:
        if isinstance(value, str):
            cells.append(text_cell(sheet, value, head=head))
        else:
            cells.append(WriteOnlyCell(sheet, None if value is None else round(value, 4)))
    sheet.append(cells)
