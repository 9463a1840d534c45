"""The gate before every call: who asks of a citizen is bound by list and hours; who helps says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.rules.dialgate import ASKING, PLANNED, PURPOSES, Gate, plain_number, spellings, verdict

MOBILE = "13800000001"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_number_on_the_list_is_not_called_to_be_asked_and_for_help_only_with_a_reason(purpose: str) -> None:
    assert verdict(purpose, Gate(MOBILE)) == ""
    assert verdict(purpose, Gate("anonymous")) == "bad-number"
    assert verdict(purpose, Gate(MOBILE, blocked=True)) == (
        "do-not-call" if purpose in ASKING else "give-reason"
    )
    with_reason = verdict(purpose, Gate(MOBILE, blocked=True, reason="要求回电"))
    assert with_reason == ("do-not-call" if purpose in ASKING else "")
    assert verdict(purpose, Gate(MOBILE, open_now=False)) == ("out-of-hours" if purpose in PLANNED else "")
    with pytest.raises(ValueError):
        verdict("fun", Gate(MOBILE))


@given(st.from_regex(r"(1[3-9][0-9]{9}|0[1-9][0-9]{9,10})", fullmatch=True))
def test_however_a_number_is_written_it_is_the_same(number: str) -> None:
    plain = plain_number(number)
    assert number in spellings(plain)
    assert {plain_number(one) for one in spellings(plain)} == {plain}


def test_short_numbers_and_numbers_abroad_are_left_as_they_are() -> None:
    for number in ("110", "12345", "+4915112345678", "88886666"):
        assert plain_number(number) == number and spellings(number) == (number,)
    assert plain_number("0013812345678") == "0013812345678"
    assert (
        plain_number("+8657188888888") == "057188888888"
        and plain_number("0138 0000 0001") == "0138 0000 0001"
    )
