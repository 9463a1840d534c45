"""What an agent does with a call by the page: real Chromium, real PBX, by what each party hears."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from schema.orders import SkillSeat
from tests.journeys.seathands import Hands, at_home, seated
from tests.journeys.seathouse import CITIZEN, EXPERT, SeatHouse

pytestmark = [pytest.mark.real, pytest.mark.journey]
NOBODY: set[str] = set()


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hands]:
    with seated(tmp_path_factory.mktemp("seat"), wrap_up=6) as found:
        yield found


@at_home
def test_hold_is_music_for_the_citizen_and_nothing_of_the_agent(house: SeatHouse) -> None:
    house.answered()
    house.click("hold")
    house.parties(citizen="hold")
    house.hear(citizen=NOBODY, agent=NOBODY)
    house.click("resume")
    house.parties(citizen="talking")
    house.hear(citizen={"agent"}, agent={"citizen"})


@at_home
def test_consult_swap_and_cancel(house: SeatHouse) -> None:
    house.answered()
    house.choose("consult", "zhouyuan", f"number:{EXPERT}")
    house.parties(citizen="hold", consulted="talking")
    house.hear(citizen=NOBODY, agent={"expert"}, expert={"agent"})
    house.click("swap")
    house.parties(citizen="talking", consulted="hold")
    house.hear(citizen={"agent"}, agent={"citizen"}, expert=NOBODY)
    house.click("cancel")
    house.parties(citizen="talking")
    house.hear(citizen={"agent"}, agent={"citizen"})


@at_home
def test_three_way_then_the_agent_leaves_them_to_each_other(house: SeatHouse) -> None:
    house.answered()
    house.choose("consult", "zy", f"number:{EXPERT}")
    house.hear(agent={"expert"}, expert={"agent"}, citizen=NOBODY)
    house.click("conference")
    house.parties(citizen="conference", consulted="conference")
    house.hear(citizen={"agent", "expert"}, agent={"citizen", "expert"}, expert={"agent", "citizen"})
    house.click("complete")
    house.hear(citizen={"expert"}, expert={"citizen"})
    house.shows("wrapup")


@at_home
def test_three_way_the_agent_hangs_up_and_all_are_released(house: SeatHouse) -> None:
    house.answered()
    house.choose("consult", "zy", f"number:{EXPERT}")
    house.hear(agent={"expert"}, expert={"agent"})
    house.click("conference")
    house.hear(citizen={"agent", "expert"}, agent={"citizen", "expert"})
    house.click("hangup")
    for who in ("citizen", "expert"):
        house.phones[who].wait("CALL_CLOSED")


@at_home
def test_transfer_to_an_expert_is_blind(house: SeatHouse) -> None:
    house.answered()
    house.choose("expert", "", f"number:{EXPERT}")
    house.hear(citizen={"expert"}, expert={"citizen"})
    house.shows("wrapup")


@at_home
def test_calling_out_answers_by_itself_and_sends_keys(house: SeatHouse) -> None:
    page, expert = house.page, house.phones["expert"]
    page.get_by_test_id("dial-number").fill("139 0013 9000")
    page.get_by_test_id("dial-call").click()
    house.shows("talking")
    house.parties(called="talking")
    house.hear(agent={"expert"}, expert={"agent"})
    heard = len(expert.events)
    house.click("keypad")
    page.locator("[data-digit='7']").click()
    expert.wait("CALL_DTMF_START", after=heard)
    house.click("hold")
    house.hear(agent=NOBODY, expert=NOBODY)
    house.click("resume")
    house.hear(agent={"expert"}, expert={"agent"})
    house.click("hangup")
    row = house.site.call_is(EXPERT, outcome="answered")
    assert (row.direction, row.purpose, row.seat) == ("out", "call-out", "101")


@at_home
def test_wrap_up_is_extended_and_done(house: SeatHouse) -> None:
    house.answered()
    house.click("hangup")
    house.shows("wrapup")
    house.page.get_by_test_id("wrapup-extend").click()
    house.page.wait_for_function(
        "() => document.querySelector('[data-testid=wrapup-left]').textContent.startsWith('1:')"
    )
    time.sleep(7)  # longer than wrap-up was
    house.shows("wrapup")
    house.page.get_by_test_id("wrapup-done").click()
    house.shows("ready")


@at_home
def test_it_answers_by_itself_when_it_is_told_to(house: SeatHouse) -> None:
    automatic = house.page.get_by_test_id("auto-answer")
    automatic.check()
    try:
        house.call_in(CITIZEN)
        house.hear(citizen={"agent"}, agent={"citizen"})
    finally:
        automatic.uncheck()


@at_home
def test_a_waiting_caller_is_picked_and_answered_by_that(house: SeatHouse) -> None:
    house.site.order(
        SkillSeat(seat="101", languages="zh:10", queues="another")
    )  # nobody serves the caller's queue
    try:
        house.call_in(CITIZEN, until="queue")
        pick = house.page.get_by_test_id("waiting-pick")
        pick.click()
        house.hear(citizen={"agent"}, agent={"citizen"})
        expect(house.page.get_by_test_id("case-number")).to_have_value(CITIZEN)
        expect(house.page.get_by_test_id("waiting-item")).to_have_count(0)
    finally:
        house.site.order(SkillSeat(seat="101", languages="zh:10"))


@at_home
def test_a_reload_in_the_middle_of_a_call_gets_it_back(house: SeatHouse) -> None:
    house.answered()
    page, before = house.page, len(house.site.calls(CITIZEN))
    page.get_by_test_id("case-title").fill("路灯不亮")
    page.get_by_test_id("draft-state").filter(has_text="草稿已保存").wait_for()
    page.once("dialog", lambda asked: asked.accept())
    page.reload()
    house.hear(15, citizen={"agent"}, agent={"citizen"})
    house.shows("talking")
    expect(page.get_by_test_id("case-title")).to_have_value("路灯不亮")
    house.phones["citizen"].hang_up()
    row = house.site.call_is(CITIZEN, outcome="answered")
    assert (len(house.site.calls(CITIZEN)), row.seat) == (before, "101"), "one call, one row"


@at_home
def test_a_change_of_the_network_keeps_the_call(house: SeatHouse) -> None:
    house.answered()
    page, call = house.page, house.site.calls(CITIZEN)[-1].id
    legs = len(house.site.legs(call))
    page.context.set_offline(True)
    page.get_by_test_id("call-reconnecting").wait_for()
    page.context.set_offline(False)
    page.locator("[data-testid=softphone-state][data-state=registered]").wait_for()
    expect(page.get_by_test_id("call-reconnecting")).to_be_hidden()
    time.sleep(4)  # a seat that did not come back would have lost its citizen by now
    house.hear(citizen={"agent"}, agent={"citizen"})
    assert len(house.site.legs(call)) == legs, "the same legs"
    house.click("hold")
    house.hear(citizen=NOBODY, agent=NOBODY)


@at_home
def test_everything_by_the_keyboard(house: SeatHouse) -> None:
    page = house.page
    page.get_by_test_id("case-title").focus()
    house.call_in(CITIZEN, until="ringing")
    page.get_by_test_id("call-answer").wait_for()
    page.keyboard.press("F2")
    house.hear(citizen={"agent"}, agent={"citizen"})
    page.keyboard.press("F8")
    house.hear(citizen=NOBODY, agent={"citizen"})
    page.keyboard.press("F8")
    page.keyboard.press("Alt+h")
    house.hear(citizen=NOBODY, agent=NOBODY)
    page.keyboard.press("Alt+h")
    house.hear(citizen={"agent"}, agent={"citizen"})
    page.keyboard.press("Alt+c")
    page.keyboard.type("zhouy")
    page.locator(f"[data-target='number:{EXPERT}'][aria-selected=true]").wait_for()
    page.keyboard.press("Enter")
    house.hear(citizen=NOBODY, agent={"expert"}, expert={"agent"})
    page.keyboard.press("Alt+s")
    house.hear(citizen={"agent"}, agent={"citizen"}, expert=NOBODY)
    page.keyboard.press("Alt+j")
    house.hear(citizen={"agent", "expert"}, agent={"citizen", "expert"})
    page.keyboard.press("Alt+x")
    house.hear(citizen={"agent"}, agent={"citizen"})
    page.keyboard.press("F9")
    house.shows("wrapup")
    page.keyboard.press("F4")
    house.shows("ready")


@at_home
def test_a_colleague_is_asked_and_given_the_call(house: SeatHouse) -> None:
    house.answered()
    house.sit_down("colleague")  # who sits there before might be given the call itself
    house.choose("consult", "102", "seat:102")
    house.hear(citizen=NOBODY, agent={"colleague"}, colleague={"agent"})
    house.click("complete")
    house.hear(citizen={"colleague"}, colleague={"citizen"})
    house.shows("wrapup")
