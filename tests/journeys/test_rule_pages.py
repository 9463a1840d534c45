"""The rule books and calendars in a real browser: edited by keyboard and mouse, undone, saved, brought back."""

import pytest

from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


@LOOKS
@by_hand
def test_every_rule_page_is_whole(office: Office, language: str, scheme: str, size: tuple[int, int]) -> None:
    page = office.page(language, scheme, size)
    office.log_in(page, "admin1", language)
    for path in ("categories", "limits", "dictionary", "calendars"):
        page.goto(f"/rules/{path}")
        page.locator("[data-testid=store-state][data-state=up]").wait_for()
        look(office, page, f"rules-{path}-{language}-{scheme}-{size[0]}")
    page.context.close()


@by_hand
def test_a_category_is_added_moved_undone_saved_and_brought_back(office: Office) -> None:
    page = office.page("en")
    office.log_in(page, "admin1", "en")
    page.goto("/rules/categories")
    codes = "[...document.querySelectorAll('tr[data-code]')].map(row => row.dataset.code)"
    before = page.evaluate(codes)
    assert page.get_by_test_id("rules-save").is_disabled()
    page.locator("tr[data-code='02'] button", has_text="＋").click()
    page.keyboard.type("桥梁")
    page.keyboard.press("Tab")
    page.keyboard.type("Bridges")
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_function(f"() => {codes}.indexOf('0206') < {codes}.indexOf('0205')")
    assert set(page.evaluate(codes)) - set(before) == {"0206"}
    assert page.locator("tr[data-code='0206'] .name input").nth(1).input_value() == "Bridges"
    page.get_by_test_id("rules-undo").click()
    assert page.evaluate(codes).index("0206") > page.evaluate(codes).index("0205")
    page.get_by_test_id("rules-why").fill("bridges")
    page.keyboard.press("Control+s")
    page.get_by_test_id("rules-history").get_by_text("bridges").wait_for()
    page.locator("tr[data-code='0206']").wait_for()
    page.locator("tr[data-code='0206'] button", has_text="✕").click()
    page.locator("tr[data-code='02'] .units input").fill("many")
    with page.expect_response(lambda answer: answer.status == 400):
        page.get_by_test_id("rules-save").click()
    page.locator("tr[data-code='02'] .wrong", has_text="whole number").wait_for()
    office.complaints.clear()  # a refused book is a 400, which the console notes
    page.locator("[data-bring='0']").click()
    page.wait_for_function(f"() => {codes}.length === {len(before)}")
    page.get_by_test_id("rules-save").click()
    page.get_by_test_id("rules-history").locator("tbody tr").nth(2).wait_for()
    page.locator("tr[data-code='99']").wait_for()
    assert page.evaluate(codes) == before
    page.context.close()


@by_hand
def test_a_year_is_seeded_painted_by_keyboard_and_saved(office: Office) -> None:
    page = office.page("zh")
    office.log_in(page, "admin1", "zh")
    page.goto("/rules/calendars/night?year=2025")
    day = "[data-day='2025-10-01']"
    assert page.locator(day).get_attribute("data-kind") == "plain"
    page.get_by_test_id("calendar-seed").click()
    page.locator(f"{day}[data-kind=off]").wait_for()
    assert "国庆节" in str(page.locator(day).get_attribute("aria-label"))
    page.locator("[data-day='2025-12-30']").focus()
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("[data-day='2025-12-31'][data-kind=hours]").wait_for()
    page.get_by_test_id("calendar-hours").fill("22:00-06:00")
    page.keyboard.press("Tab")
    page.get_by_test_id("calendar-trouble").filter(has_text="08:30-12:00").wait_for()
    page.get_by_test_id("calendar-hours").fill("20:00-24:00")
    page.keyboard.press("Tab")
    page.get_by_test_id("calendar-save").click()
    page.get_by_test_id("calendar-history").wait_for()
    page.goto("/rules/calendars/night?year=2025")
    assert page.locator("[data-day='2025-12-31']").get_attribute("data-kind") == "hours"
    assert page.locator("[data-day='2025-09-28']").get_attribute("data-kind") == "work"
    assert page.get_by_test_id("calendar-hours").input_value() == "20:00-24:00"
    assert page.get_by_test_id("calendar-known").input_value() == "2025-12-31"
    page.context.close()


@by_hand
def test_an_agent_files_and_answers_an_ordinary_case_by_keys_alone(office: Office) -> None:
    page = office.page("zh")
    office.log_in(page, "agent1", "zh")
    page.goto("/cases/new")
    page.locator("[data-testid=feed-state][data-state=up]").wait_for()
    keys = page.keyboard
    keys.press("Alt+e")
    keys.type("yanglao")
    page.get_by_test_id("option").filter(has_text="养老保险").wait_for()
    keys.press("Enter")
    assert page.get_by_test_id("case-class").input_value() == "government"
    assert page.get_by_test_id("case-kind").input_value() == "consultation"
    keys.press("Alt+i")
    keys.type("养老金几号发放")
    keys.press("Tab")
    keys.type("想知道本月养老金哪天到账。")
    for _ in range(3):
        keys.press("Tab")
    keys.type("330106")
    cell = page.locator("[data-map] [data-cell]").first.get_attribute("data-cell")
    page.get_by_test_id("case-cell").fill(str(cell))
    look(office, page, "category-zh-light-1280")
    keys.press("Control+Enter")
    case_no = page.get_by_test_id("case-no").inner_text()
    keys.press("Alt+w")
    keys.type("每月 15 日到账。")
    look(office, page, "answering-zh-light-1280")
    keys.press("Control+Enter")
    page.get_by_test_id("dispatch-done").filter(has_text="已答复").wait_for()
    page.goto(f"/cases/{case_no}")
    page.locator("[data-testid=case-state][data-state=closed]").wait_for()
    assert "养老保险" in page.get_by_test_id("case-category").inner_text()
    assert page.locator("[data-hop='case.replied']").count() == 1
    look(office, page, "answered-zh-light-1280")
    page.context.close()
