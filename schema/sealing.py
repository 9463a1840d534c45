"""Sealed texts: secrets that must be read again (not only compared) are encrypted in the database, AES-256-GCM.

The key lies in a file beside the database, not in it: who has only a copy of the database reads nothing. A line of the
file is a key (32 bytes in base64); the first one seals, all of them open, so a key is changed by putting a new one on
top. A sealed text is bound to what it is about: moved to another row it does not open.
"""

import base64
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class BadSeal(Exception):
    """A sealed text does not open: the key file is another one, or the text was changed. The text is for operators."""


class Sealer:
    """Seals and opens texts with the keys of `file`, which is made (mode 0600) when something is first sealed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ciphers: list[AESGCM] = []
        self._seen = 0

    def seal(self, text: str, about: str) -> str:
        """The text, encrypted and bound to `about`. Raises BadSeal, OSError."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._keys(make=True)[0].encrypt(nonce, text.encode(), about.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """The text again. Raises BadSeal, OSError."""
        raw = base64.b64decode(sealed)
        for cipher in self._keys(make=False):
            try:
                return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
            except InvalidTag:
                continue
        raise BadSeal(
            f"no key of {self._file} opens what is sealed in the database; bring back the file it was sealed with"
        )

    def renew(self, sealed: str, about: str) -> str | None:
        """The same text sealed by the first key of the file; None when it is already. Raises BadSeal, OSError."""
        raw = base64.b64decode(sealed)
        try:
            self._keys(make=False)[0].decrypt(raw[:_NONCE], raw[_NONCE:], about.encode())
        except InvalidTag:
            return self.seal(self.open(sealed, about), about)
        return None

    def turn(self) -> None:
        """Put a new key on top of the file, which seals from now on, in every process that uses the file."""
        _make(self._file)
        lines = [_new_line(), *self._file.read_bytes().splitlines(keepends=True)]
        draft = self._file.with_name(f"{self._file.name}.{secrets.token_hex(8)}")
        try:
            _write(draft, b"".join(lines))
            draft.replace(self._file)
        finally:
            draft.unlink(missing_ok=True)

    def _keys(self, *, make: bool) -> list[AESGCM]:
        if make and not self._ciphers:
            _make(self._file)
        changed = self._file.stat().st_mtime_ns if self._file.exists() else 0
        if not self._ciphers or changed not in (0, self._seen):
            try:
                lines = self._file.read_text("ascii").split()
                self._seen = changed
                self._ciphers = [AESGCM(base64.b64decode(line, validate=True)) for line in lines]
            except FileNotFoundError:
                raise BadSeal(
                    f"the key file {self._file} is not there; bring it back from the backup"
                ) from None
            except ValueError as error:
                raise BadSeal(f"{self._file} has a line that is no key (32 bytes in base64)") from error
            if not self._ciphers:
                raise BadSeal(f"{self._file} has no key in it")
        return self._ciphers


def _make(file: Path) -> None:
    """Write a first key where there is no file yet; of two processes at once one wins, whole."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    try:
        _write(draft, _new_line())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
    finally:
        draft.unlink(missing_ok=True)


def _new_line() -> bytes:
    return base64.b64encode(AESGCM.generate_key(256)) + b"\n"


def _write(file: Path, data: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
