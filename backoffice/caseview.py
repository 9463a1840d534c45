"""A case as its page shows it: facts, names, photos, recordings, and what this person may do next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.cells import workers
from backoffice.rights import may
from schema.cases import Case, Citizen, Task
from schema.desk.errors import Refused
from schema.desk.sessions import Visitor
from schema.desk.timeline import timeline
from schema.handsets import Media, Report
from schema.ids import as_id
from schema.people import User
from schema.places import GridCell
from schema.recordings import Recording
from schema.rules import lifecycle

# Which form of the page gives each order of the life cycle.
FORMS = {
    "dispatch": "dispatch",
    "handle": "handle",
    "pass": "check",
    "fail": "check",
    "close": "close",
    "send-back": "send-back",
}


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything the case page needs, read in one go."""

    case: Case
    citizen: Citizen | None
    cell: GridCell | None
    names: dict[UUID, str]
    tasks: list[Task]
    reports: list[Report]
    media: list[Media]
    recordings: list[Recording]
    hops: list[Any]
    actions: tuple[str, ...]
    workers: list[dict[str, Any]]


def find_case(session: Session, ref: str) -> Case:
    """The case with this number or id. Raises Refused("not-found")."""
    case = session.scalar(select(Case).where(Case.case_no == ref))
    if case is None:
        try:
            case = session.get(Case, as_id(ref))
        except ValueError:
            case = None
    if case is None:
        raise Refused("not-found", "there is no such case")
    return case


def view_case(session: Session, case: Case, who: Visitor) -> CaseView:
    """Read everything about a case that `who` may see."""
    tasks = list(session.scalars(select(Task).where(Task.case == case.id).order_by(Task.made_at)))
    reports = list(session.scalars(select(Report).where(Report.case == case.id).order_by(Report.at)))
    media = list(session.scalars(select(Media).where(Media.case == case.id).order_by(Media.id)))
    recordings: list[Recording] = []
    if may(who.post, "recording.play"):
        recordings = list(
            session.scalars(
                select(Recording)
                .where(Recording.contact == case.contact)
                .order_by(Recording.started_at, Recording.id)
            )
        )
    actions = actions_for(case.state, lambda right: may(who.post, right))
    return CaseView(
        case=case,
        citizen=session.get(Citizen, case.citizen) if case.citizen else None,
        cell=session.get(GridCell, case.cell),
        names={row.id: row.name for row in session.scalars(select(User))},
        tasks=tasks,
        reports=reports,
        media=media,
        recordings=recordings,
        hops=timeline(session, case.contact),
        actions=actions,
        workers=workers(session, case.cell) if "dispatch" in actions else [],
    )


def actions_for(state: str, may_: Callable[[str], bool]) -> tuple[str, ...]:
    """Which forms to offer for a case in this state, to somebody with these rights."""
    offered = [FORMS[order] for order in lifecycle.orders(state) if order in FORMS]
    return tuple(form for form in dict.fromkeys(offered) if may_(f"case.{form}"))
