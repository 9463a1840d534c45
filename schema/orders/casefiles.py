"""Orders about the files of a case."""

from uuid import UUID

from schema.orders.cases import CaseOrder


class AttachFile(CaseOrder, frozen=True, kw_only=True):
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


class DetachFile(CaseOrder, frozen=True, kw_only=True):
    """A file does not belong to the case after all, for a reason (撤回附件)."""

    file: UUID
    reason: str
