"""Letters as entries of a stream and back; what is no letter is passed over, never raised about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.bus import Letter
from schema.bus_redis_stream import Stream, letters_of, seq_of
from schema.ids import uuid7
from tests.schema.play import AT


class Pipe:
    """Stands for Redis in `Stream.add`: keeps what it is asked to append, as Redis would give it back."""

    def __init__(self) -> None:
        self.entries: list[tuple[bytes, dict[bytes, bytes]]] = []
        self.executed = False

    def pipeline(self, *, transaction: bool) -> "Pipe":
        assert transaction
        return self

    def __enter__(self) -> "Pipe":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def xadd(self, key: str, fields: dict[str, str | bytes], *, id: str) -> None:
        raw = {k.encode(): v if isinstance(v, bytes) else v.encode() for k, v in fields.items()}
        self.entries.append((id.encode(), raw))

    def execute(self) -> None:
        self.executed = True


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@given(st.integers(1, 2**63 - 1), st.dictionaries(st.text(st.characters(codec="utf-8")), JSON))
def test_a_letter_comes_back_equal(seq: int, body: dict[str, Any]) -> None:
    pipe = Pipe()
    letter = Letter(seq, uuid7(), "SeatReady", AT, body)
    Stream(pipe, "k", 10).add([letter])
    assert pipe.executed
    assert letters_of(pipe.entries) == [(f"{seq}-0".encode(), letter)]


@pytest.mark.parametrize(
    "fields",
    [
        None,
        {},
        {b"key": b"\xff", b"name": b"x", b"at": b"now", b"body": b"{}"},
        {b"key": b"0" * 32, b"name": b"x", b"at": b"2026-01-01T00:00:00+00:00", b"body": b"[1]"},
        {b"key": b"0" * 32, b"name": b"x", b"at": b"2026-01-01T00:00:00+00:00", b"body": b"{"},
        {b"key": b"0" * 32, b"name": b"\xff", b"at": b"2026-01-01T00:00:00+00:00", b"body": b"{}"},
        {b"name": b"x"},
    ],
)
def test_what_is_no_letter_is_none(fields: dict[bytes, bytes] | None) -> None:
    assert letters_of([(b"7-0", fields)]) == [(b"7-0", None)]


@pytest.mark.parametrize(
    ("entry_id", "seq"), [(b"12-0", 12), ("12-0", 12), (b"0-0", 0), ("9223372036854775807-1", 2**63 - 1)]
)
def test_the_place_is_the_first_half_of_the_id(entry_id: bytes | str, seq: int) -> None:
    assert seq_of(entry_id) == seq
