"""Trends of quality inspection on pages, and taken along: nothing a spreadsheet would compute, and written down."""

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from schema.ids import uuid7
from schema.people import AuditRow
from tests.backoffice.conftest import Town, plain
from tests.backoffice.test_quality import MARKS, sampled


def test_trends_say_what_each_figure_is_of(town: Town) -> None:
    boss = town.visit("supervisor")
    assert "没有评过分的通话" in plain(boss.text("/reports/quality"))
    first, second = sampled(town, 2)
    for review, tone in ((first, "5"), (second, "0")):
        form = MARKS | {
            "order": str(uuid7()),
            "item.tone": tone,
            "remark.tone": "=1+1",
            "second.tone": "0:05",
        }
        assert boss.post(f"/quality/reviews/{review}/score", form).status_code == 303
    html = boss.text("/reports/quality")
    text, agent = plain(html), town.users["agent"].name
    assert f"{agent} 2 95.0 100.0% 2 / 2 0.0% 0 / 2" in text and html.count("<svg") == 2
    assert "50.0% 100.0% 2 / 2 50.0% 1 / 2" in text and "2026-11-23" in text and "未分班组" in text
    assert "不作排名" in text and "redirect" not in text
    query = f"from=2026-11-01&to=2026-11-24&agent={town.users['agent'].id}&sheet=hotline"
    assert f"{agent} 2 95.0" in plain(boss.text(f"/reports/quality?{query}"))
    for wrong in ("from=x", "from=2026-12-01&to=2026-11-01"):
        assert boss.get(f"/reports/quality?{wrong}").status_code == 400
    book = load_workbook(BytesIO(boss.get(f"/reports/quality/trends.xlsx?{query}").data))
    assert [cell.value for cell in book.worksheets[1][2]][:4] == [agent, 2, 95, 2] and len(
        book.worksheets
    ) == 5
    lines = boss.get("/reports/quality/reviews.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 1 + 2 * 13 and sum(",'=1+1" in line for line in lines) == 2
    rows = load_workbook(BytesIO(boss.get("/reports/quality/reviews.xlsx").data)).active
    assert rows is not None and rows.max_row == 27
    with town.store.read() as session:
        noted = session.scalars(select(AuditRow.what).where(AuditRow.what.startswith("quality."))).all()
    assert {"quality.trends", "quality.trends.excel", "quality.csv", "quality.excel"} <= set(noted)
    leader = town.visit("leader")
    assert "quality-excel" not in leader.text("/reports/quality")
    assert leader.get("/reports/quality/reviews.csv").status_code == 403
    assert "/reports/quality" in leader.text("/reports")
