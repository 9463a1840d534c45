"""The seat page on a real PBX: one window holds the seat, another takes it only by a click, a reload finds it again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from demo.journey import Journey

pytestmark = [pytest.mark.real, pytest.mark.journey]


def softphone(page: Page, state: str) -> None:
    page.locator(f"[data-testid=softphone-state][data-state={state}]").wait_for()


def seat(page: Page, state: str) -> None:
    page.locator(f"[data-testid=seat-state][data-state={state}]").wait_for()


def said(page: Page) -> str:
    trouble = page.get_by_test_id("seat-trouble")
    trouble.wait_for()
    return trouble.inner_text()


def test_a_seat_is_held_by_one_window_at_a_time(journey_on: Callable[..., Journey]) -> None:
    journey = journey_on()
    first = journey.agent
    journey.agent_sits_down()
    first.get_by_test_id("seat-reason").select_option("training")
    first.get_by_test_id("seat-pause").click()
    seat(first, "paused")
    first.get_by_test_id("seat-state").filter(has_text="培训").wait_for()

    second = first.context.new_page()
    second.goto("/seat")
    seat(second, "paused")
    softphone(second, "off")
    assert "接管" in second.get_by_test_id("seat-open").inner_text(), (
        "another window offers to take over, and waits"
    )
    softphone(first, "registered")
    second.get_by_test_id("seat-open").click()
    softphone(second, "registered")
    softphone(first, "off")
    assert "另一窗口" in said(first)

    second.reload()
    softphone(second, "registered")
    first.reload()
    seat(first, "paused")
    softphone(first, "off")

    elsewhere = journey.page_of("agent1", "/seat")
    elsewhere.get_by_test_id("seat-open").click()
    softphone(elsewhere, "registered")
    softphone(second, "off")
    assert "别处" in said(second)
    elsewhere.get_by_test_id("seat-close").click()
    seat(elsewhere, "closed")
    softphone(elsewhere, "off")
    elsewhere.context.close()


def test_a_call_rings_in_the_title_is_answered_by_a_key_and_muted(journey_on: Callable[..., Journey]) -> None:
    journey = journey_on()
    page = journey.agent
    journey.agent_sits_down()
    page.get_by_test_id("case-title").fill("一封来信")
    journey.citizen_calls()
    page.get_by_test_id("call-answer").wait_for()
    assert page.get_by_test_id("case-title").input_value() == "", "the form is the caller's"
    page.get_by_test_id("said").filter(has_text="草稿").wait_for()
    page.wait_for_timeout(1500)
    titles = {page.title() for _ in range(40) if page.wait_for_timeout(50) is None}
    assert any(journey.citizen.number in title for title in titles), titles
    page.keyboard.press("F2")
    journey.hops.until("seat.answered")
    seat(page, "talking")
    page.keyboard.press("F8")
    page.locator("[data-testid=call-mute][aria-pressed=true]").wait_for()
    page.get_by_test_id("case-title").fill("草稿")
    page.get_by_test_id("draft-state").filter(has_text="草稿已保存").wait_for()
    page.keyboard.press("F9")
    seat(page, "wrapup")
    page.keyboard.press("F4")
    seat(page, "ready")
    assert page.get_by_test_id("case-title").input_value() == "草稿", "the form stays until it is filed"
    page.goto("/cases/new")
    page.get_by_role("link", name="一封来信").click()
    expect(page.get_by_test_id("case-title")).to_have_value("一封来信")
