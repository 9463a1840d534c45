"""Texts: every one in every language, and every one that the scripts may say."""

from ivr.scripts import LANGUAGES, SCORES, language_menu, rating_menu
from ivr.texts import TEXTS


def test_every_text_is_there_in_all_languages_and_says_something() -> None:
    assert all(tuple(forms) == LANGUAGES for forms in TEXTS.values())
    assert all(text.strip() for forms in TEXTS.values() for text in forms.values())


def test_what_menus_and_confirmations_say_is_there() -> None:
    menus = (language_menu("zh", 1, 1), rating_menu(1, 1))
    names = {p.name for menu in menus for p in (*menu.prompts, menu.wrong) if p}
    assert names | {f"rated-{score}" for score in SCORES} <= set(TEXTS)


def test_scripts_of_writing_are_not_mixed_up() -> None:
    for forms in TEXTS.values():
        assert forms["en"].isascii()
        assert any("\u4e00" <= c <= "\u9fff" for c in forms["zh"])
        assert any("\u0600" <= c <= "\u06ff" for c in forms["ug"])
