"""Responsible units suggested for a case: from the rule book of categories and from what was in its cell before."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case, CaseStep
from schema.desk.rulebooks import categories
from schema.people import Department
from schema.rules.suggesting import Suggested, suggest

LOOKED_AT = 500
"""So many of the newest cases of the cell are looked at."""
_HOPS = ("case.dispatched", "case.delegated", "case.sent-back")


def suggested_units(session: Session, case: Case) -> list[Suggested]:
    """The units this case should go to, best first; closed ones are never among them."""
    open_ones = {
        code: id
        for id, code in session.execute(
            select(Department.id, Department.code).where(Department.closed_at.is_(None))
        )
    }
    owner = open_ones.get(categories(session).said(case.category, "department")) if case.category else None
    here = set(open_ones.values())
    had = [unit for unit in _had(session, case) if unit in here]
    return suggest(owner, had, _returned(session, case))


def _had(session: Session, case: Case) -> list[UUID]:
    """The unit of each case of the same matter among the newest of the cell."""
    newest = (
        select(Case.id, Case.department, Case.category, Case.kind)
        .where(Case.cell == case.cell)
        .order_by(Case.made_at.desc())
        .limit(LOOKED_AT)
    )
    return [
        unit
        for id, unit, category, kind in session.execute(newest)
        if id != case.id and unit and (category == case.category if case.category else kind == case.kind)
    ]


def _returned(session: Session, case: Case) -> set[UUID]:
    """The units that sent this case back."""
    found, last = set(), None
    steps = select(CaseStep.hop, CaseStep.state, CaseStep.detail).where(
        CaseStep.case == case.id, CaseStep.hop.in_(_HOPS)
    )
    for hop, state, detail in session.execute(steps.order_by(CaseStep.id)):
        if hop != "case.sent-back":
            last = detail.get("department")
        elif state == "filed" and last:
            found.add(UUID(last))
    return found
