"""What a seat may dial and whom it can reach."""

import pytest

from schema.rules.dialling import KINDS_OF, BadTarget, number, target

ALL = ("seat", "queue", "number")


@pytest.mark.parametrize("emergency", ["110", "119", "120", "122", "999"])
def test_the_short_numbers_of_an_emergency_can_be_dialled(emergency: str) -> None:
    assert number(emergency, "12345") == emergency


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("0571-8888 0000", "057188880000"),
        (" (0571) 88.88.00.00 ", "057188880000"),
        ("+86 139 0000 0001", "+8613900000001"),
        ("１３９００００００01", "13900000001"),
        ("13900012345", "13900012345"),
        ("057188812345", "057188812345"),
        ("88812345", "88812345"),
    ],
)
def test_a_number_is_dialled_without_what_people_write_between_the_digits(written: str, dialled: str) -> None:
    assert number(written, "12345") == dialled


@pytest.mark.parametrize("own", ["12345", "1-2345", "057112345", "010 12345", "+8657112345"])
def test_nobody_dials_into_the_line_that_they_serve(own: str) -> None:
    with pytest.raises(BadTarget, match="own-hotline"):
        number(own, "12345")


@pytest.mark.parametrize("text", ["", "12", "1" * 21, "++86", "12a45", "1\r\nAction: x", "139;x", "0571+1"])
def test_what_is_no_number_is_not_dialled(text: str) -> None:
    with pytest.raises(BadTarget, match="bad-number"):
        number(text, "12345")


def test_a_target_is_a_seat_a_queue_or_a_number() -> None:
    assert target("seat:102", ALL) == "seat:102"
    assert target("queue:water-works", ALL) == "queue:water-works"
    assert target("number:0571 88880000", ALL) == "number:057188880000"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "bad-target"),
        (7, "bad-target"),
        ("", "bad-target"),
        ("102", "bad-target"),
        ("fax:102", "bad-target"),
        ("seat:1", "bad-target"),
        ("seat:١٠٢", "bad-target"),
        ("seat:101", "own-seat"),
        ("queue:Hotline", "bad-target"),
        ("queue:" + "a" * 60, "bad-target"),
        ("number:12345", "own-hotline"),
        ("number:1\r\n2", "bad-number"),
    ],
)
def test_what_cannot_be_reached_is_refused_with_its_reason(text: object, why: str) -> None:
    with pytest.raises(BadTarget) as refused:
        target(text, ALL, own_seat="101", hotline="12345")
    assert refused.value.code == why


def test_nobody_is_consulted_in_a_queue() -> None:
    with pytest.raises(BadTarget, match="wrong-kind"):
        target("queue:hotline", KINDS_OF["consult"])
