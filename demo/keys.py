"""The handset's key: made on it, kept beside its outbox, signs what it says; only the public half leaves it."""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Key:
    """The Ed25519 key in `folder`; made there when there is none."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "key"
        if not self._file.exists():
            fresh = self._file.with_suffix(".new")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(Ed25519PrivateKey.generate().private_bytes_raw())
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self._file)
        self._key = Ed25519PrivateKey.from_private_bytes(self._file.read_bytes())

    @property
    def public(self) -> bytes:
        """What the server is given when the handset is enrolled: 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, topic: str, body: bytes) -> str:
        """The signature over a body for a topic, as it travels: base64url without padding."""
        made = self._key.sign(b"gridline/1\n" + topic.encode() + b"\n" + body)
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
