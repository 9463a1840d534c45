"""What may be said to the PBX, for every action that can be made: a new one is looked at without being named here."""

import inspect
import types
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cti import speaks, speaks_talk, speaks_waits
from cti.link import UnsafeAction, checked
from cti.speaks import Unspeakable
from cti.speaks_talk import Place

MODULES = (speaks, speaks_talk, speaks_waits)
EVIL = ("101\r\nAction: Originate", "101\nx: y", "101\r", "1\0", "\r\n\r\n", "a\u2028b\r\n")
GOOD: dict[str, Any] = {
    "seat": "101", "number": "13800138000", "caller": "12345", "language": "zh", "queue": "water", "first": "citizen",
    "text": "seat:101", "how": "message", "variables": {"__GRIDLINE_LANGUAGE": "zh"}, "place": Place.ALONE,
    "others": Place.ALONE, "one": "1", "ring_ms": 1000, "cause": 16, "count": 1, "paused": True, "kept": True,
}  # fmt: skip
SAYS = sorted(
    {
        f"{module.__name__}.{name}": function
        for module in MODULES
        for name, function in vars(module).items()
        if isinstance(function, types.FunctionType) and function.__module__ == module.__name__
    }.items()
)


def good(name: str, kind: object) -> Any:
    """An argument that may be spoken."""
    if name in GOOD:
        return GOOD[name]
    return UUID(int=7) if "UUID" in str(kind) else "101"


def said(function: Callable[..., Any], **other: Any) -> Iterator[dict[str, Any]]:
    """The actions that a function makes of good arguments but for `other`."""
    arguments: dict[str, Any] = {}
    positional: list[Any] = []
    hints = typing.get_type_hints(function)
    for name, parameter in inspect.signature(function).parameters.items():
        value = other.get(name, good(name, hints[name]))
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional.append("seat")
        elif parameter.kind is parameter.KEYWORD_ONLY:
            arguments[name] = value
        else:
            positional.append(value)
    made = function(*positional, **arguments)
    for action in made if isinstance(made, list) else [made]:
        if isinstance(action, dict):
            yield action


def evils(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Every parameter of a function that takes text, with each evil value for it."""
    for parameter, kind in typing.get_type_hints(function).items():
        if parameter == "return":
            continue
        for evil in EVIL:
            if kind is str:
                yield parameter, evil
            elif "dict[str, str]" in str(kind):
                yield parameter, {"__GRIDLINE_LANGUAGE": "zh", "GRIDLINE_WHY": evil}
            elif "tuple[str, str]" in str(kind):
                yield parameter, ("c", evil)


@pytest.mark.parametrize(("name", "function"), SAYS)
def test_what_is_good_can_be_said(name: str, function: Callable[..., Any]) -> None:
    for action in said(function):
        assert checked(action)["Action"] == action["Action"]


@pytest.mark.parametrize(("name", "function"), SAYS)
def test_no_value_smuggles_a_line_to_the_pbx(name: str, function: Callable[..., Any]) -> None:
    """Refused where it is made or where it is sent, whatever the action and whichever of its values it is."""
    for parameter, evil in evils(function):
        try:
            actions = [checked(action) for action in said(function, **{parameter: evil})]
        except (UnsafeAction, Unspeakable):
            continue
        texts = [text for action in actions for value in action.values() for text in listed(value)]
        assert not any(c in text for text in texts for c in "\r\n\0"), (parameter, evil, actions)


def listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def test_actions_are_made_in_these_files_alone() -> None:
    files = (Path(speaks.__file__).parent).glob("*.py")
    own = {"ears", "link"}  # they log in, with a secret of the site's own
    made = {file.stem for file in files if '"Action":' in file.read_text("utf-8").replace(" ", "")}
    assert made - own == {module.__name__.rpartition(".")[2] for module in MODULES}


@pytest.mark.parametrize(
    "text", ["seat:1", "seat:1234567890", "number:12", "queue:Water", "planet:1", "seat", "", "seat:101 "]
)
def test_a_target_is_a_seat_a_queue_or_a_number(text: str) -> None:
    with pytest.raises(Unspeakable, match="nobody who can be reached"):
        speaks_talk.target(text, "seat", "queue", "number")


def test_only_the_kinds_that_are_wanted_can_be_reached() -> None:
    assert speaks_talk.target("number:+8657100001", "number") == ("number", "+8657100001")
    with pytest.raises(Unspeakable, match="give seat or number:…"):
        speaks_talk.target("queue:water", "seat", "number")


def test_a_seat_is_rung_with_its_ids_and_answers_by_itself() -> None:
    leg = UUID(int=9)
    action = speaks_talk.ring(
        "101",
        leg,
        ("gridline-out-seat", "102"),
        {"__GRIDLINE_CALL": "c", "GRIDLINE_WHY": "internal:102"},
        caller="102",
    )
    lines = action["Variable"]
    assert (action["Channel"], action["ChannelId"], action["Exten"]) == ("PJSIP/seat101", str(leg), "102")
    assert {"__GRIDLINE_CALL=c", "GRIDLINE_WHY=internal:102", speaks_talk.ANSWER_NOW} <= set(lines)
    assert "PJSIP_HEADER(add,X-Gridline-Why)=internal" in lines


def test_a_comma_would_set_another_variable() -> None:
    with pytest.raises(Unspeakable, match="comma"):
        speaks_talk.ring("101", UUID(int=9), Place.ALONE, {"GRIDLINE_WHY": "a,b=c"}, caller="1")


def test_two_legs_are_sent_in_one_action() -> None:
    action = speaks_talk.send_two("a", Place.HOLD_CITIZEN, "b", Place.ALONE)
    assert (action["Channel"], action["Context"], action["Exten"]) == ("a", "gridline-hold", "citizen")
    assert (action["ExtraChannel"], action["ExtraContext"], action["ExtraExten"]) == (
        "b",
        "gridline-alone",
        "s",
    )
