"""The seat's line in a real browser, telephone and room faked: a new network, a reload, another tab, who waits."""

import pytest
from playwright.sync_api import expect

from tests.journeys.seatdesk import WAITS, ago, desk
from tests.journeys.webpages import Office, by_hand, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


@by_hand
def test_a_network_change_keeps_the_call_and_finds_a_new_way(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        page.evaluate("fake.lose()")
        page.get_by_test_id("call-reconnecting").wait_for()
        at.seen("talking")
        page.evaluate("fake.back()")
        expect(page.get_by_test_id("call-reconnecting")).to_be_hidden()
        at.until_logged('renegotiate {"iceRestart":true}')
        assert page.evaluate("fake.sessions.map(one => one.state)") == ["up"]
        page.evaluate("fake.sessions[0].over('BYE'); fake.lose(); fake.back()")
        assert sum(one.startswith("renegotiate") for one in at.log()) == 1, (
            "without a call there is nothing to find"
        )


@by_hand
@pytest.mark.parametrize("answered", [False, True])
def test_a_call_that_the_pbx_has_not_joined_yet_does_not_outlive_its_line(
    office: Office, answered: bool
) -> None:
    """Else every later call would find the seat busy."""
    with desk(office) as at:
        page = at.sit_down()
        at.rings()
        click = "document.querySelector('[data-testid=call-answer]').click();" if answered else ""
        page.evaluate(f"{click} fake.lose()")
        expect(page.get_by_test_id("call-panel")).to_be_hidden()
        page.evaluate("fake.back()")
        at.in_a_call()
        assert page.evaluate("fake.sessions.map(one => one.state)") == ["over", "up"]
        assert "terminate 486" not in at.log()


@by_hand
def test_a_reload_in_a_call_keeps_the_line_and_asks_for_the_call(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        (secret,) = {one.split()[2] for one in at.log() if one.startswith("register ")}
        page.get_by_test_id("case-title").fill("半截草稿")
        page.get_by_test_id("draft-state").filter(has_text="草稿已保存").wait_for()
        page.reload()
        at.until_logged(f"register seat101 {secret}")
        at.until_ordered("RecoverCall")
        assert at.opened() == 1, "opening anew would have ended the call"
        at.rings(auto=True)
        at.until_logged("answer")
        at.seen("talking")
        at.parties(("citizen", "talking"))
        expect(page.get_by_test_id("case-title")).to_have_value("半截草稿")
        assert "gridline-line-101" not in page.evaluate("Object.keys(localStorage).join()")


@by_hand
def test_who_was_only_asked_takes_nobody_elses_citizen_after_a_reload(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call(why="consult", citizen="", consult=None, watchers=[{"watcher": "100", "mode": "barge"}])
        at.expect_buttons("mute", "keypad", "hangup")
        page.reload()
        page.locator("[data-testid=call-panel][data-state=stray]").wait_for()
        at.expect_buttons("hangup")
        page.wait_for_timeout(2500)
        assert at.orders() == []
        page.get_by_test_id("call-hangup").click()
        at.until_ordered("HangUpSeat")


@by_hand
def test_a_tab_that_is_copied_with_its_storage_stays_silent(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        kept = page.evaluate("JSON.stringify(sessionStorage)")
        copy = page.context.new_page()
        copy.add_init_script(
            f"if (!sessionStorage.copied) Object.assign(sessionStorage, {kept}, {{copied: 1}})"
        )
        copy.goto("/seat")
        copy.locator("[data-testid=seat-open]").wait_for()
        copy.wait_for_function("!Object.keys(sessionStorage).some(key => key.startsWith('gridline-'))")
        assert copy.locator("[data-testid=softphone-state]").get_attribute("data-state") == "off"
        assert page.locator("[data-testid=softphone-state]").get_attribute("data-state") == "registered"
        assert at.opened() == 1


@by_hand
def test_a_line_that_is_worth_nothing_is_opened_anew_when_nobody_else_sits_there(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.row(state="unreachable")
        at.seen("unreachable")
        page.evaluate("sessionStorage.refuse = 403")
        page.reload()
        page.locator("[data-testid=softphone-state][data-state=registered]").wait_for()
        assert at.opened() == 2
        page.evaluate("sessionStorage.refuse = 403")
        at.row(state="ready")
        at.seen("ready")
        page.reload()
        page.get_by_test_id("seat-trouble").filter(has_text="别处").wait_for()
        assert at.opened() == 2, "somebody else sits there"


@by_hand
def test_a_seat_that_a_supervisor_closes_is_silent_here(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        del at.wishes["rows"]["101"]
        at.wish()
        page.get_by_test_id("seat-trouble").filter(has_text="已被签出").wait_for(timeout=30_000)
        assert "stop" in at.log()
        page.reload()
        page.locator("[data-testid=feed-state][data-state=up]").wait_for()
        assert at.opened() == 1 and page.get_by_test_id("seat-open").is_visible()


@by_hand
def test_a_waiting_caller_is_picked_into_the_work_order(office: Office) -> None:
    with desk(office) as at:
        at.call(
            WAITS, number="13700000007", queue="hotline", language="ug", stage="queue", waiting_since=ago(20),
            priority=9,
        )  # fmt: skip
        page = at.sit_down()
        first = page.get_by_test_id("waiting-item").first
        expect(first).to_contain_text("13700000007")
        expect(first).to_contain_text("市民热线")
        expect(first).to_contain_text("维吾尔语")
        page.keyboard.press("Alt+l")
        expect(first.get_by_test_id("waiting-pick")).to_be_focused()
        page.keyboard.press("Enter")
        assert at.until_ordered("PickCaller")["call"] == WAITS
        expect(first.get_by_test_id("waiting-pick")).to_be_disabled()
        at.call(WAITS, number="13700000007", queue="hotline", language="ug", stage="ringing", seat="101")
        at.row(state="ringing", call=WAITS, contact=WAITS, number="13700000007")
        at.seen("ringing")
        at.rings(number="13700000007", contact=WAITS, call=WAITS)
        at.until_logged("answer")
        expect(page.get_by_test_id("case-number")).to_have_value("13700000007")
        expect(page.get_by_test_id("call-contact")).to_have_text(WAITS)
        at.row(state="paused", reason="rest")
        at.call(
            WAITS, number="13700000007", queue="hotline", stage="queue", waiting_since=ago(20), priority=9
        )
        page.evaluate("fake.sessions.at(-1).over('BYE')")
        at.seen("paused")
        expect(first.get_by_test_id("waiting-pick")).to_be_disabled()


@by_hand
def test_a_caller_who_is_gone_when_picked_leaves_the_list_usable(office: Office) -> None:
    with desk(office) as at:
        at.call(
            WAITS, number="13700000007", queue="hotline", stage="queue", waiting_since=ago(20), priority=9
        )
        at.wishes["refuse"] = {"PickCaller": "that caller does not wait any more"}
        page = at.sit_down()
        page.get_by_test_id("waiting-pick").first.click()
        expect(page.get_by_test_id("seat-trouble")).to_have_text("这个来电已不在等待。")
        expect(page.get_by_test_id("waiting-pick").first).to_be_enabled()
