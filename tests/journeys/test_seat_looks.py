"""The seat page in a real browser: every key, the help, and the page whole in every state and look."""

import pytest
from playwright.sync_api import expect

from tests.journeys.seatdesk import CITIZEN, ago, desk
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]
WAITS = "01960000-0000-7000-8000-0000000000aa"


@by_hand
def test_every_shortcut_does_what_its_button_says_even_while_typing(office: Office) -> None:
    with desk(office) as at:
        page = at.sit_down()
        for state in ("off", "registered"):
            page.keyboard.press("Alt+b")
            page.locator(f"[data-testid=softphone-state][data-state={state}]").wait_for()
        assert at.opened() == 2
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
