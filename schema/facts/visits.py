"""Facts about return visits (回访)."""

from uuid import UUID

from schema.facts.cases import CaseFact


class VisitGiven(CaseFact, frozen=True, kw_only=True):
    """An `agent` has the case to visit; None: it was put back and waits to be handed out."""

    visit: UUID
    agent: UUID | None = None


class VisitTried(CaseFact, frozen=True, kw_only=True):
    """The citizen was called: `result` is what came of this try, `ended` how the visit ended ("": it goes on).

    `reception` rates how the hotline received the citizen, 1 (very satisfied) to 5, 0 not said.
    """

    visit: UUID
    result: str
    ended: str = ""
    reception: int = 0
    solved: bool = True
