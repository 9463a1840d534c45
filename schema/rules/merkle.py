"""One hash for many: the root of a Merkle tree as RFC 9162 (2.1.1) has it, over leaves in the order of their hashes.

The order of the hashes, because two databases sort names in two ways. Hashes are SHA-256; no leaf at all has the root
SHA-256 of nothing. Changing, adding or removing any leaf makes another root.
"""

from collections.abc import Iterable
from hashlib import sha256

LEAF, NODE = b"\0", b"\1"


def leaf(text: bytes) -> bytes:
    """The hash of a leaf: never that of a node, so that nobody passes a part of the tree off as a leaf."""
    return sha256(LEAF + text).digest()


def root(leaves: Iterable[bytes]) -> str:
    """The root in hex."""
    # Subtrees that are whole, the larger ones first: (leaves below it, its hash).
    waiting: list[tuple[int, bytes]] = []
    for one in sorted(leaves):
        waiting.append((1, one))
        while len(waiting) > 1 and waiting[-1][0] == waiting[-2][0]:
            _join(waiting)
    while len(waiting) > 1:
        _join(waiting)
    return (waiting[0][1] if waiting else sha256(b"").digest()).hex()


def _join(waiting: list[tuple[int, bytes]]) -> None:
    (more, right), (count, left) = waiting.pop(), waiting.pop()
    waiting.append((count + more, sha256(NODE + left + right).digest()))
