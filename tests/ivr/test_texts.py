"""Texts: every one in every language, and every one that the scripts may say."""

from conf.services import Service
from ivr.scripts import SCORES, rating_menu
from ivr.texts import TEXTS, texts_for
from schema.defaults import default_body
from schema.rules import spokennumbers, spokentimes
from schema.rules.dialogue import service_menu, texts_of
from schema.rules.languages import LANGUAGES
from schema.rules.voicebook import read_voice

PARTS = spokennumbers.PARTS | spokentimes.PARTS
"""What numbers and times are made of is there in the languages whose grammar uses it."""


def test_every_text_is_there_in_all_languages_and_says_something() -> None:
    whole = {name: forms for name, forms in TEXTS.items() if name not in PARTS}
    assert all(tuple(forms) == LANGUAGES for forms in whole.values())
    assert all(text.strip() for forms in TEXTS.values() for text in forms.values())


def test_what_menus_and_confirmations_say_is_there() -> None:
    menu = rating_menu(1, 1)
    names = {p.name for p in (*menu.prompts, menu.wrong) if p} | set(
        texts_of(read_voice(default_body("voice")))
    )
    assert names | {f"rated-{score}" for score in SCORES} <= set(TEXTS)


def test_scripts_of_writing_are_not_mixed_up() -> None:
    for forms in TEXTS.values():
        assert forms.get("en", "").isascii()
        assert "zh" not in forms or any("\u4e00" <= c <= "\u9fff" for c in forms["zh"])
        assert "ug" not in forms or any("\u0600" <= c <= "\u06ff" for c in forms["ug"])


def test_a_service_has_its_name_in_every_language_and_its_menu_has_texts() -> None:
    texts = texts_for((Service("water", zh="供水", en="water", ug="سۇ"), Service("tax", zh="税务")))
    assert texts["service-water"]["en"] == "For water, press"
    assert "税务" in texts["service-tax"]["en"], "a name that is not there is said as the first that is"
    menu = service_menu(["water", "tax"], 1, 1)
    assert {prompt.name for prompt in menu.prompts} <= set(texts)
    assert menu.keys == {"1": "water", "2": "tax", "0": "water"}
