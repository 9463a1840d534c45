"""The lock of the Asterisk bundle: which Debian packages it is made of, by hash and pool path, naming no host."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote


class BadClosure(Exception):
    """A lock line is not ``sha256 size path``."""


LINE = re.compile(r"(?P<sha256>[0-9a-f]{64}) (?P<size>\d{1,12}) (?P<path>pool/[A-Za-z0-9/._+~%-]+\.deb)")


@dataclass(frozen=True, slots=True)
class Package:
    """One .deb: its SHA-256, its size in bytes, its path below the mirror."""

    sha256: str
    size: int
    path: str

    @property
    def name(self) -> str:
        """The package's name, as ``libc6``."""
        return self.file.partition("_")[0]

    @property
    def file(self) -> str:
        """The file's name."""
        return self.path.rpartition("/")[2]

    @property
    def version(self) -> str:
        """The upstream version, as ``22.10.1``: no epoch, no packaging marks."""
        full = unquote(self.file.split("_")[1])
        return re.split(r"[~+-]", full.rpartition(":")[2])[0]


def read(file: Path) -> list[Package]:
    """The packages of a lock file. Raises BadClosure, naming the line."""
    packages = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        found = LINE.fullmatch(line)
        if found is None or ".." in found["path"]:
            raise BadClosure(f"{file}:{number}: not a line of ‘sha256 size pool/path’: {line[:80]!r}")
        packages.append(Package(found["sha256"], int(found["size"]), found["path"]))
    return packages


def write(file: Path, packages: Iterable[Package]) -> None:
    """Write a lock file that `read` reads back."""
    lines = [
        "# sha256 size path-below-the-mirror, one Debian package a line; made by bin/asterisk-bundle --relock"
    ]
    lines += [f"{p.sha256} {p.size} {p.path}" for p in packages]
    file.write_text("\n".join(lines) + "\n", "utf-8")
