"""Numbers with their middle hidden."""

import pytest

from schema.rules.masking import masked


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800000001", "138****0001"),
        ("+8613800000001", "+86*******0001"),
        ("88880000", "88****00"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden_and_all_of_a_short_one(number: str, shown: str) -> None:
    assert masked(number) == shown
