"""Names of recordings: what a good one says, and that no other is taken for one."""

from uuid import UUID

import pytest

from recordings.names import Named, read_name

# Fixed: a test's name tells its arguments, and has to be the same in each process that collects it.
CONTACT = UUID("01a20e24-5b77-7eec-b4c9-eef9b6caad97")
CALL = UUID("01a20e24-5b77-78a1-9da7-072e7d3a9048")


@pytest.mark.parametrize("leg", ["1795524503.17", "pbx1-1795524503.17"])
def test_a_name_says_whose_it_is(leg: str) -> None:
    assert read_name(f"{CONTACT}_{CALL}_101_{leg}") == Named(CONTACT, CALL, "101", leg)


@pytest.mark.parametrize(
    "name",
    [
        "", "x", "a_b_c_d", "../../etc/passwd", f"{CONTACT}_{CALL}_101", f"{CONTACT}_{CALL}_101_1_2",
        f"{CONTACT}_{CALL}_101_1/../x", f"{CONTACT}_{CALL}_1*_1", f"{CONTACT}_{CALL}_101_1\n", f"{CONTACT}_{CALL}__1",
        f"{CONTACT.hex}_{CALL}_101_1",
    ],
)  # fmt: skip
def test_a_name_that_is_not_ours_says_nothing(name: str) -> None:
    assert read_name(name) is None
