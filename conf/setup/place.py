"""Where set-up puts things: one var folder, one cache folder shared by every checkout of the user."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """`root` is the checkout, `var` what this checkout makes, `cache` what is downloaded once for all."""

    root: Path
    var: Path
    cache: Path

    @property
    def venv(self) -> Path:
        """The Python environment."""
        return self.var / "venv"

    @property
    def state(self) -> Path:
        """Stamps, logs and times of set-up itself."""
        return self.var / "setup"

    def is_current(self, step: str, mark: str, result: Path) -> bool:
        """Whether `step` was done before from what `mark` stands for, and its `result` is still there."""
        stamp = self.state / f"{step}.stamp"
        return result.exists() and stamp.is_file() and stamp.read_text("ascii") == mark

    def was_done(self, step: str) -> bool:
        """Whether `step` was ever finished here."""
        return (self.state / f"{step}.stamp").is_file()

    def keep(self, step: str, mark: str) -> None:
        """Remember that `step` is done from what `mark` stands for."""
        (self.state / f"{step}.stamp").write_text(mark, "ascii")


def find(root: Path, env: Mapping[str, str]) -> Place:
    """From GRIDLINE_VAR and XDG_CACHE_HOME; a user without a home keeps the cache under var."""
    var = Path(env.get("GRIDLINE_VAR") or root / "var").absolute()
    if caches := env.get("XDG_CACHE_HOME"):
        return Place(root, var, Path(caches).absolute() / "gridline")
    home = Path(env.get("HOME") or "/nonexistent")
    usable = home.is_dir() and os.access(home, os.W_OK)
    return Place(root, var, home / ".cache" / "gridline" if usable else var / "cache")


def mark(files: Iterable[Path], *words: str) -> str:
    """A hash of what the files hold and of the words: it changes when a step must be done again."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    for word in words:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()
