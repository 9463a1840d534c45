"""The list of hot cases (热点案卷): open cases with the signs of `schema.rules.hot`, counted from their histories."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from schema.cases import Case, CaseStep
from schema.desk.casemarks import marked_hot
from schema.rules.hot import WITHIN, Reason, is_hot, reasons, score
from schema.rules.lifecycle import OPEN

MOST = 200
AT_ONCE = 500
SIGNS = {
    "case.took-in": "joined",
    "case.let-go": "joined",
    "case.reopened": "reopened",
    "case.urged": "urged",
}
"""Step of a history → the sign it counts for; what was let go again is taken off."""


@dataclass(frozen=True, slots=True)
class HotCase:
    """A case with why it is hot, and the points together."""

    case: Case
    why: tuple[Reason, ...]
    score: int

    @property
    def counts(self) -> dict[str, int]:
        """How many times each sign is there."""
        return {reason.sign: reason.count for reason in self.why}


def hot_cases(session: Session, seen: ColumnElement[bool], now: datetime, most: int = MOST) -> list[HotCase]:
    """The open cases among those `seen` that are hot, the hottest first, then the oldest."""
    signs = _signs(session, now)
    found = []
    for some in _batches(signs):
        query = select(Case).where(Case.id.in_(some), Case.state.in_(OPEN), seen)
        for row in session.scalars(query):
            why = why_hot(signs[row.id], row, now)
            if is_hot(why):
                found.append(HotCase(row, why, score(why)))
    found.sort(key=lambda hot: (-hot.score, hot.case.made_at, hot.case.case_no))
    return found[:most]


def signs_of(session: Session, one: Case, now: datetime) -> tuple[Reason, ...]:
    """What speaks for one case, hot or not."""
    return why_hot(_signs(session, now, one.id).get(one.id, {}), one, now)


def why_hot(counts: Mapping[str, int], row: Case, now: datetime) -> tuple[Reason, ...]:
    """The reasons by a case's counts, with what the case itself says."""
    over = row.due_at is not None and row.due_at < now and row.state in OPEN
    return reasons({**counts, "overdue": int(over)})


def _signs(session: Session, now: datetime, one: UUID | None = None) -> dict[UUID, Counter[str]]:
    """By case how many times each sign happened. (Being over its time alone makes no case hot: nobody asks for it.)"""
    # What a clock urges by itself says that time is short: counted as being over it.
    counted = func.sum(case((CaseStep.hop == "case.let-go", -1), else_=1))
    query = (
        select(CaseStep.case, CaseStep.hop, counted)
        .where(CaseStep.hop.in_(SIGNS), CaseStep.at >= now - WITHIN, CaseStep.at <= now)
        .where((CaseStep.hop != "case.urged") | CaseStep.by.is_not(None))
        .group_by(CaseStep.case, CaseStep.hop)
    )
    if one is not None:
        query = query.where(CaseStep.case == one)
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for id, hop, count in session.execute(query):
        found[id][SIGNS[hop]] += int(count)
    for id in marked_hot(session):
        if one in (None, id):
            found[id]["marked"] = 1
    return dict(found)


def _batches(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    wanted = list(ids)
    return [wanted[at : at + AT_ONCE] for at in range(0, len(wanted), AT_ONCE)]
