"""The registers beside the list of cases in a real browser, and a tick that outlives the page."""

import pytest

from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


@LOOKS
@by_hand
def test_the_registers_are_whole(office: Office, language: str, scheme: str, size: tuple[int, int]) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    page = office.page(language, scheme, size)
    office.log_in(page, "supervisor1", language)
    page.goto("/cases?all=1")
    page.get_by_test_id("case-tab-contacts").click()
    page.get_by_test_id("contacts-outcome").select_option("abandoned")
    page.get_by_test_id("contacts-choose").click()
    page.locator("[data-outcome=abandoned]").first.wait_for()
    assert page.locator("[data-outcome=answered]").count() == 0
    look(office, page, f"contacts-{mark}")
    page.get_by_test_id("contact-link").first.click()
    page.get_by_test_id("contact-call").first.wait_for()
    look(office, page, f"contact-{mark}")
    page.get_by_test_id("case-tab-citizens").click()
    page.get_by_test_id("citizens-search").fill("139")
    page.keyboard.press("Enter")
    page.get_by_test_id("citizen-link").first.wait_for()
    look(office, page, f"citizens-{mark}")
    page.get_by_test_id("citizen-link").first.click()
    page.get_by_test_id("citizen-correct").locator("summary").click()
    look(office, page, f"citizen-{mark}")
    name = page.get_by_test_id("citizen-name")
    changed = f"{name.input_value()}{size[0]}"
    name.fill(changed)
    page.get_by_test_id("citizen-save").click()
    page.get_by_test_id("citizen-facts").get_by_text(changed).wait_for()
    page.get_by_test_id("citizen-corrections").wait_for()
    page.context.close()


@by_hand
def test_the_tick_of_a_confidential_case_is_set_by_the_keyboard_and_kept_in_the_draft(office: Office) -> None:
    page = office.page()
    office.log_in(page, "agent1", "zh")
    page.goto("/cases/new")
    page.get_by_test_id("case-title").fill("要求保密")
    page.get_by_test_id("case-lat").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.get_by_test_id("draft-state").get_by_text("草稿").wait_for()
    page.goto("/cases/new")
    page.get_by_role("link", name="要求保密").click()
    page.wait_for_url("**/cases/new?contact=*")
    page.wait_for_function("document.querySelector('[name=title]').value")
    assert page.get_by_test_id("case-confidential-tick").is_checked()
    assert page.get_by_test_id("case-title").input_value() == "要求保密"
    page.context.close()
