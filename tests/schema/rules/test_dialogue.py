"""A caller in the menus, event by event: where keys, wrong keys and silence lead."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.dialogue import Action, Dialogue, Serve, Status, Turn, prompt_name, texts_of
from schema.rules.menus import Play, Wait
from schema.rules.voicebook import read_voice
from tests.schema.rules.test_voicebook import good, say

BOOK = read_voice(good())
MENU, HOURS = prompt_name(say("menu")), prompt_name(say("hours"))


def walked(*events: str, services: tuple[str, ...] = ("hotline", "water")) -> tuple[Dialogue, list[Action]]:
    """Every action on the way, the first included."""
    talk, action = Dialogue.begin(BOOK, "zh", services)
    seen = [action]
    for event in events:
        talk, action = talk.heard(event)
        seen.append(action)
    return talk, seen


def test_the_first_menu_is_said_in_every_language_and_a_key_stops_it() -> None:
    _, seen = walked("done", "2", "done", "1")
    assert [one.prompt.language for one in seen[:2] if isinstance(one, Play)] == ["zh", "en"]
    assert seen[2] == Turn("en", "2")
    assert isinstance(seen[3], Play) and seen[3].prompt.language == "en" and seen[3].prompt.name == MENU
    assert seen[4] == Serve("water", "1")


def test_an_agent_is_one_key_away() -> None:
    assert walked("0")[1][-1] == Serve("hotline", "0")
    assert walked("1", "done", "0")[1][-1] == Serve("hotline", "0")


def test_what_is_told_is_followed_by_the_menu_again() -> None:
    talk, seen = walked("1", "done", "2", "done")
    assert isinstance(seen[3], Play) and seen[3].prompt.name == HOURS
    assert isinstance(seen[4], Play) and seen[4].prompt.name == MENU
    assert talk.steps == ("language:1", "main:2") and talk.at == "main"


def test_the_status_of_requests_is_told_and_the_menu_follows() -> None:
    body = good()
    body["menus"]["main"]["keys"]["3"] = {"do": "status"}
    talk, action = Dialogue.begin(read_voice(body), "zh")
    for event in ("1", "done", "3"):
        talk, action = talk.heard(event)
    assert action == Status()
    talk, action = talk.heard("done")
    assert isinstance(action, Play) and action.prompt.name == MENU and talk.at == "main"


def test_the_announcement_of_the_day_comes_once_and_in_the_language() -> None:
    body = good() | {"today": {"say": say("news"), "from": "2026-11-29", "until": "2026-11-29"}}
    book, news = read_voice(body), prompt_name(say("news"))
    talk, action = Dialogue.begin(book, "zh", today=date(2026, 11, 29))
    talk, action = talk.heard("2")
    assert action == Turn("en", "2")
    talk, action = talk.heard("done")
    assert isinstance(action, Play) and (action.prompt.name, talk.language) == (news, "en")
    talk, action = talk.heard("5")
    assert isinstance(action, Play) and action.prompt.name == MENU, "any key skips it"
    assert Dialogue.begin(book, "zh", today=date(2026, 11, 29))[0].heard("0")[1] == Serve("", "0")
    talk, action = Dialogue.begin(book, "zh", today=date(2026, 11, 30))
    assert isinstance(talk.heard("2")[0].heard("done")[1], Play) and not talk.news
    body["start"] = "main"
    del body["menus"]["language"]
    talk, action = Dialogue.begin(read_voice(body), "zh", today=date(2026, 11, 29))
    assert isinstance(action, Play) and action.prompt.name == news
    talk, action = talk.heard("done")
    assert isinstance(action, Play) and action.prompt.name == MENU


def test_silence_and_wrong_keys_end_at_an_agent() -> None:
    said = ["done", "done", "done", "silence"] * 2
    talk, seen = walked(*said)
    assert seen[-1] == Turn("zh", "") and talk.steps == ("language:silent",)
    talk, seen = walked("1", "done", "5", "done", "done", "silence", "done", "7")
    assert seen[-1] == Serve("hotline", "") and talk.steps[-1] == "main:silent"


def test_services_are_a_menu_of_their_own_unless_there_is_only_one() -> None:
    _, seen = walked("1", "done", "9", "2")
    assert isinstance(seen[3], Play) and seen[3].prompt.name == "service-hotline"
    assert seen[4] == Serve("water", "2")
    assert walked("1", "done", "9", services=("hotline",))[1][-1] == Serve("hotline", "9")


def test_the_catalogue_has_everything_that_is_said() -> None:
    assert texts_of(BOOK) == {MENU: say("menu"), HOURS: say("hours")}
    assert prompt_name(say("menu")) != prompt_name(say("menu") | {"ug": "باشقا"})


@given(st.lists(st.sampled_from(["key", "silence", "9", "5", "2", "1"]), max_size=40))
def test_whatever_is_pressed_the_caller_goes_on_or_is_served(pressed: list[str]) -> None:
    talk, action = Dialogue.begin(BOOK, "zh", ("hotline", "water"))
    for one in [*pressed, *["silence"] * 40]:
        while isinstance(action, (Play, Turn)):
            talk, action = talk.heard("done")
        if isinstance(action, Serve):
            assert action.service in ("hotline", "water")
            return
        assert isinstance(action, Wait)
        talk, action = talk.heard("#" if one == "key" else one)
    raise AssertionError("the caller was never served")


def test_a_case_is_asked_for_by_its_number_and_what_came_of_it_is_counted() -> None:
    body = good()
    body["menus"]["main"]["keys"]["4"] = {"do": "case"}
    talk, action = Dialogue.begin(read_voice(body), "zh")
    for event in ("1", "done", "4"):
        talk, action = talk.heard(event)
    assert isinstance(action, Play) and action.prompt.name == "case-ask" and talk.left == "case"
    for event in (*"2026#", "agent", "done"):
        talk, action = talk.heard(event)
    assert isinstance(action, Play) and action.prompt.name == MENU and talk.left == "main"
    assert talk.steps == ("language:1", "main:4", "case:agent")
