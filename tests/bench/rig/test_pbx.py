"""Waiting for something that happens, and for something that does not."""

import pytest

from bench.rig.pbx import TooLate, until
from bench.rig.seats import numbers


def test_what_is_found_is_given_back_and_what_is_not_is_named() -> None:
    found = iter([0, None, 7])
    assert until(lambda: next(found), "seven", 5, every=0) == 7
    with pytest.raises(TooLate, match="a miracle: not within 0 s"):
        until(lambda: False, "a miracle", 0, every=0)


def test_every_seat_has_a_number_of_its_own_that_the_pbx_dials() -> None:
    seats = numbers(500)
    assert len(set(seats)) == 500
    assert all(len(seat) == 4 and seat.isdigit() for seat in seats)
