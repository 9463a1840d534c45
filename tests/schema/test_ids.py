"""Ids are UUIDv7 as RFC 9562 section 5.7 lays them out, and sort by the millisecond they were made in."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.ids import as_id, uuid7

LATEST = (1 << 48) - 1


@given(st.integers(0, LATEST))
def test_the_layout_is_that_of_rfc_9562(ms: int) -> None:
    made = uuid7(lambda: ms)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == ms
    assert (made.int >> 76) & 0xF == 7
    assert (made.int >> 62) & 0b11 == 0b10


@given(st.integers(0, LATEST), st.integers(0, LATEST))
def test_of_two_milliseconds_the_later_sorts_later_as_number_and_as_text(a: int, b: int) -> None:
    early, late = uuid7(lambda: min(a, b)), uuid7(lambda: max(a, b))
    if a != b:
        assert early < late
        assert str(early) < str(late)


def test_the_random_bits_are_all_used_and_do_not_repeat() -> None:
    made = [uuid7(lambda: 0) for _ in range(2000)]
    assert len(set(made)) == 2000
    random_bits = (1 << 76) - 1 & ~(0b11 << 62)
    ones = zeroes = 0
    for one in made:
        ones |= one.int
        zeroes |= ~one.int
    assert ones & random_bits == random_bits
    assert zeroes & random_bits == random_bits


def test_the_time_in_it_is_now() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


@given(st.uuids())
def test_an_id_is_read_in_both_its_written_forms(one: UUID) -> None:
    assert as_id(str(one)) == as_id(one.hex) == as_id(str(one).upper()) == one


@pytest.mark.parametrize(
    "text",
    ["", "1", "{01234567-89ab-7def-8123-456789abcdef}", "z" * 32, "urn:uuid:" + "0" * 32, "0" * 10_000],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        as_id(text)
