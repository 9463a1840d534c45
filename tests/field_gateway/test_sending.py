"""What travels beside a body: read as far as it can be, and signatures hold for one topic and one body."""

import base64
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from field_gateway.sending import LIFE, Sending, is_signed, read_sending, signed_bytes, waited

TOPIC, BODY = "gridline/hs1/up/report", b'{"v":1}'


def test_all_of_it_is_read() -> None:
    signature = bytes(range(64))
    text = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    told = [("sent", "2026-11-24T18:00:00+08:00"), ("clock", "k7Qz:1234"), ("sig", text), ("low", "12")]
    assert read_sending(told) == Sending(datetime(2026, 11, 24, 10, tzinfo=UTC), "k7Qz", 1234, signature, 12)


def test_what_cannot_be_read_was_not_said() -> None:
    for wrong in (
        ("sent", "2026-11-24T18:00:00"), ("sent", "soon"), ("sent", "0001-01-01T00:00:00+23:00"), ("clock", "a"),
        ("clock", ":1"), ("clock", "a:-1"), ("clock", "a:٣"), ("sig", "x"), ("sig", "é" * 86), ("low", "-1"),
        ("low", ""), ("other", "1"),
    ):  # fmt: skip
        assert read_sending([wrong]) == Sending()


@given(st.lists(st.tuples(st.sampled_from(["sent", "clock", "sig", "low"]), st.text(max_size=90))))
def test_whatever_travels_beside_is_read(told: list[tuple[str, str]]) -> None:
    assert len(read_sending(told).signature) in (0, 64)


def test_a_signature_holds_for_its_key_topic_and_body_alone() -> None:
    mine, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    key = mine.public_key().public_bytes_raw()
    signature = mine.sign(signed_bytes(TOPIC, BODY))
    assert is_signed(key, TOPIC, BODY, signature)
    assert not is_signed(key, TOPIC.replace("hs1", "hs2"), BODY, signature)
    assert not is_signed(key, TOPIC, BODY + b" ", signature)
    assert not is_signed(key, TOPIC, BODY, other.sign(signed_bytes(TOPIC, BODY)))
    assert not is_signed(key, TOPIC, BODY, b"")
    assert not is_signed(b"no key", TOPIC, BODY, signature)


def test_what_is_left_of_its_life_tells_how_long_the_broker_had_it() -> None:
    assert [waited(left) for left in (LIFE, LIFE - 90, 0, LIFE + 1, None)] == [0, 90, LIFE, 0, 0]
