"""The assessment in a real browser: whole in every language; from a score to its cases; its book, tried first."""

import pytest
from playwright.sync_api import Page

from tests.journeys.test_case_list import filed
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def up(page: Page) -> None:
    page.locator("[data-testid=store-state][data-state=up]").wait_for()


@LOOKS
@by_hand
def test_every_assessment_page_is_whole(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    filed(office, "考核", 2)
    page = office.page(language, scheme, size)
    office.log_in(page, "supervisor1", language)
    for about in ("department", "person"):
        page.goto(f"/assessment?about={about}")
        up(page)
        page.get_by_test_id("assessed-row").first.wait_for()
        look(office, page, f"assessment-{about}-{language}-{scheme}-{size[0]}")
        page.get_by_test_id("assessed-row").first.locator("a").click()
        page.get_by_test_id("assessment-items").wait_for()
        look(office, page, f"assessment-{about}-one-{language}-{scheme}-{size[0]}")
    page.locator("[data-count]").first.click()
    page.get_by_test_id("assessment-count").wait_for()
    look(office, page, f"assessment-cases-{language}-{scheme}-{size[0]}")
    page.context.close()
    page = office.page(language, scheme, size)
    office.log_in(page, "admin1", language)
    page.goto("/rules/assessment")
    up(page)
    page.get_by_test_id("preview-rework").click()
    page.locator(".trial").first.wait_for()
    look(office, page, f"rules-assessment-{language}-{scheme}-{size[0]}")
    page.context.close()


@by_hand
def test_a_formula_with_a_slip_is_marked_and_a_good_one_is_saved(office: Office) -> None:
    page = office.page("en")
    office.log_in(page, "admin1", "en")
    page.goto("/rules/assessment")
    formula = page.locator("[data-at='items.1.formula']")
    formula.fill("closed_in_time / sue")
    formula.press("Control+s")
    page.locator("[data-fault='items.1.formula']", has_text="there is no such count: sue").wait_for()
    office.complaints.clear()  # a refused book is a 400, which the console notes
    formula.fill("closed_in_time / (due + 1)")
    page.get_by_test_id("rules-why").fill("one more")
    page.keyboard.press("Control+s")
    page.get_by_test_id("rules-history").get_by_text("one more").wait_for()
    assert page.locator("[data-at='items.1.formula']").input_value() == "closed_in_time / (due + 1)"
    page.context.close()
