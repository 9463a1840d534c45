"""Orders for responsible units (责任单位), and for who may see a case."""

from dataclasses import dataclass
from uuid import UUID

from schema.orders.cases import CaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class SignCase(CaseOrder):
    """Sign for a case that came to one's department (签收)."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateCase(CaseOrder):
    """Hand a case on to a department below the one that has it (转办)."""

    department: UUID
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcealCase(CaseOrder):
    """Make a case confidential, for a reason (保密)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealCase(CaseOrder):
    """A case is confidential no longer, for a reason (解密)."""

    reason: str
