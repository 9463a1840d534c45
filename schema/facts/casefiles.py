"""Facts about the files of a case."""

from uuid import UUID

from schema.facts.cases import CaseFact


class CaseFileAttached(CaseFact, frozen=True, kw_only=True):
    """A file came to the case (附件); `size` in bytes, `sha256` in hex."""

    file: UUID
    name: str
    type: str
    size: int
    sha256: str


class CaseFileDetached(CaseFact, frozen=True, kw_only=True):
    """A file was taken back from the case, for a reason."""

    file: UUID
    name: str
    reason: str
