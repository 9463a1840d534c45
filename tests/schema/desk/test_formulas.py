"""Formulas: arithmetic and nothing else; what is wrong is said before it is saved, and nothing dangerous ever runs."""

import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema.desk.formulas import BadFormula, read_formula

NAMES = ("due", "closed_in_time", "failed", "checked")


@contextmanager
def trapped() -> Iterator[None]:
    """Whatever runs text as a program in the meantime fails the test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builtins, "eval", _sprung)
        patch.setattr(builtins, "exec", _sprung)
        yield


def _sprung(*_: Any, **__: Any) -> NoReturn:
    pytest.fail("a formula ran something")


@pytest.mark.parametrize(
    ("text", "counts", "value"),
    [
        ("closed_in_time / due", {"closed_in_time": 18, "due": 20}, 0.9),
        ("1 - failed / checked", {"failed": 1, "checked": 4}, 0.75),
        ("min(1, due / 5)", {"due": 10}, 1),
        ("max(due, failed) * 2", {"due": 3, "failed": 4}, 8),
        ("round(due / 3, 2)", {"due": 1}, 0.33),
        ("due if due > 5 and failed == 0 else -1", {"due": 6, "failed": 0}, 6),
        ("not failed", {"failed": 0}, 1),
        ("  due  ", {"due": 2}, 2),
    ],
)
def test_a_formula_comes_to_what_it_says(text: str, counts: dict[str, int], value: float) -> None:
    formula = read_formula(text, NAMES)
    assert set(formula.names) == set(counts)
    assert formula.value(counts) == pytest.approx(value)


def test_nothing_to_divide_by_is_no_value_and_no_error() -> None:
    assert read_formula("closed_in_time / due", NAMES).value({"closed_in_time": 0, "due": 0}) is None


def test_a_formula_is_shown_in_pieces_that_make_it_up() -> None:
    formula = read_formula("1 - failed / max(checked, failed)", NAMES)
    parts = list(formula.parts())
    assert "".join(text for text, _ in parts) == formula.text
    assert [name for _, name in parts if name] == ["failed", "checked", "failed"]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("", "empty", ""), ("   ", "empty", ""), ("due +", "syntax", "due +"), ("due failed", "syntax", None),
        ("1e9", "syntax", "1e"), ("0x10", "syntax", "0x"), ("1if due else 2", "syntax", "1i"), ("(((", "syntax", "("),
        ("sue / 2", "unknown", "sue"), ("min", "unknown", "min"), ("open(due)", "unknown", "open"),
        ("due()", "unknown", "due"), ("min(due)", "calls", "min"), ("round(due, 1, 2)", "calls", "round"),
        ("min(*due)", "calls", "min"), ("min(1, *due)", "forbidden", "Starred"),
        ("max(due, default=1)", "calls", "max"), ("min()", "calls", "min"),
        ("due.real", "forbidden", "Attribute"), ("due[0]", "forbidden", "["), ("due ** due", "forbidden", "Pow"),
        ("due // 2", "forbidden", "FloorDiv"), ("'due'", "forbidden", "'"), ("lambda: 1", "forbidden", ":"),
        ("__import__('os')", "forbidden", "'"), ("True", "forbidden", "True"), ("None", "forbidden", "None"),
        ("1, 2", "forbidden", "Tuple"), ("due in due", "forbidden", "In"), ("due is due", "forbidden", "Is"),
        ("due\n+1", "forbidden", "\n"), ("到期", "forbidden", "到"), ("due; 1", "forbidden", ";"),
        ("due" + " + due" * 60, "long", "200"), ("(1, 2) + 1", "forbidden", None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, kind: str, what: str | None) -> None:
    with pytest.raises(BadFormula) as found, trapped():
        read_formula(text, NAMES)
    assert found.value.kind == kind and (what is None or found.value.what == what)


def test_a_number_of_no_usual_size_is_a_fault_and_a_big_one_is_not() -> None:
    big = read_formula("9" * 150, NAMES)
    assert big.value({}) == pytest.approx(1e150)
    with pytest.raises(BadFormula) as found:
        read_formula("9" * 90 + "*" + "9" * 90 + "*due*due", NAMES).value({"due": 10**99})
    assert found.value.kind == "number"


ALPHABET = "due failed checked min max round if else and or not ( ) , . + - * / < > = ! 0 1 9 _ ** // __class__ [ ] '"
TEXTS = st.lists(st.sampled_from(ALPHABET.split()), max_size=40).map(" ".join) | st.text(max_size=60)


@given(TEXTS, st.integers(0, 10**9))
@example("-" * 199 + "1", 0)
@example("(" * 90 + "due" + ")" * 90, 1)
@example("round(1, 0 - 999999999)", 1)
@example("not " * 45 + "due", 1)
@example("due" + "/9" * 90, 0)
def test_any_text_is_a_number_no_value_or_a_fault(text: str, count: int) -> None:
    try:
        with trapped():
            formula = read_formula(text, NAMES)
            value = formula.value(dict.fromkeys(NAMES, count))
    except BadFormula as fault:
        assert fault.kind
        return
    assert value is None or isinstance(value, float)
    assert set(formula.names) <= set(NAMES)
