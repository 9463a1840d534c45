"""Agreement of inspectors: Cohen's kappa against values that are known, and what is not defined is not made up."""

import math
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.agreement import Agreement, agree, kappa, of_all, of_call, of_items, spread

A, B, C = (UUID(int=n) for n in (1, 2, 3))


def table(both: int, first: int, second: int, neither: int) -> list[tuple[int, int]]:
    return [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither


@pytest.mark.parametrize(
    ("pairs", "known"),
    [
        # Two reviewers of 50 proposals: 0.7 observed, 0.5 by chance.
        (table(20, 5, 10, 15), 0.4),
        # The same share of agreement, 60 %, with other margins.
        (table(45, 15, 25, 15), 0.1304),
        (table(25, 35, 5, 35), 0.2593),
        (table(5, 0, 0, 5), 1.0),
        (table(0, 5, 5, 0), -1.0),
        # J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968): three categories, 200 judgements.
        ([("a", "a")] * 88 + [("a", "b")] * 14 + [("a", "c")] * 18 + [("b", "a")] * 10 + [("b", "b")] * 40
         + [("b", "c")] * 10 + [("c", "a")] * 2 + [("c", "b")] * 6 + [("c", "c")] * 12, 0.4915),
    ],
)  # fmt: skip
def test_kappa_is_what_is_known(pairs: list[tuple[int, int]], known: float) -> None:
    found = kappa(pairs)
    assert found is not None and found == pytest.approx(known, abs=5e-5)
    assert kappa([(b, a) for a, b in pairs]) == pytest.approx(found)


def test_kappa_is_not_defined_where_everybody_always_says_the_same() -> None:
    assert kappa([]) is None and kappa(table(7, 0, 0, 0)) is None
    assert kappa(table(7, 3, 0, 0)) == 0, "one who always says the same agrees as chance would"


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_kappa_is_never_above_one_and_one_only_of_the_same(pairs: list[tuple[int, int]]) -> None:
    found = kappa(pairs)
    assert found is None or (found <= 1 and math.isfinite(found))
    assert found is None or (found == 1) == all(a == b for a, b in pairs)


CALLS = [
    {A: {"hello": 1, "tone": 4, "transfer": None}, B: {"hello": 1, "tone": 3, "transfer": None}},
    {A: {"hello": 0, "tone": 3, "transfer": 1}, B: {"hello": 0, "tone": 3, "transfer": 0}},
]


def test_each_item_has_its_own_agreement_and_all_of_them_one() -> None:
    items = of_items(CALLS)
    assert list(items) == ["hello", "tone", "transfer"]
    assert items["hello"] == Agreement(2, 2, 1.0) and items["tone"].share == 0.5
    assert items["transfer"] == Agreement(2, 1, pytest.approx(1 / 3))
    whole = of_all(CALLS)
    assert (whole.pairs, whole.equal) == (6, 4) and whole.kappa is not None and 0 < whole.kappa < 1
    assert (of_call(CALLS[0]).equal, of_call(CALLS[0]).pairs) == (2, 3)


def test_of_three_inspectors_every_pair_counts_by_its_calls() -> None:
    call = {A: {"hello": 1}, B: {"hello": 1}, C: {"hello": 0}}
    assert (of_call(call).pairs, of_call(call).equal) == (3, 1)
    mixed = agree({"ab": table(5, 0, 0, 5), "ac": table(20, 5, 10, 15), "bc": table(3, 0, 0, 0)})
    assert mixed.kappa == pytest.approx((10 * 1 + 50 * 0.4) / 60)
    assert agree({}) == Agreement(0, 0, None) and agree({}).share is None
    assert of_call({A: {"hello": 1}}).pairs == 0


def test_the_spread_is_between_the_highest_and_the_lowest() -> None:
    assert spread([80.0, 92.5, 85.0]) == 12.5 and spread([80.0]) is None
