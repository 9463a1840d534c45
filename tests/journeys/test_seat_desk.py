"""The seat page in a real browser, its telephone and the telephone room faked: what it shows, asks and answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.seatdesk import CITIZEN, SeatDesk, ago
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
WAITS = "01960000-0000-7000-8000-0000000000aa"


@contextmanager
def desk(office: Office, **how: Any) -> Iterator[SeatDesk]:
    found = SeatDesk(office, **how)
    try:
        yield found
    finally:
        found.leave()


@by_hand
def test_hold_consult_swap_three_way_and_complete_by_what_the_floor_says(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        at.in_a_call()
        at.parties(("citizen", "talking"))
        plain = ("mute", "consult", "transfer", "expert", "keypad", "hangup")
        at.expect_buttons("hold", *plain)
        page.get_by_test_id("call-hold").click()
        at.until_ordered("Hold")
        at.talking(citizen="hold", held=True)
        at.parties(("citizen", "hold"))
        at.expect_buttons("resume", "mute", "consult", "transfer", "expert", "hangup")
        page.get_by_test_id("call-resume").click()
        at.until_ordered("Resume")
        at.talking()
        at.expect_buttons("hold", *plain)

        page.get_by_test_id("call-consult").click()
        page.get_by_test_id("call-target").fill("cj")
        expect(page.get_by_test_id("picker-option")).to_have_count(1)
        at.row("100", state="ready", name="陈静")
        page.locator("[data-target='seat:100'] [data-state=ready]").wait_for()
        page.get_by_test_id("call-target").press("Enter")
        assert at.until_ordered("Consult")["target"] == "seat:100"
        at.talking(citizen="hold", consult={"target": "seat:100", "state": "ringing"})
        at.parties(("citizen", "hold"), ("consulted", "ringing"))
        at.expect_buttons("mute", "cancel", "hangup")
        at.talking(citizen="hold", consult={"target": "seat:100", "state": "talking"})
        at.parties(("citizen", "hold"), ("consulted", "talking"))
        at.expect_buttons("mute", "cancel", "swap", "conference", "complete", "keypad", "hangup")
        page.get_by_test_id("call-swap").click()
        at.until_ordered("Swap")
        at.talking(consult={"target": "seat:100", "state": "hold"})
        at.parties(("citizen", "talking"), ("consulted", "hold"))
        page.get_by_test_id("call-conference").click()
        at.until_ordered("Conference")
        at.talking(conference=True, consult={"target": "seat:100", "state": "talking"})
        at.parties(("citizen", "conference"), ("consulted", "conference"))
        at.expect_buttons("hold", "mute", "cancel", "complete", "keypad", "hangup")
        page.get_by_test_id("call-complete").click()
        at.until_ordered("CompleteTransfer")
        assert [one["seat"] for one in at.orders()] == ["101"] * 6


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
def test_every_shortcut_does_what_its_button_says_even_while_typing(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        title = page.get_by_test_id("case-title")
        page.keyboard.press("Alt+p")
        assert at.until_ordered("Pause")["reason"] == "rest"
        page.keyboard.press("Alt+o")
        expect(page.get_by_test_id("dial-number")).to_be_focused()
        page.keyboard.press("Alt+i")
        expect(title).to_be_focused()
        page.keyboard.type("为什么?")
        expect(title).to_have_value("为什么?")
        expect(page.get_by_test_id("help")).to_be_hidden()
        at.rings()
        page.get_by_test_id("call-answer").wait_for()
        title.focus()
        page.keyboard.press("F2")
        at.talking()
        at.seen("talking")
        at.parties(("citizen", "talking"))
        title.press_sequentially("路灯")
        for keys, kind in {"Alt+h": "Hold"}.items():
            page.keyboard.press(keys)
            at.until_ordered(kind)
        at.talking(citizen="hold", consult={"target": "seat:100", "state": "talking"})
        at.parties(("citizen", "hold"), ("consulted", "talking"))
        for keys, kind in {
            "Alt+s": "Swap",
            "Alt+j": "Conference",
            "Alt+g": "CompleteTransfer",
            "Alt+x": "CancelConsult",
        }.items():
            page.keyboard.press(keys)
            at.until_ordered(kind)
        at.talking(citizen="hold")
        at.parties(("citizen", "hold"))
        page.keyboard.press("Alt+h")
        at.until_ordered("Resume")
        at.talking()
        at.parties(("citizen", "talking"))
        for keys, name in {"Alt+c": "咨询", "Alt+t": "转接", "Alt+r": "转专家"}.items():
            page.keyboard.press(keys)
            expect(page.locator("#picker-title")).to_contain_text(name)
        page.keyboard.press("Escape")
        title.focus()
        page.keyboard.press("F8")
        at.until_logged("mute")
        expect(title).to_have_value("路灯")
        page.keyboard.press("F9")
        at.until_logged("terminate")


@by_hand
def test_the_help_lists_the_keys_and_closes(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        page.keyboard.press("?")
        help = page.get_by_test_id("help")
        expect(help).to_be_visible()
        page.keyboard.press("Escape")
        expect(help).to_be_hidden()
        page.get_by_test_id("help-open").click()
        page.get_by_test_id("help-close").click()
        expect(help).to_be_hidden()


@LOOKS
@by_hand
def test_the_page_in_every_state_is_whole(
    office: Office, language: str, scheme: str, size: tuple[int, int]
) -> None:
    mark = f"{language}-{scheme}-{size[0]}"
    with desk(office, language=language, scheme=scheme, size=size) as at:
        page = at.sit_down(language=language)
        look(office, page, f"seat-ready-{mark}")
        at.call(
            at.contact,
            number=CITIZEN,
            queue="hotline",
            language="zh",
            stage="talking",
            seat="101",
            entered=ago(60),
        )
        at.in_a_call(
            citizen="hold", consult={"target": "seat:102", "state": "talking"},
            watchers=[{"watcher": "100", "mode": "barge"}],
        )  # fmt: skip
        at.parties(("citizen", "hold"), ("consulted", "talking"))
        look(office, page, f"seat-consult-{mark}")
        at.talking()
        at.parties(("citizen", "talking"))
        page.keyboard.press("Alt+k")
        look(office, page, f"seat-keypad-{mark}")
        page.keyboard.press("Alt+t")
        page.get_by_test_id("picker-option").first.wait_for()
        look(office, page, f"seat-picker-{mark}")
        page.keyboard.press("Escape")
        page.evaluate("fake.sessions.at(-1).over('BYE')")
        at.row(state="wrapup", wrap_until=ago(-28))
        at.seen("wrapup")
        look(office, page, f"seat-wrapup-{mark}")
        page.keyboard.press("Alt+/")
        page.get_by_test_id("help").wait_for()
        look(office, page, f"seat-help-{mark}")


ELSEWHERE = ("file", "save", "undo", "delete", "urge", "follow")
"""Keys of other pages than the seat."""


def test_what_the_help_shows_is_what_the_keys_do() -> None:
    import re
    from pathlib import Path

    from backoffice import words
    from backoffice.words import Words

    script = (Path(words.__file__).parent.parent / "static" / "js" / "shortcuts.js").read_text("utf-8")
    pairs = dict(
        re.findall(r'"?((?:Alt\+)?\w+)"?: "(\w+)"', script.partition("SHORTCUTS = {")[2].partition("};")[0])
    )
    shown = {keys.replace("Key", "").replace("Slash", "/"): name for keys, name in pairs.items()}
    catalogue = Words.read().messages
    wanted = {
        m["en"]: key.removeprefix("key.")
        for key, m in catalogue.items()
        if key.startswith("key.")
        and not key.startswith("key.visit_")
        and key.removeprefix("key.") not in ELSEWHERE
    }
    assert shown == wanted and len(shown) >= 20
