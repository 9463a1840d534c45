"""Orders for responsible units (责任单位), and for who may see a case."""

from uuid import UUID

from schema.orders.cases import CaseOrder


class SignCase(CaseOrder, frozen=True, kw_only=True):
    """Sign for a case that came to one's department (签收)."""

    text: str = ""


class DelegateCase(CaseOrder, frozen=True, kw_only=True):
    """Hand a case on to a department below the one that has it (转办)."""

    department: UUID
    note: str = ""


class ConcealCase(CaseOrder, frozen=True, kw_only=True):
    """Make a case confidential, for a reason (保密)."""

    reason: str


class RevealCase(CaseOrder, frozen=True, kw_only=True):
    """A case is confidential no longer, for a reason (解密)."""

    reason: str
