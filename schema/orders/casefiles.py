"""Orders about the files of a case."""

from dataclasses import dataclass
from uuid import UUID

from schema.orders.cases import CaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachFile(CaseOrder):
    """A file belongs to the case from now on (附件); its bytes are in the vault already, at `path`.

    `size` in bytes, `sha256` in hex; `text` is what was read in it, for the case to be found by.
    """

    file: UUID
    name: str
    type: str
    size: int
    sha256: str
    path: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetachFile(CaseOrder):
    """A file does not belong to the case after all, for a reason (撤回附件)."""

    file: UUID
    reason: str
