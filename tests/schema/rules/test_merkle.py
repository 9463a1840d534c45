"""The root of a tree of hashes, held against the definition written down plainly."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from schema.rules.merkle import leaf, root


def plainly(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + plainly(leaves[:half]) + plainly(leaves[half:])).digest()


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_the_root_is_the_one_of_the_standard_whatever_order_the_leaves_come_in(texts: list[bytes]) -> None:
    leaves = [leaf(text) for text in texts]
    assert root(leaves) == root(reversed(leaves)) == plainly(sorted(leaves)).hex()


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20), st.data())
def test_another_leaf_one_more_or_one_less_is_another_root(texts: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf(text) for text in texts]
    at = data.draw(st.integers(0, len(leaves) - 1))
    others = (
        leaves[:at] + leaves[at + 1 :],
        [*leaves, leaves[at]],
        [*leaves[:at], leaf(b"other"), *leaves[at + 1 :]],
    )
    assert root(leaves) not in {root(other) for other in others}
