from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

from backoffice.reportsheet import workbook
from backoffice.reporttable import make
from backoffice.words import Words
from schema.desk.callstats import Asked
from schema.rules.callstats import Counts
from schema.rules.intervals import bounds

DAYS = [datetime.fromisoformat(f"2026-11-{day}") for day in (23, 24)]
ZONE = ZoneInfo("Asia/Shanghai")
WORDS = Words.read()


def say(key: str, **values: object) -> str:
    return WORDS.say("en", key, **values)


def book(
    counted: dict[tuple[int, str], Counts], every: str = "day", by: str = "", rtl: bool = False, **names: str
) -> Any:
    edges = bounds(date(2026, 11, 23), date(2026, 11, 24), every, ZONE)
    table = make(counted, Asked(edges, by), say, ZONE, every, names)
    made = workbook(
        table, say, [("From", "2026-11-23"), ("=cmd", "@x")], timed=every != "whole", right_to_left=rtl
    )
    return load_workbook(BytesIO(made))


def cells(found: Workbook, name: str) -> list[Any]:
    sheet = found.worksheets[0]
    column = next(cell.column for cell in sheet[2] if cell.value == name)
    return [sheet.cell(row, column) for row in range(3, sheet.max_row + 1)]


def test_numbers_are_numbers_and_times_are_times() -> None:
    found = book({(0, ""): Counts(offered=4, answered=3, abandoned=1, waited=30, talk=5400, handled=1)})
    sheet = found.worksheets[0]
    assert [sheet.cell(row, 1).value for row in (3, 4, 5)] == [*DAYS, "Total"]
    offered, connect, talk = (cells(found, name)[0] for name in ("Offered", "Connect rate", "Talk"))
    assert (offered.value, offered.data_type) == (4, "n")
    assert (connect.value, connect.number_format) == (0.75, "0.0%")
    assert talk.number_format == "[h]:mm:ss" and talk.value.total_seconds() == 5400
    assert cells(found, "ASA (s)")[0].value == 10
    assert cells(found, "Connect rate")[1].value is None, "no share of nothing"


def test_the_head_and_the_labels_stay_while_one_scrolls() -> None:
    assert book({(0, ""): Counts(offered=1)}).worksheets[0].freeze_panes == "B3"
    assert book({(0, "a"): Counts(offered=1)}, by="queue").worksheets[0].freeze_panes == "C3"


def test_the_total_is_bold_and_the_filter_leaves_it_out() -> None:
    sheet = book({(0, ""): Counts(offered=1)}).worksheets[0]
    assert sheet.cell(5, 1).font.b and not sheet.cell(4, 1).font.b
    assert sheet.auto_filter.ref.endswith("4") and sheet.auto_filter.ref.startswith("A2:")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\x01bell"])
def test_a_name_is_never_a_formula(name: str) -> None:
    sheet = book({(0, "q"): Counts(offered=1)}, "whole", by="queue", q=name).worksheets[0]
    cell = sheet.cell(3, 1)
    assert cell.data_type == "s" and cell.value == name.replace("\x01", "")
    assert cell.quotePrefix == (name[0] in "=+-@")


def test_a_queue_called_like_a_day_is_no_day() -> None:
    sheet = book({(0, "q"): Counts(offered=1)}, "whole", by="queue", q="2026-01-01").worksheets[0]
    assert sheet.cell(3, 1).value == "2026-01-01"


def test_every_figure_has_its_definition_and_the_conditions_are_kept() -> None:
    found = book({(0, ""): Counts(offered=1)})
    heads = [cell.value for cell in found.worksheets[0][2]][1:]
    meanings = {row[0].value: row[1].value for row in found.worksheets[1].iter_rows(min_row=2)}
    assert list(meanings) == heads and all(meanings.values())
    asked = [[cell.value for cell in row] for row in found.worksheets[2].iter_rows()]
    assert asked == [["From", "2026-11-23"], ["=cmd", "@x"]]
    assert all(cell.data_type == "s" for row in found.worksheets[2].iter_rows() for cell in row)


def test_uyghur_is_read_from_the_right() -> None:
    assert all(sheet.sheet_view.rightToLeft for sheet in book({}, rtl=True).worksheets)
    assert not any(sheet.sheet_view.rightToLeft for sheet in book({}).worksheets)
