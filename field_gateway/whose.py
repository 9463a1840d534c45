"""Whose a message is: of the device whose key signed it, and of who was logged in when it was written."""

from field_gateway.sending import is_signed
from schema.desk.errors import Refused
from schema.desk.fieldlogins import logins_of as logins_of
from schema.desk.fieldlogins import worker_of as worker_of
from schema.handsets import Handset


def check_signature(handset: Handset, topic: str, body: bytes, signature: bytes) -> None:
    """Refuse what a handset with a key did not sign, and everything of one whose key was revoked."""
    if handset.key_revoked_at is not None:
        raise Refused("bad-signature", f"the key of the handset {handset.device} was revoked: enrol it anew")
    if handset.key is not None and not is_signed(handset.key, topic, body, signature):
        why = "is not by this handset's key" if signature else "is missing or is no signature"
        raise Refused("bad-signature", f"the signature (user property sig) {why}")
