"""Facts about registers 台账."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChanged(Fact):
    """A register has another version, with so many rows added, changed and removed."""

    register: str
    version: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterClosed(Fact):
    """A register is shown no more, or `back` again."""

    register: str
    back: bool = False
    by: UUID | None = None
