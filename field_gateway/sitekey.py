"""The site's own key of the field: Ed25519, in ``var/keys/field.key`` (PEM, mode 0600), made when first used.

The public half lies beside it in ``field.pub`` (PEM) for whoever is to check what the site signed.
"""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

PublicKey = Ed25519PublicKey


class BadKey(Exception):
    """A key file is not there or holds no Ed25519 key; the text is for operators."""


class SiteKey:
    """Signs with the key in `file`. Reading and making may raise BadKey, OSError."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def sign(self, body: bytes) -> bytes:
        """The signature, 64 bytes; the key is made if there is none yet."""
        _make(self._file)
        return self._private().sign(body)

    def public(self) -> PublicKey:
        """The public half."""
        return self._private().public_key()

    def _private(self) -> Ed25519PrivateKey:
        try:
            found = load_pem_private_key(self._file.read_bytes(), None)
        except FileNotFoundError:
            raise BadKey(f"the key file {self._file} is not there; bring it back from the backup") from None
        except (ValueError, TypeError) as error:
            raise BadKey(f"{self._file} holds no key: {error}") from error
        if not isinstance(found, Ed25519PrivateKey):
            raise BadKey(f"{self._file} holds a key of another kind than Ed25519")
        return found


def read_public(file: Path) -> PublicKey:
    """A public key from a PEM file. Raises BadKey, OSError."""
    try:
        found = load_pem_public_key(file.read_bytes())
    except ValueError as error:
        raise BadKey(f"{file} holds no public key: {error}") from error
    if not isinstance(found, Ed25519PublicKey):
        raise BadKey(f"{file} holds a key of another kind than Ed25519")
    return found


def _make(file: Path) -> None:
    """Make the pair where there is none; of two processes at once one wins, whole."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    draft = file.with_name(f"{file.name}.{secrets.token_hex(6)}")
    try:
        _write(draft, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        try:
            os.link(draft, file)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
    public = file.with_suffix(".pub")
    public.unlink(missing_ok=True)
    _write(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _write(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
