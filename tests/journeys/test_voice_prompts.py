"""The page of prompts in a real browser: whole in every look; a file is made fit for the telephone and used."""

import io
import json
import wave

import pytest
from playwright.sync_api import expect

from conf.settings import Settings
from tests.conf.test_sound import sine, write
from tests.journeys.webpages import LOOKS, Office, by_hand, look, office

pytestmark = [pytest.mark.real, pytest.mark.journey]
__all__ = ["office"]


def spoken(office: Office) -> None:
    """The voice has spoken two prompts, one of them not in Uyghur."""
    folder = Settings(var=office.var).prompts
    texts = {
        "wrong-key": {"zh": "按键无效。", "en": "That key is not in use.", "ug": "بۇ كۇنۇپكا ئىناۋەتسىز."},
        "next": {"zh": "您是下一位。", "en": "You are next.", "ug": "كېيىنكى نۆۋەت سىزنىڭ."},
    }
    for name, forms in texts.items():
        for code in forms:
            (folder / code).mkdir(parents=True, exist_ok=True)
            if (name, code) != ("next", "ug"):
                write(folder / code / f"{name}.wav", sine(500, 8000), 8000)
    (folder / "catalogue.json").write_text(json.dumps(texts), "utf-8")


@LOOKS
@by_hand
def test_the_page_is_whole(office: Office, language: str, scheme: str, size: tuple[int, int]) -> None:
    spoken(office)
    page = office.page(language, scheme, size)
    office.log_in(page, "admin1", language)
    page.goto("/rules/voice")
    page.get_by_test_id("to-prompts").click()
    page.locator("[data-testid=store-state][data-state=up]").wait_for()
    look(office, page, f"voice-prompts-{language}-{scheme}-{size[0]}")
    page.context.close()


@by_hand
def test_a_file_of_another_kind_is_made_fit_and_heard(office: Office) -> None:
    spoken(office)
    page = office.page("en")
    office.log_in(page, "admin1", "en")
    page.goto("/rules/voice/prompts")
    page.get_by_test_id("prompts-filter").fill("you are next")
    expect(page.locator("[data-prompt]:visible")).to_have_count(1)
    part = page.locator("[data-prompt=next] [data-language=ug]")
    expect(part.get_by_test_id("prompt-hear")).to_be_hidden()
    studio = io.BytesIO()
    with wave.open(studio, "wb") as out:
        out.setparams((2, 2, 44_100, 0, "NONE", ""))
        out.writeframes(
            b"".join(one.to_bytes(2, "little", signed=True) * 2 for one in sine(500, 44_100, 2.0))
        )
    field = part.get_by_test_id("prompt-file")
    with page.expect_response("**/rules/voice/hear?*") as heard:
        field.set_input_files({"name": "studio.wav", "mimeType": "audio/wav", "buffer": studio.getvalue()})
    with wave.open(io.BytesIO(heard.value.body()), "rb") as kept:
        assert kept.getparams()[:3] == (1, 2, 8000) and kept.getnframes() == pytest.approx(16_400, abs=400)
    expect(part).to_have_attribute("data-state", "recorded")
    field.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no sound"})
    expect(page.get_by_test_id("prompts-trouble")).to_have_text("This is no sound that can be used")
    part.get_by_test_id("prompt-back").click()
    expect(part).to_have_attribute("data-state", "missing")
    page.context.close()


@by_hand
def test_a_recording_by_telephone_is_followed_until_it_is_in_use_or_refused(office: Office) -> None:
    """The telephone itself is rung in ``test_dictation.py``; here the server's words are put into the page's mouth."""
    spoken(office)
    page = office.page("en")
    office.log_in(page, "admin1", "en")
    page.goto("/rules/voice/prompts")
    part = page.locator("[data-prompt=next] [data-language=ug]")
    part.get_by_test_id("prompt-phone").click()
    expect(page.get_by_test_id("prompts-trouble")).to_contain_text("Give the number of the seat")
    page.get_by_test_id("prompts-seat").fill("900")
    part.get_by_test_id("prompt-phone").click()
    expect(page.get_by_test_id("prompts-trouble")).to_contain_text("That seat is not open")
    said = [
        {"state": "ringing", "text": "it rings", "shown": "missing"},
        {"state": "speaking", "text": "speak now", "shown": "missing"},
        {"state": "kept", "text": "in use", "shown": "recorded"},
    ]
    asked: list[str] = []
    page.route("**/next/telephone", lambda route: route.fulfill(json={"order": "o1"}, status=202))
    page.route(
        "**/prompts/telephone/o1",
        lambda route: (asked.append("o1"), route.fulfill(json=said[len(asked) - 1])),
    )
    with page.expect_request("**/rules/voice/hear?*"):
        part.get_by_test_id("prompt-phone").click()
        expect(part.get_by_test_id("prompt-progress")).to_have_text("speak now")
    expect(part).to_have_attribute("data-state", "recorded")
    expect(part.get_by_test_id("prompt-progress")).to_have_text("in use")
    asked.clear()
    said[1:] = [{"state": "refused", "text": "too quiet", "shown": "missing"}]
    part.get_by_test_id("prompt-phone").click()
    expect(part.get_by_test_id("prompt-progress")).to_have_text("too quiet")
    expect(part.get_by_test_id("prompt-progress")).to_have_attribute("data-state", "refused")
    expect(part.get_by_test_id("prompt-phone")).to_be_enabled()
    office.complaints.clear()  # the refusal above is one to the browser
    page.context.close()
