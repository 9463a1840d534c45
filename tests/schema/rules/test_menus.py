"""A menu's walk: keys, silence, wrong keys, and an end whatever the caller does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.menus import Chosen, Menu, Play, Prompt, Wait, Walk

MENU = Menu((Prompt("a"), Prompt("b")), {"1": "zh", "2": "en"}, "zh", tries=2, wait=4, wrong=Prompt("wrong"))


def play(*events: str) -> list[object]:
    walk, action = Walk.begin(MENU)
    seen: list[object] = [action]
    for event in events:
        walk, action = walk.heard(event)
        seen.append(action)
    return seen


def test_prompts_are_played_in_order_and_then_a_key_is_waited_for() -> None:
    first, second, wait = play("done", "done")
    assert isinstance(first, Play) and first.prompt == Prompt("a")
    assert isinstance(second, Play) and second.prompt == Prompt("b")
    assert wait == Wait(4)


def test_a_key_during_the_first_prompt_is_enough() -> None:
    assert play("2")[-1] == Chosen("en", "2")


def test_a_wrong_key_is_told_and_the_menu_said_again() -> None:
    sorry = play("9")[-1]
    assert isinstance(sorry, Play) and sorry.prompt == Prompt("wrong")
    assert isinstance(play("9", "done")[-1], Play)


def test_silence_twice_is_the_default_without_a_key() -> None:
    assert play("done", "done", "silence", "done", "done", "silence")[-1] == Chosen("zh", "")


@given(st.lists(st.sampled_from(["done", "silence", "1", "2", "9", "#"]), min_size=40, max_size=40))
def test_every_walk_ends(events: list[str]) -> None:
    walk, action = Walk.begin(MENU)
    for event in events:
        if isinstance(action, Chosen):
            break
        if isinstance(action, Wait) and event == "done":
            event = "silence"  # nothing is being played
        if isinstance(action, Play) and event == "silence":
            event = "done"
        walk, action = walk.heard(event)
    assert isinstance(action, Chosen)
    assert action.choice in {"zh", "en"}


@pytest.mark.parametrize(
    "wrong",
    [{"prompts": ()}, {"keys": {}}, {"tries": 0}, {"keys": {"A": "x"}}],
    ids=["prompts", "keys", "tries", "key"],
)
def test_a_menu_that_cannot_work_is_refused(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"prompts": (Prompt("a"),), "keys": {"1": "x"}, "default": "x"}
    with pytest.raises(ValueError):
        Menu(**{**good, **wrong})  # type: ignore[arg-type]
