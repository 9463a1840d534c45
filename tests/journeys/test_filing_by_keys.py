"""An ordinary case from the ring to the end of writing up, by the keyboard alone, and how long that takes."""

import pytest
from playwright.sync_api import expect

from tests.journeys.seatdesk import SeatDesk
from tests.journeys.typist import Typist
from tests.journeys.webpages import Office, by_hand, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def answered_and_filed(at: SeatDesk) -> Typist:
    """A call is answered and a case filed for it, no key too many."""
    page = at.sit_down()
    hands = Typist(page)
    at.rings()
    page.get_by_test_id("call-answer").wait_for()
    hands.thinks()
    hands.press("F2")
    at.talking()
    at.seen("talking")
    hands.thinks()
    hands.press("Alt+e")
    hands.letters("ludeng")
    page.get_by_test_id("option").first.wait_for()
    hands.press("Tab")
    expect(page.get_by_test_id("case-title")).to_have_value("路灯")
    hands.press("Tab", "Tab", "Tab")  # class, kind and title are those of the category
    expect(page.get_by_test_id("case-text")).to_be_focused()
    hands.thinks()
    hands.chinese("石榴社区12号楼门口路灯三天不亮", by="shiliushequ 12haolou menkou ludeng santian buliang ")
    hands.press("Tab")
    hands.thinks()
    hands.chinese("王女士", by="wangnvshi ")
    hands.press("Tab", "Tab")  # the number is the caller's
    expect(page.get_by_test_id("case-cell")).to_be_focused()
    hands.thinks()
    hands.letters("shiliu")
    expect(page.get_by_test_id("cells-found").get_by_test_id("option")).to_have_count(3)
    hands.press("ArrowDown", "Enter")
    expect(page.get_by_test_id("case-cell")).to_have_value("330106001001002 青荷街道石榴社区第二网格")
    hands.thinks()
    hands.press("Control+Enter")
    page.get_by_test_id("case-no").wait_for()
    expect(page.get_by_test_id("dispatch-worker")).to_be_focused()
    return hands


def state_of(at: SeatDesk) -> str | None:
    """The state of the case that was filed."""
    number = at.page.get_by_test_id("case-no").inner_text()
    at.page.once("dialog", lambda asked: asked.accept())
    at.page.goto(f"/cases/{number}")
    return at.page.get_by_test_id("case-state").get_attribute("data-state")


@by_hand
def test_a_trained_agent_files_an_ordinary_case_in_thirty_seconds_without_the_mouse(office: Office) -> None:
    at = SeatDesk(office)
    try:
        hands = answered_and_filed(at)
        hands.thinks()
        hands.press("Control+Enter")
        at.page.get_by_test_id("dispatch-done").wait_for()
        hands.thinks()
        hands.press("F9")
        at.row(state="wrapup")
        at.seen("wrapup")
        hands.press("F4")
        at.until_ordered("MakeReady")
        assert hands.seconds < 30, f"{hands.keys} keys and {hands.thoughts} thoughts: {hands.seconds:.1f} s"
        assert state_of(at) == "dispatched"
    finally:
        at.leave()


@by_hand
def test_what_can_be_answered_at_once_is_by_keys(office: Office) -> None:
    at = SeatDesk(office)
    try:
        hands = answered_and_filed(at)
        hands.press("Alt+w")
        expect(at.page.get_by_test_id("answer-text")).to_be_focused()
        hands.chinese("今晚修好", by="jinwanxiuhao ")
        hands.press("Control+Enter")
        at.page.get_by_test_id("dispatch-done").wait_for()
        assert state_of(at) == "closed"
    finally:
        at.leave()
