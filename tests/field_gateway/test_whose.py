"""Whose a message is: who has a key must sign, and a revoked key signs nothing."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_gateway.sending import signed_bytes
from field_gateway.whose import check_signature
from schema.desk.errors import Refused
from schema.handsets import Handset

TOPIC, BODY = "gridline/hs1/up/position", b"{}"


def test_who_has_a_key_must_sign_and_who_has_none_need_not() -> None:
    key = Ed25519PrivateKey.generate()
    signature = key.sign(signed_bytes(TOPIC, BODY))
    handset = Handset(device="hs1", key=None, key_revoked_at=None)
    check_signature(handset, TOPIC, BODY, b"")
    handset.key = key.public_key().public_bytes_raw()
    check_signature(handset, TOPIC, BODY, signature)
    for topic, body, given in (
        (TOPIC, BODY, b""),
        (TOPIC, b"{ }", signature),
        (TOPIC + "x", BODY, signature),
    ):
        with pytest.raises(Refused, match="signature"):
            check_signature(handset, topic, body, given)
    handset.key_revoked_at = datetime(2026, 11, 24, tzinfo=UTC)
    with pytest.raises(Refused, match="revoked"):
        check_signature(handset, TOPIC, BODY, signature)
