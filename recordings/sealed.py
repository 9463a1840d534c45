"""Sealed sound: a stream encrypted piece by piece, so that any range is read without the rest.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance", CRYPTO 2015): each piece's nonce is a prefix, its number, and whether it is the last, so
that pieces cannot be changed, exchanged, or cut off unnoticed. A key seals one stream only; `about` binds the stream to
what it is.

Layout: ``GLS1``, the length of a piece (4 bytes, big-endian), the prefix (7 bytes), a zero; then the pieces, each
followed by its tag of 16 bytes. All are full but the last one, which may be empty.
"""

import hashlib
import secrets
import struct
from collections.abc import Callable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"GLS1"
PIECE = 64 * 1024
TAG = 16
HEAD = struct.Struct(">4sI7sx")


class BadSound(Exception):
    """A sealed stream is not what was sealed (changed, cut, or another one), or the key is not its own."""


class Writes(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object:
        """Take them all."""


def new_key() -> bytes:
    """A key for one stream."""
    return AESGCM.generate_key(256)


class Sealing:
    """Seals what is written to it into `out`; `close` ends the stream. `size` and `sha256` are of the sound itself."""

    def __init__(self, out: Writes, key: bytes, about: str) -> None:
        self._out, self._cipher = out, AESGCM(key)
        self._prefix = secrets.token_bytes(7)
        head = HEAD.pack(MAGIC, PIECE, self._prefix)
        self._bound = head + about.encode()
        self._waits = bytearray()
        self._n = self.size = 0
        self._digest = hashlib.sha256()
        out.write(head)

    def write(self, data: bytes) -> int:
        """Take more of the sound."""
        self._digest.update(data)
        self.size += len(data)
        self._waits += data
        while len(self._waits) > PIECE:  # a full piece may be the last one: it waits for what follows
            self._put(bytes(self._waits[:PIECE]), last=False)
            del self._waits[:PIECE]
        return len(data)

    def close(self) -> None:
        """Write the last piece."""
        self._put(bytes(self._waits), last=True)
        self._waits.clear()

    @property
    def sha256(self) -> str:
        """Of the sound so far, in hexadecimal."""
        return self._digest.hexdigest()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._prefix, self._n, last), piece, self._bound))
        self._n += 1


class Sealed:
    """Reads a sealed stream of `length` bytes by way of `read` (start, count → bytes)."""

    def __init__(self, read: Callable[[int, int], bytes], length: int, key: bytes, about: str) -> None:
        """Raises BadSound for what is no sealed stream."""
        head = read(0, HEAD.size)
        if len(head) < HEAD.size or length < HEAD.size + TAG:
            raise BadSound("it is too short for a sealed recording")
        magic, self._piece, self._prefix = HEAD.unpack(head)
        if magic != MAGIC or not 1 <= self._piece <= 1 << 24:
            raise BadSound("it is no sealed recording")
        body, whole = length - HEAD.size, self._piece + TAG
        self._count = -(-body // whole)
        self.size: int = body - self._count * TAG
        """Bytes of sound."""
        if body - (self._count - 1) * whole < TAG:
            raise BadSound("it is cut off")
        self._read, self._cipher, self._bound = read, AESGCM(key), head + about.encode()

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The sound from `start` up to `end` (exclusive), opening only the pieces that hold it. Raises BadSound."""
        end = self.size if end is None else min(end, self.size)
        for n in range(start // self._piece, -(-end // self._piece)):
            piece, first = self._open(n), n * self._piece
            yield piece[max(0, start - first) : end - first]

    def prove(self) -> str:
        """The SHA-256 of the whole sound, every piece proved. Raises BadSound."""
        digest = hashlib.sha256()
        for n in range(self._count):
            digest.update(self._open(n))
        return digest.hexdigest()

    def _open(self, n: int) -> bytes:
        whole = self._piece + TAG
        sealed = self._read(HEAD.size + n * whole, whole)
        try:
            nonce = _nonce(self._prefix, n, n == self._count - 1)
            return self._cipher.decrypt(nonce, sealed, self._bound)
        except (InvalidTag, ValueError):
            raise BadSound(f"piece {n + 1} of {self._count} is not what was sealed") from None


def _nonce(prefix: bytes, n: int, last: bool) -> bytes:
    return prefix + struct.pack(">I?", n, last)
