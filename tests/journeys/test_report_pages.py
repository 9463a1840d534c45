"""Call reports in a real browser: three languages, light and dark, wide and narrow, and as files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schema.rules.languages import LANGUAGES
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office, picture

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


@LOOKS
@by_hand
def test_a_report_is_whole(office: Office, language: str, scheme: str, size: tuple[int, int]) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    page = office.page(language, scheme, size)
    office.log_in(page, "supervisor1", language)
    for name, query in {
        "days": "?every=day",
        "agents": "?every=whole&by=agent",
        "queues": "?every=day&by=queue",
    }.items():
        page.goto(f"/reports{query}")
        page.get_by_test_id("report-table").wait_for()
        page.locator("[data-testid=store-state][data-state=up]").wait_for()
        look(office, page, f"report-{name}-{mark}")
    page.goto("/reports?from=2020-01-01&to=2020-01-02")
    page.get_by_test_id("report-empty").wait_for()
    look(office, page, f"report-empty-{mark}")
    page.context.close()


@by_hand
def test_the_head_stays_while_the_table_moves(office: Office) -> None:
    page = office.page()
    office.log_in(page, "supervisor1", "zh")
    page.goto("/reports?every=15min")
    region = page.get_by_role("region", name="数据表")
    head = page.get_by_test_id("report-table").locator("thead th").first
    region.scroll_into_view_if_needed()
    before = head.bounding_box()
    region.evaluate("node => node.scrollTo(node.dir === 'rtl' ? -300 : 300, 900)")
    assert region.evaluate("node => node.scrollTop") == 900
    assert head.bounding_box() == before
    page.context.close()


@by_hand
def test_a_long_count_shows_how_far_it_is_and_arrives(office: Office) -> None:
    page = office.page("en")
    office.log_in(page, "supervisor1", "en")
    last = datetime.now(UTC).date()
    page.goto(f"/reports?from={last - timedelta(days=900)}&to={last}&every=month")
    page.get_by_test_id("report-table").wait_for()
    assert page.get_by_test_id("report-counting").count() == 0
    assert page.get_by_test_id("report-check").get_attribute("data-good") == "true"
    look(office, page, "report-long-en-light-1280")
    page.context.close()


@by_hand
def test_the_form_makes_an_address_that_can_be_passed_on(office: Office) -> None:
    page = office.page("en")
    office.log_in(page, "supervisor1", "en")
    page.goto("/reports")
    page.get_by_test_id("report-by").select_option("language")
    page.get_by_test_id("report-every").select_option("whole")
    page.get_by_test_id("report-show").click()
    page.wait_for_url("**by=language**")
    assert "queue=" not in page.url and "agent=" not in page.url, "what was left empty is left out"
    rows = page.get_by_test_id("report-table").locator("tbody th").all_inner_texts()
    assert rows[:3] == ["Chinese", "English", "Uyghur"] and rows[-1] == "Total"
    address = page.url
    other = office.page("en")
    office.log_in(other, "supervisor1", "en")
    other.goto(address)
    assert (
        other.get_by_test_id("report-table").inner_text() == page.get_by_test_id("report-table").inner_text()
    )
    for each in (page, other):
        each.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@by_hand
def test_both_files_come_down(office: Office, language: str, tmp_path: Path) -> None:
    page = office.page(language)
    office.log_in(page, "supervisor1", language)
    page.goto("/reports?every=day")
    for kind, name in {"excel": "report.xlsx", "pdf": "report.pdf"}.items():
        with page.expect_download(timeout=60_000) as told:
            page.get_by_test_id(f"report-{kind}").click()
        told.value.save_as(tmp_path / name)
    book = load_workbook(tmp_path / "report.xlsx")
    assert sum(1 for _ in book.worksheets[0].rows) > 7
    paper = (tmp_path / "report.pdf").read_bytes()
    assert paper.startswith(b"%PDF-")
    page.emulate_media(media="print")
    picture(page, f"report-print-{language}")
    page.context.close()
