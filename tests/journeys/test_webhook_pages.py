"""The pages of webhooks in a real browser: looked at in every language, and worked by an administrator."""

from typing import Any

import pytest

from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


@LOOKS
@by_hand
def test_the_pages_are_whole(office: Office, language: str, scheme: Any, size: tuple[int, int]) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    page = office.page(language, scheme, size)
    office.log_in(page, "admin1", language)
    page.goto("/webhooks")
    page.locator("[data-testid=store-state][data-state=up]").wait_for()
    look(office, page, f"webhooks-{mark}")
    page.goto(str(page.get_by_test_id("hooks").get_by_role("link").first.get_attribute("href")))
    page.locator("[data-testid=store-state][data-state=up]").wait_for()
    look(office, page, f"webhook-{mark}")
    page.context.close()


@by_hand
def test_an_administrator_subscribes_sends_again_and_stops_it(office: Office) -> None:
    page = office.page("en")
    office.log_in(page, "admin1", "en")
    page.goto("/webhooks")
    page.get_by_test_id("hook-name").fill("help-desk")
    page.get_by_test_id("hook-url").fill("https://192.168.7.9/hook")
    page.get_by_test_id("hook-add").click()
    page.get_by_text("Choose at least one kind of event.").wait_for()
    assert page.get_by_test_id("hook-url").input_value() == "https://192.168.7.9/hook", (
        "nothing typed is lost"
    )
    page.get_by_label("cases").check()
    office.complaints.clear()  # the browser tells of the 400 above
    page.get_by_test_id("hook-add").click()
    assert "whsec_" in page.get_by_test_id("hook-secret").inner_text()
    page.get_by_test_id("hook-pause").click()
    assert page.get_by_test_id("hook-state").inner_text() == "paused"
    page.get_by_test_id("hook-removing").click()
    page.get_by_test_id("hook-remove").click()
    page.get_by_test_id("hook-form").wait_for()
    page.get_by_role("link", name="crm").click()
    page.get_by_role("link", name="given up").click()
    page.get_by_test_id("resend").click()
    page.get_by_test_id("deliveries").wait_for()
    assert page.get_by_text("given up", exact=True).count() == 1, "the filter is left, and nothing else is"
    assert office.complaints == []
    page.context.close()
