"""The seat page in a real browser, telephone and room faked: calls, what it shows, asks and answers."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from conf.settings import Settings
from schema.desk.cases import file_case
from schema.desk.donotcall import block_number
from schema.orders import BlockNumber, FileCase
from schema.people import User
from schema.places import GridCell
from schema.store import Store
from tests.journeys.seatdesk import CITIZEN, WAITS, ago, desk
from tests.journeys.webpages import Office, by_hand, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


@by_hand
def test_hold_consult_swap_three_way_and_complete_by_what_the_floor_says(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        at.parties(("citizen", "talking"))
        plain = ("mute", "unrecord", "consult", "transfer", "expert", "keypad", "hangup")
        at.expect_buttons("hold", *plain)
        page.get_by_test_id("call-hold").click()
        at.until_ordered("Hold")
        at.talking(citizen="hold", held=True)
        at.parties(("citizen", "hold"))
        at.expect_buttons("resume", "mute", "unrecord", "consult", "transfer", "expert", "hangup")
        page.get_by_test_id("call-resume").click()
        at.until_ordered("Resume")
        at.talking()
        at.expect_buttons("hold", *plain)

        page.get_by_test_id("call-unrecord").click()
        at.until_ordered("PauseRecording")
        at.talking(unrecorded=True, unrecorded_at=ago(290))
        expect(page.get_by_test_id("pause-left")).to_have_text(re.compile(r"^0?0:0\d$"))
        spoken = page.locator("[role=status], [role=alert]").filter(has_text="自动恢复录音")
        expect(spoken.first).to_be_attached()
        at.talking()
        expect(page.get_by_test_id("pause-left")).to_be_hidden()

        page.get_by_test_id("call-consult").click()
        page.get_by_test_id("call-target").fill("cj")
        expect(page.get_by_test_id("picker-option")).to_have_count(1)
        at.row("100", state="ready", name="陈静")
        page.locator("[data-target='seat:100'] [data-state=ready]").wait_for()
        page.get_by_test_id("call-target").press("Enter")
        assert at.until_ordered("Consult")["target"] == "seat:100"
        at.talking(citizen="hold", consult={"target": "seat:100", "state": "ringing"})
        at.parties(("citizen", "hold"), ("consulted", "ringing"))
        at.expect_buttons("mute", "unrecord", "cancel", "hangup")
        at.talking(citizen="hold", consult={"target": "seat:100", "state": "talking"})
        at.parties(("citizen", "hold"), ("consulted", "talking"))
        at.expect_buttons("mute", "unrecord", "cancel", "swap", "conference", "complete", "keypad", "hangup")
        page.get_by_test_id("call-swap").click()
        at.until_ordered("Swap")
        at.talking(consult={"target": "seat:100", "state": "hold"})
        at.parties(("citizen", "talking"), ("consulted", "hold"))
        page.get_by_test_id("call-conference").click()
        at.until_ordered("Conference")
        at.talking(conference=True, consult={"target": "seat:100", "state": "talking"})
        at.parties(("citizen", "conference"), ("consulted", "conference"))
        at.expect_buttons("hold", "mute", "unrecord", "cancel", "complete", "keypad", "hangup")
        page.get_by_test_id("call-complete").click()
        at.until_ordered("CompleteTransfer")
        assert [one["seat"] for one in at.orders()] == ["101"] * 7


@by_hand
def test_what_the_telephone_room_could_not_do_is_said_in_words(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        at.wishes["refuse"] = {
            "Hold": "the citizen is no longer in the call",
            "Transfer": "seat 100 is talking",
        }
        at.wish()
        page.get_by_test_id("call-hold").click()
        expect(page.get_by_test_id("seat-trouble")).to_have_text("市民已离开通话。")
        at.row("100", state="ready", name="陈静")
        page.get_by_test_id("call-transfer").click()
        page.locator("[data-target='seat:100'] [data-state=ready]").click()
        expect(page.get_by_test_id("seat-trouble")).to_contain_text("100")
        expect(page.get_by_test_id("seat-trouble")).to_contain_text("通话")


@by_hand
def test_the_picker_finds_seats_queues_experts_and_numbers(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        at.row("100", state="ready", name="陈静")
        options, field = page.get_by_test_id("picker-option"), page.get_by_test_id("call-target")
        page.get_by_test_id("call-transfer").click()
        expect(field).to_be_focused()
        page.locator("[data-target='seat:100'] [data-state=ready]").wait_for()
        shown = [str(one.get_attribute("data-target")) for one in options.all()]
        assert shown[0] == "seat:100" and {"seat:102", "queue:hotline", "number:13900139000"} <= set(shown)
        assert "seat:101" not in shown, "nobody is sent their own call"
        expect(page.locator("[data-target='seat:102']")).to_have_attribute("aria-disabled", "true")
        for typed, target in {
            "chenjing": "seat:100", "陈": "seat:100", "100": "seat:100", "shimin": "queue:hotline",
            "zy": "number:13900139000", "(0571) 8888-0000": "number:057188880000", "110": "number:110",
        }.items():  # fmt: skip
            field.fill(typed)
            expect(options.first).to_have_attribute("data-target", target)
        field.fill("nobody at all")
        expect(options).to_have_count(0)
        page.get_by_text("没有符合的对象").wait_for()
        field.fill("")
        field.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        field.press("Escape")
        expect(page.get_by_test_id("picker")).to_be_hidden()
        expect(page.get_by_test_id("call-transfer")).to_be_focused()
        page.get_by_test_id("call-consult").click()
        field.fill("hotline")
        expect(options).to_have_count(0)
        field.fill("wutong")
        field.press("Enter")
        expect(page.get_by_test_id("picker")).to_be_visible()
        page.get_by_test_id("call-expert").click()
        expect(options).to_have_count(1)
        field.press("Enter")
        assert at.until_ordered("Transfer")["target"] == "number:13900139000"
        assert [one["kind"] for one in at.orders()] == ["Transfer"], "a seat that is busy was not asked"


@by_hand
def test_keys_go_into_the_sound_or_by_the_room(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        page.keyboard.press("Alt+k")
        page.keyboard.type("1*#")
        page.locator("[data-digit='9']").click()
        expect(page.get_by_test_id("keypad-sent")).to_have_text("1*#9")
        assert [one for one in at.log() if one.startswith("dtmf")] == [f"dtmf {d} RFC2833" for d in "1*#9"]
        page.evaluate("fake.silent = true")
        page.locator("[data-digit='5']").click()
        assert at.until_ordered("SendDigits")["digits"] == "5"
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("keypad")).to_be_hidden()


@by_hand
def test_calling_out_by_field_and_by_click(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        dial = page.get_by_test_id("dial-number")
        dial.fill("12345")
        page.get_by_test_id("dial-call").click()
        page.get_by_test_id("seat-trouble").filter(has_text="本热线").wait_for()
        at.office.complaints.clear()  # what is refused is a 400, which the console notes
        assert at.orders() == [] and dial.input_value() == "12345"
        dial.fill("0571-8888 0000")
        dial.press("Enter")
        order = at.until_ordered("CallOut")
        assert (order["target"], order["seat"]) == ("number:057188880000", "101")
        expect(dial).to_have_value("")
        at.rings(number="057188880000", contact=order["order"], call=order["order"], why="out", auto=True)
        at.until_logged("answer")
        at.row(state="ringing", why="out", number="057188880000", call=order["order"], contact=order["order"])
        at.parties(("called", "ringing"))
        at.row(
            state="talking", why="out", number="057188880000", call=order["order"], contact=order["order"],
            citizen="talking",
        )  # fmt: skip
        at.parties(("called", "talking"))
        expect(page.get_by_test_id("dial")).to_be_hidden()
        page.evaluate("fake.sessions.at(-1).over('BYE')")
        at.row(state="wrapup", wrap_until=ago(-40))
        at.seen("wrapup")
        page.get_by_test_id("caller-call").click()
        assert at.until_ordered("CallOut", 2)["target"] == "number:057188880000"
        at.row("102", state="ready", name="吴桐")
        page.wait_for_timeout(700)
        dial.fill("102")
        dial.press("Enter")
        assert at.until_ordered("CallOut", 3)["target"] == "seat:102"


@by_hand
def test_a_number_on_a_page_is_called_by_one_click_and_a_blocked_one_takes_a_reason(office: Office) -> None:
    with desk(office) as at:
        page, store = at.sit_down(), Store(Settings(var=office.var).database_url)
        with store.work() as work:
            agent = work.session.scalars(select(User.id).where(User.login == "agent1")).one()
            cell = work.session.scalars(select(GridCell.code)).first() or ""
            case = file_case(
                work, FileCase(by=agent, class_="social", kind="service", title="路灯不亮", text="三天没有亮。",
                               cell=cell, number="13900000077")
            )  # fmt: skip
        other = page.context.new_page()
        other.goto(f"/cases/{case.case_no}")
        other.get_by_test_id("dial").click()
        other.get_by_test_id("said").filter(has_text="13900000077").wait_for()
        order = at.until_ordered("CallOut")
        assert (order["target"], order["seat"], order["case"]) == ("number:13900000077", "101", str(case.id))
        with store.work() as work:
            block_number(work, BlockNumber(by=agent, number="13900000077", reason="不要再打"))
        store.close()
        other.close()
        dial = page.get_by_test_id("dial-number")
        for leave in (True, False):
            dial.fill("13900000077")
            dial.press("Enter")
            page.get_by_test_id("dial-reason").wait_for()
            if leave:
                page.get_by_test_id("dial-leave").click()
                page.get_by_test_id("seat-trouble").filter(has_text="免打扰").wait_for()
                continue
            page.get_by_test_id("dial-reason").fill("市民要求回电")
            page.keyboard.press("Enter")
        assert at.until_ordered("CallOut", 2)["target"] == "number:13900000077"
        at.office.complaints.clear()  # what is refused is a 409, which the console notes


@by_hand
def test_it_answers_by_itself_when_told_to_and_then_only(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.rings()
        page.get_by_test_id("call-answer").wait_for()
        page.wait_for_timeout(600)
        assert "answer" not in at.log()
        page.evaluate("fake.sessions.at(-1).over('CANCEL')")
        expect(page.get_by_test_id("call-panel")).to_be_hidden()
        at.rings(auto=True)
        at.until_logged("answer")
        page.evaluate("fake.sessions.at(-1).over('BYE'); fake.log.length = 0")
        page.keyboard.press("Alt+a")
        expect(page.get_by_test_id("auto-answer")).to_be_checked()
        at.rings()
        at.until_logged("answer")
        page.evaluate("fake.sessions.at(-1).over('BYE')")
        page.reload()
        expect(page.get_by_test_id("auto-answer")).to_be_checked()


@by_hand
def test_a_second_call_is_told_busy_and_the_first_goes_on(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        at.rings(number="13900000002", contact=WAITS, call=WAITS)
        at.until_logged("terminate 486")
        assert page.evaluate("fake.sessions.map(one => one.state)") == ["up", "over"]
        at.parties(("citizen", "talking"))
        expect(page.get_by_test_id("call-number")).to_have_text(CITIZEN)


@by_hand
def test_wrap_up_counts_down_is_extended_and_done(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.row(state="wrapup", wrap_until=ago(-8))
        at.seen("wrapup")
        expect(page.get_by_test_id("seat-spoken")).to_contain_text("话后处理还剩")
        page.keyboard.press("Alt+m")
        assert at.until_ordered("ExtendWrapUp")["seconds"] == 60
        at.row(state="wrapup", wrap_until=ago(-68))
        expect(page.get_by_test_id("wrapup-left")).to_have_text("1:06")
        page.keyboard.press("F4")
        at.until_ordered("MakeReady")


@by_hand
def test_who_listens_is_shown_and_spoken(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        at.talking(watchers=[{"watcher": "100", "mode": "whisper"}])
        expect(page.get_by_test_id("call-watched")).to_contain_text("密语")
        expect(page.get_by_test_id("seat-spoken")).to_contain_text("密语")
        at.talking(watchers=[])
        expect(page.get_by_test_id("call-watched")).to_be_hidden()
