"""Facts about cases with a responsible unit (责任单位), and about who may see them."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.cases import CaseFact


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSigned(CaseFact):
    """The department signed for the case (签收)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDelegated(CaseFact):
    """The case went from one department to another below it (转办)."""

    origin: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConcealed(CaseFact):
    """The case is confidential now, for a reason (保密)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRevealed(CaseFact):
    """The case is confidential no longer, for a reason (解密)."""

    reason: str
