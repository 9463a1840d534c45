"""Facts about registers 台账."""

from uuid import UUID

from schema.facts.base import Fact


class RegisterChanged(Fact, frozen=True, kw_only=True):
    """A register has another version, with so many rows added, changed and removed."""

    register: str
    version: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    by: UUID | None = None


class RegisterClosed(Fact, frozen=True, kw_only=True):
    """A register is shown no more, or `back` again."""

    register: str
    back: bool = False
    by: UUID | None = None
