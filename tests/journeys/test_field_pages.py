"""The pages of the street in a real browser: looked at in every language, and used as they are meant to be."""

import pytest

from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
PATHS = (
    "/field",
    "/field/devices/hs-1",
    "/field/enrol",
    "/field/conflicts",
    "/field/aside",
    "/field/reports",
    "/field/messages",
)


@LOOKS
@by_hand
def test_every_page_of_the_street_is_whole(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    page = office.page(language, scheme, size)
    office.log_in(page, "supervisor1", language)
    page.goto("/people?post=worker")
    track = str(page.get_by_test_id("track-open").first.get_attribute("href"))
    for path in (*PATHS, track):
        page.goto(path)
        for asked in page.get_by_test_id("device-block-ask").all():
            asked.click()
        name = "track" if path == track else path.strip("/").replace("/", "-")
        look(office, page, f"{name}-{language}-{scheme}-{size[0]}")
    page.context.close()


@by_hand
def test_a_handset_is_enrolled_written_to_blocked_and_a_conflict_settled(office: Office) -> None:
    page = office.page()
    office.log_in(page, "supervisor1", "zh")
    page.goto("/field/enrol")
    page.get_by_test_id("enrol-worker").fill("worker1")
    page.get_by_test_id("enrol-make").click()
    assert len(page.get_by_test_id("enrol-code").inner_text()) == 14
    look(office, page, "field-code-zh-light-1280")
    page.goto("/field/messages")
    page.get_by_test_id("message-to").fill("王建国")
    page.get_by_test_id("receiver-option").filter(has_text="王建国").click()
    page.get_by_test_id("field-title").fill("台风")
    page.get_by_test_id("field-text").fill("下午停工，请到站点集合。")
    page.get_by_test_id("field-text").press("Control+Enter")
    page.get_by_test_id("seen-by").wait_for()
    assert page.get_by_test_id("seen-count").inner_text() == "0 / 1"
    look(office, page, "field-message-zh-light-1280")
    page.goto("/field/conflicts")
    page.get_by_test_id("pair-edit").get_by_test_id("take-other").click()
    page.get_by_test_id("settled").wait_for()
    assert page.get_by_test_id("pair-edit").count() == 0 and page.get_by_test_id("pair-reused").count() == 1
    watching = page.context.new_page()
    watching.goto("/field?state=blocked")
    page.goto("/field/devices/hs-1")
    page.get_by_test_id("device-block-ask").click()
    page.get_by_test_id("block-reason").fill("丢失")
    page.get_by_test_id("device-block").click()
    page.get_by_test_id("device-done").wait_for()
    assert watching.get_by_test_id("device").count() == 1
    watching.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    watching.get_by_role("link", name="hs-1").wait_for()
    page.get_by_test_id("device-unblock").click()
    page.get_by_test_id("device-block-ask").wait_for()
    page.context.close()
