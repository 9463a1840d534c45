"""Facts about the files of a case."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.cases import CaseFact


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileAttached(CaseFact):
    """A file came to the case (附件); `size` in bytes, `sha256` in hex."""

    file: UUID
    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFileDetached(CaseFact):
    """A file was taken back from the case, for a reason."""

    file: UUID
    name: str
    reason: str
