"""Sealed sound: every range reads as it was written, and no change goes unnoticed."""

import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.sealed import HEAD, PIECE, TAG, BadSound, Sealed, Sealing, new_key

KEY = new_key()
SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 12345)


def seal(sound: bytes, key: bytes = KEY, about: str = "recording 1 mix", step: int = 10_000) -> bytes:
    out = io.BytesIO()
    sealing = Sealing(out, key, about)
    for start in range(0, len(sound), step):
        sealing.write(sound[start : start + step])
    sealing.close()
    assert (sealing.size, sealing.sha256) == (len(sound), hashlib.sha256(sound).hexdigest())
    return out.getvalue()


def opened(sealed: bytes, key: bytes = KEY, about: str = "recording 1 mix") -> Sealed:
    return Sealed(lambda start, count: sealed[start : start + count], len(sealed), key, about)


def noise(size: int) -> bytes:
    return hashlib.shake_128(b"noise").digest(size)


@pytest.mark.parametrize("size", SIZES)
def test_it_comes_back_whole(size: int) -> None:
    sound = noise(size)
    sealed = seal(sound)
    assert opened(sealed).size == size and b"".join(opened(sealed).chunks()) == sound
    assert opened(sealed).prove() == hashlib.sha256(sound).hexdigest()
    assert size < 32 or sound[:32] not in sealed


SOUND = noise(3 * PIECE + 777)
SEALED = seal(SOUND)


@given(st.integers(0, len(SOUND)), st.integers(0, len(SOUND) + 9))
@settings(max_examples=100)
def test_any_range_is_what_was_written_there(start: int, end: int) -> None:
    assert b"".join(opened(SEALED).chunks(start, end)) == SOUND[start:end]


def test_a_range_opens_only_the_pieces_that_hold_it() -> None:
    asked: list[int] = []

    def read(start: int, count: int) -> bytes:
        asked.append(start)
        return SEALED[start : start + count]

    sound = Sealed(read, len(SEALED), KEY, "recording 1 mix")
    b"".join(sound.chunks(2 * PIECE + 5, 2 * PIECE + 9))
    assert asked == [0, HEAD.size + 2 * (PIECE + TAG)]


@given(st.integers(0, len(SEALED) * 8 - 1))
@settings(max_examples=60)
def test_a_flipped_bit_is_found(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadSound):
        opened(bytes(changed)).prove()


@pytest.mark.parametrize(
    "length", [0, 5, HEAD.size, HEAD.size + TAG, PIECE, HEAD.size + PIECE + TAG, len(SEALED) - 1]
)
def test_one_that_is_cut_off_is_found(length: int) -> None:
    with pytest.raises(BadSound):
        opened(SEALED[:length]).prove()


def test_pieces_in_another_order_are_found() -> None:
    whole = PIECE + TAG
    one, two = SEALED[HEAD.size :][:whole], SEALED[HEAD.size + whole :][:whole]
    with pytest.raises(BadSound, match="piece 1 of 4"):
        opened(SEALED[: HEAD.size] + two + one + SEALED[HEAD.size + 2 * whole :]).prove()


def test_another_key_or_another_recordings_place_does_not_open_it() -> None:
    for sound in (opened(SEALED, new_key()), opened(SEALED, about="recording 2 mix")):
        with pytest.raises(BadSound, match="not what was sealed"):
            next(sound.chunks())
