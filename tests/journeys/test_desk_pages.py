"""The desks in a real browser: worked through by keyboard; whole in every language, light and dark, wide and narrow."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_case_list import filed
from tests.journeys.webpages import LOOKS, WIDE, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def up(page: Page) -> None:
    page.locator("[data-testid=store-state][data-state=up]").wait_for()


@LOOKS
@by_hand
def test_every_desk_is_whole(office: Office, language: str, scheme: str, size: tuple[int, int]) -> None:
    page = office.page(language, scheme, size)
    office.log_in(page, "supervisor1", language)
    for path in ("dispatch", "department", "dispatch?pile=came-back"):
        page.goto(f"/desk/{path}")
        up(page)
        if page.get_by_test_id("worklist").count() and size == WIDE:
            page.get_by_test_id("desk-pane").get_by_test_id("case-number-shown").wait_for()
        look(office, page, f"desk-{path.partition('?')[0]}-{path[-4:]}-{language}-{scheme}-{size[0]}")
    page.context.close()


@by_hand
def test_a_case_is_dispatched_without_the_mouse_and_the_next_one_comes(office: Office) -> None:
    filed(office, "待派遣", 2)
    page = office.page("en")
    office.log_in(page, "supervisor1", "en")
    page.goto("/desk/dispatch")
    up(page)
    shown = page.get_by_test_id("desk-pane").get_by_test_id("case-number-shown")
    shown.wait_for()
    first = shown.inner_text()
    waiting = page.get_by_test_id("desk-open").count()
    page.keyboard.press("ArrowDown")
    expect(shown).not_to_have_text(first)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-pane]') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.testid") == "desk-open"
    here = shown.inner_text()
    page.keyboard.press("Enter")
    page.get_by_test_id("dispatch-department").select_option(index=1)
    page.get_by_test_id("dispatch-department").press("Control+Enter")
    page.get_by_test_id("said").filter(has_text=here).wait_for()
    expect(page.get_by_test_id("desk-open")).to_have_count(waiting - 1)
    expect(page.locator(f"[data-testid=worklist] li[data-no='{here}']")).to_have_count(0)
    expect(shown).not_to_have_text(here)
    assert first != here
    page.goto("/desk/department")
    up(page)
    page.get_by_test_id("desk-pane").get_by_text("Sign for it", exact=False).first.wait_for()
    look(office, page, "desk-department-one-en")
    page.get_by_test_id("turn-sign-send").click()
    page.get_by_test_id("said").filter(has_text=here).wait_for()
    page.get_by_test_id("worklist-empty").wait_for()
    page.get_by_test_id("pile-in-hand").click()
    page.locator(f"[data-testid=worklist] li[data-no='{here}']").wait_for()
    page.context.close()


@by_hand
def test_an_order_that_is_refused_is_said_where_it_was_given_and_what_was_typed_stays(office: Office) -> None:
    filed(office, "拒绝", 1)
    page = office.page("en")
    office.log_in(page, "supervisor1", "en")
    page.goto("/desk/dispatch")
    up(page)
    pane = page.get_by_test_id("desk-pane")
    pane.get_by_test_id("case-number-shown").wait_for()
    pane.get_by_test_id("dispatch-note").fill("bring a ladder")
    pane.locator("form[action$='/dispatch'] input[name=version]").first.evaluate(
        "node => { node.value = '999' }"
    )
    pane.get_by_test_id("dispatch-worker").select_option(index=1)
    pane.get_by_test_id("dispatch-send").click()
    pane.get_by_test_id("action-trouble").wait_for()
    assert pane.get_by_test_id("dispatch-note").input_value() == "bring a ladder"
    office.complaints.clear()  # a refused order is a 409, which the console notes
    page.context.close()
