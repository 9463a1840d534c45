"""The workbook of trends: a sheet for each way to look, numbers as numbers, text as text."""

from io import BytesIO

from openpyxl import load_workbook

from backoffice.qualitysheet import workbook
from backoffice.qualitytrends import COLUMNS, Trends
from schema.desk.qualitytrends import Figures, ItemLine, Line


def test_names_stay_text_and_what_is_not_known_stays_empty() -> None:
    one = Figures(4, 380.0, 3, 1, 2, 1)
    items = [
        ItemLine("s", "tone", {"zh": "语气"}, False, 4, 3, 1.5, 1),
        ItemLine("s", "x", {"zh": "转接"}, False, 4, 0, 0, 0),
    ]
    found = Trends(
        one, [Line(None, "2026-11-23", one)], [Line(None, "=1+1", one)], [Line(None, "", Figures())], items
    )
    made = workbook(found, COLUMNS, lambda key, **_: key, "ug", [("from", "2026-11-23")], right_to_left=True)
    weeks, agents, teams, by_item, meanings = load_workbook(BytesIO(made)).worksheets
    assert [cell.value for cell in weeks[2]] == [
        "2026-11-23",
        4,
        95,
        3,
        1,
        2,
        1,
    ] and weeks.sheet_view.rightToLeft
    assert (agents["A2"].value, agents["A2"].data_type) == ("=1+1", "s")
    assert [cell.value for cell in teams[2]][:3] == ["quality.trend.no_team", 0, None]
    assert [cell.value for cell in by_item[2]] == ["语气", 4, 3, 0.5, 1] and by_item["D3"].value is None
    assert meanings["B1"].value == "quality.meaning.scored"
