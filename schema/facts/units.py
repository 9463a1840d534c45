"""Facts about cases with a responsible unit (责任单位), and about who may see them."""

from uuid import UUID

from schema.facts.cases import CaseFact


class CaseSigned(CaseFact, frozen=True, kw_only=True):
    """The department signed for the case (签收)."""


class CaseDelegated(CaseFact, frozen=True, kw_only=True):
    """The case went from one department to another below it (转办)."""

    origin: UUID


class CaseConcealed(CaseFact, frozen=True, kw_only=True):
    """The case is confidential now, for a reason (保密)."""

    reason: str


class CaseRevealed(CaseFact, frozen=True, kw_only=True):
    """The case is confidential no longer, for a reason (解密)."""

    reason: str
