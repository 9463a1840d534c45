"""The pages of call reports: who may, what they show, and what goes out as a file."""

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from backoffice import reportpaper
from backoffice.words import Words
from schema.calls import QueueEntryRow
from schema.people import AuditRow
from schema.store import StoreUnreachable
from tests.backoffice.conftest import NOW, POSTS, Town, plain

PATHS = ("/reports", "/reports/counted", "/reports/report.xlsx", "/reports/report.pdf")
DAY = "from=2026-11-24&to=2026-11-24"


def waits(town: Town, *results: str, **more: Any) -> None:
    """Waits of ten seconds, an hour ago."""
    for result in results:
        at = NOW - timedelta(hours=1)
        call = town.call(entered_at=at)
        ended = at + timedelta(seconds=10) if result else None
        about = {"queue": "hotline", "language": "zh"} | more
        with town.store.work() as work:
            work.session.add(
                QueueEntryRow(
                    call=call.id, n=1, node="pbx1", entered_at=at, ended_at=ended, result=result, **about
                )
            )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("post", POSTS)
def test_supervisors_administrators_and_leaders_read_reports(
    town: Town, post: str, path: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(reportpaper, "pdf", lambda html: b"%PDF-")
    answer = town.visit(post).get(path)
    assert answer.status_code == (200 if post in ("supervisor", "admin", "leader") else 403)


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_shown_the_door(town: Town, path: str) -> None:
    assert town.stranger().get(path).status_code in (302, 401)


def test_the_page_shows_the_figures_with_their_denominators_and_that_they_add_up(town: Town) -> None:
    waits(town, "answered", "answered", "answered", "abandoned", "overflowed", "called back", "")
    words = plain(town.visit("supervisor").text(f"/reports?{DAY}"))
    assert "核对 进入 7 = 已接听 3 + 已放弃 1 + 已溢出 1 + 已回拨 1 + 仍在等待 1" in words
    assert "接通率 50.0% 6 中的 3" in words
    assert "已接听 ÷（进入排队 − 仍在等待）" in words, "the definition is beside it"
    assert "2026-11-24" in words and "Asia/Shanghai" in words


def test_it_says_so_when_nothing_was_and_when_nothing_has_been_yet(town: Town) -> None:
    boss = town.visit("supervisor")
    assert "没有来电" in boss.text("/reports?from=2026-01-01&to=2026-01-02")
    assert "还没有开始" in boss.text("/reports?from=2027-01-01&to=2027-01-02")


def test_rows_are_by_queue_agent_or_language(town: Town) -> None:
    waits(town, "answered", user=town.users["agent"].id)
    boss = town.visit("supervisor")
    for by, name in {"queue": "hotline", "agent": "agent 某", "language": "中文"}.items():
        table = boss.text(f"/reports?{DAY}&every=whole&by={by}").split("<tbody>")[1]
        first = plain(table).split()
        assert " ".join(first).startswith(name) or by == "queue", by
    for query, there in (("by=agent", False), ("by=queue", True)):
        assert ('data-figure="offered"' in boss.text(f"/reports?{DAY}&{query}")) is there


def test_a_wrong_form_says_what_is_wrong_and_counts_nothing(town: Town) -> None:
    answer = town.visit("supervisor").get("/reports?from=x&every=week")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "请按年-月-日填写日期" in html and "没有这个选项" in html
    assert 'value="x"' in html and html.count('aria-invalid="true"') == 2
    assert "report-table" not in html and "report-excel" not in html
    for path in PATHS[1:]:
        assert town.visit("supervisor").get(f"{path}?from=x").status_code == 400


def test_a_long_time_is_counted_while_one_watches(town: Town) -> None:
    waits(town, "answered")
    boss = town.visit("supervisor")
    query = "from=2025-11-24&to=2026-11-24&every=month"
    html = boss.text(f"/reports?{query}")
    assert "data-counted=" in html and "report-table" not in html
    lines = [json.loads(line) for line in boss.text(f"/reports/counted?{query}").splitlines()]
    steps = [line["done"] for line in lines[:-1]]
    assert steps == list(range(len(steps))) and len(steps) >= 12
    assert {line["all"] for line in lines[:-1]} == {len(steps)}
    assert "report-table" in lines[-1]["html"] and "已接听 1" in plain(lines[-1]["html"])
    assert plain(lines[-1]["html"]) in plain(boss.text(f"/reports?{query}&now=1")), (
        "without scripts all at once"
    )


def test_a_count_that_loses_its_database_says_so(town: Town, monkeypatch: Any) -> None:
    def away(*_: Any) -> None:
        raise StoreUnreachable("gone")

    monkeypatch.setattr("backoffice.reports.count", away)
    lines = town.visit("supervisor").text(f"/reports/counted?{DAY}").splitlines()
    assert "数据库没有响应" in json.loads(lines[-1])["failed"]


def test_the_workbook_has_what_the_page_has_and_is_written_down(town: Town) -> None:
    waits(town, "answered", "abandoned")
    answer = town.visit("supervisor").get(f"/reports/report.xlsx?{DAY}&queue=hotline")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="calls-2026-11-24-2026-11-24.xlsx"'
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    book = load_workbook(BytesIO(answer.data))
    assert [sheet.title for sheet in book.worksheets] == ["话务报表", "指标定义", "条件"]
    assert [cell.value for cell in book.worksheets[0][4]][:4] == ["合计", 2, 1, 1]
    conditions = {row[0].value: row[1].value for row in book.worksheets[2].iter_rows()}
    assert conditions["从"] == "2026-11-24" and "= 已接听 1 + 已放弃 1" in conditions["核对"]
    with town.store.read() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.what == "report.excel")).one()
    assert (row.login, row.allowed) == ("supervisor", True)
    assert "from=2026-11-24" in row.subject and "queue=hotline" in row.subject


def test_paper_has_what_the_page_has_and_is_written_down(town: Town, monkeypatch: Any) -> None:
    waits(town, "answered", "abandoned")
    pages: list[str] = []
    monkeypatch.setattr(reportpaper, "pdf", lambda html: pages.append(html) or b"%PDF-1.7 made")
    answer = town.visit("admin").get(f"/reports/report.pdf?{DAY}")
    assert (answer.mimetype, answer.data) == ("application/pdf", b"%PDF-1.7 made")
    words = plain(pages[0])
    assert "进入 2 = 已接听 1 + 已放弃 1" in words and "指标定义" in words and "合计 2 1 1" in words
    assert pages[0].count("<svg") > 3
    assert "audit-list" in town.visit("admin").text("/audit?what=report.pdf")


def test_paper_that_cannot_be_made_is_an_error_and_nothing_is_written_down(
    town: Town, monkeypatch: Any
) -> None:
    def fails(_: str) -> bytes:
        raise reportpaper.PaperTrouble("no fonts")

    monkeypatch.setattr(reportpaper, "pdf", fails)
    assert town.visit("admin").get(f"/reports/report.pdf?{DAY}").status_code == 500
    assert "没有符合条件" in town.visit("admin").text("/audit?what=report.pdf")


def test_a_long_table_is_cut_on_paper_and_that_is_said(town: Town, monkeypatch: Any) -> None:
    waits(town, "answered")
    pages: list[str] = []
    monkeypatch.setattr(reportpaper, "pdf", lambda html: pages.append(html) or b"%PDF-")
    monkeypatch.setattr(reportpaper, "ROWS", 5)
    town.visit("admin").get(f"/reports/report.pdf?{DAY}&every=hour")
    assert "只含前 5 行" in pages[0]
    assert all(len(re.findall("<tr", table)) == 1 + 5 + 1 for table in pages[0].split("<table>")[1:]), (
        "head, five, total"
    )


def test_figures_that_do_not_add_up_are_shouted_about(town: Town) -> None:
    waits(town, "answered", "vanished")
    html = town.visit("supervisor").text(f"/reports?{DAY}")
    assert 'data-good="false"' in html and "数字不平：进入 2，其余之和 1" in html


def test_an_agents_name_is_text_everywhere(town: Town) -> None:
    with town.store.work() as work:
        user = work.session.merge(town.users["agent"])
        user.name = "<b>=1+1</b>"
    waits(town, "answered", user=town.users["agent"].id)
    html = town.visit("supervisor").text(f"/reports?{DAY}&every=whole&by=agent")
    assert "<b>=1+1" not in html and "&lt;b&gt;=1+1" in html


def test_every_figure_and_every_choice_has_words() -> None:
    from schema.rules.callstats import FIGURES
    from schema.rules.intervals import EVERY

    words = Words.read()
    keys = [f"report.{every}" for every in EVERY]
    keys += [f"report.bad.{wrong}" for wrong in ("dates", "order", "many", "long", "choice", "within")]
    for figure in FIGURES:
        keys += [f"figure.{figure.name}", f"figure.{figure.name}.what", f"figure.group.{figure.group}"]
    assert [key for key in keys if not words.has(key)] == []
