"""A report as an Excel workbook: typed numbers, a frozen head, the definitions, and what was asked for."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from backoffice.reporttable import Column, Say, Table
from schema.rules.callstats import worth

FORMATS = {"count": "#,##0", "share": "0.0%", "seconds": "#,##0.0", "time": "[h]:mm:ss"}
DAY = 86_400
_BOLD = Font(bold=True)
_HEAD = PatternFill("solid", fgColor="DCEBEC")
_WRAP = Alignment(wrap_text=True, vertical="top")


def workbook(
    table: Table, say: Say, asked: Iterable[tuple[str, str]], *, timed: bool, right_to_left: bool
) -> bytes:
    """The file's bytes. `asked` are the conditions in words; `timed`: the first label of a row is a time."""
    book = Workbook(write_only=True)
    sheets = [
        book.create_sheet(say(key)[:31]) for key in ("report.title", "report.definitions", "report.asked")
    ]
    for sheet in sheets:
        sheet.sheet_view.rightToLeft = right_to_left
    _report(sheets[0], table, timed)
    _pairs(sheets[1], [(say("report.figure"), say("report.meaning")), *_meanings(table)], (30, 110))
    _pairs(sheets[2], asked, (30, 110))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _report(sheet: Any, table: Table, timed: bool) -> None:
    labels = len(table.heads)
    sheet.freeze_panes = f"{get_column_letter(labels + 1)}3"
    for n in range(labels):
        sheet.column_dimensions[get_column_letter(n + 1)].width = 22
    for n in range(len(table.columns)):
        sheet.column_dimensions[get_column_letter(labels + n + 1)].width = 14
    last = get_column_letter(labels + len(table.columns))
    rows = sum(not line.is_total for line in table.lines)
    sheet.auto_filter.ref = f"A2:{last}{max(2, rows + 2)}"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True

    groups = [group if n == 0 else "" for group, found in table.groups for n in range(len(found))]
    heads = [*[""] * labels, *groups]
    sheet.append([text_cell(sheet, each, head=True) for each in heads])
    sheet.append(
        [text_cell(sheet, each, head=True) for each in (*table.heads, *(c.label for c in table.columns))]
    )
    for line in table.lines:
        cells = [_label(sheet, each, timed and n == 0) for n, each in enumerate(line.labels)]
        cells += [_number(sheet, column, line.counts) for column in table.columns]
        if line.is_total:
            for cell in cells:
                cell.font = _BOLD
        sheet.append(cells)


def _meanings(table: Table) -> list[tuple[str, str]]:
    return [(column.label, column.what) for column in table.columns]


def _pairs(sheet: Any, pairs: Iterable[tuple[str, str]], widths: tuple[int, int]) -> None:
    for letter, width in zip("AB", widths, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B1"
    for name, value in pairs:
        cells = [text_cell(sheet, name), text_cell(sheet, value)]
        cells[0].font, cells[1].alignment = _BOLD, _WRAP
        sheet.append(cells)


def text_cell(sheet: Any, value: str, *, head: bool = False) -> Any:
    """Text that stays text: "=1+1" is somebody's name, not a formula."""
    cell = WriteOnlyCell(sheet, None)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    if value.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
    if head:
        cell.font, cell.fill, cell.alignment = _BOLD, _HEAD, _WRAP
    return cell


def _label(sheet: Any, value: str, is_time: bool) -> Any:
    try:
        when = datetime.fromisoformat(value) if is_time and len(value) in (10, 16) else None
    except ValueError:
        when = None
    if when is None:
        return text_cell(sheet, value)
    cell = WriteOnlyCell(sheet, when)
    cell.number_format = "yyyy-mm-dd" if len(value) == 10 else "yyyy-mm-dd hh:mm"
    return cell


def _number(sheet: Any, column: Column, counts: Any) -> Any:
    value = worth(column.of(counts))
    if value is not None and column.kind == "time":
        value /= DAY
    elif value is not None and column.kind != "count":
        value = round(value, 6)
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = FORMATS[column.kind]
    return cell
