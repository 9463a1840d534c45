"""Waiting has step numbers that no place has to which a waiting caller is redirected, and all of them land."""

import re
from pathlib import Path

import pytest

CONF = Path(__file__).parents[2] / "conf" / "asterisk"
PLACES = ("gridline-dial", "gridline-dial-far", "gridline-overflow", "gridline-away", "gridline-full")
STEP = re.compile(r"^(?:exten =>\s*([^,]+),(\d+|n)|\s*same =>\s*(n))(?:\((\w+)\))?,")


def steps(context: str) -> dict[str, list[int]]:
    """The numbers of each extension's steps in a context."""
    text = "\n".join(file.read_text("utf-8") for file in sorted(CONF.glob("extensions*.conf")))
    found: dict[str, list[int]] = {}
    extension = ""
    for line in text.split(f"[{context}]\n")[1].partition("\n[")[0].splitlines():
        if (step := STEP.match(line)) is None:
            continue
        extension = step[1] or extension
        numbers = found.setdefault(extension, [])
        numbers.append(numbers[-1] + 1 if (step[2] or step[3]) == "n" else int(step[2]))
    return found


def test_every_step_from_which_a_caller_may_be_taken_lands() -> None:
    (landing,) = steps("gridline-landing").values()
    waiting = steps("gridline-wait")["s"]
    told = waiting.index(20)
    assert set(waiting[told:]) <= set(landing) and max(landing) > max(waiting)
    assert landing[0] == 20 and waiting[:told] == [1, 19]


@pytest.mark.parametrize("place", PLACES)
def test_no_place_has_steps_with_such_numbers(place: str) -> None:
    found = steps(place)
    assert found and max(number for numbers in found.values() for number in numbers) < 20
    text = "".join(file.read_text("utf-8") for file in CONF.glob("extensions*.conf"))
    assert f"[{place}]\ninclude => gridline-landing\n" in text
