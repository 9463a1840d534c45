"""A citizen is a number and what they gave; nobody is made up."""

import pytest

from schema.desk.citizens import can_be_called, find_citizen, meet
from schema.store import Store


@pytest.mark.parametrize(
    ("number", "can"),
    [("13900000001", True), ("+8613900000001", True), ("110", True), ("", False), ("anonymous", False), ("12", False),
     ("139 0000", False), ("１３９００", False), ("1" * 21, False), ("13900000001\n", False), ("13900;rm", False)],
)  # fmt: skip
def test_which_numbers_can_be_called(number: str, can: bool) -> None:
    assert can_be_called(number) is can


def test_a_citizen_is_met_once_and_what_they_give_later_is_kept(store: Store) -> None:
    with store.work() as work:
        first = meet(work, "13900000001", language="zh")
    with store.work() as work:
        again = meet(work, "13900000001", name="刘女士")
    with store.work() as work:
        meet(work, "13900000001")
    assert first is not None and again is not None and first.id == again.id
    with store.read() as session:
        known = find_citizen(session, "13900000001")
        assert known is not None and (known.name, known.language) == ("刘女士", "zh")
        assert find_citizen(session, "13900000002") is None
        assert find_citizen(session, "") is None


def test_a_withheld_number_is_nobodys(store: Store) -> None:
    with store.work() as work:
        assert meet(work, "anonymous", name="x") is None
