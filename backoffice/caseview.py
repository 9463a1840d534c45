"""A case as its page shows it: facts, names, photos, recordings, and what this person may do next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.cells import workers
from backoffice.rights import may
from schema.cases import Case, Citizen, Task
from schema.clocks import Extension
from schema.desk.clocks import light_of
from schema.desk.errors import Refused
from schema.desk.extensions import asked_for
from schema.desk.sessions import Visitor
from schema.desk.timeline import timeline
from schema.handsets import Media, Report
from schema.ids import as_id
from schema.people import User
from schema.places import GridCell
from schema.recordings import Recording
from schema.rules import lifecycle
from schema.rules.lights import Light

# Which form of the page gives each order of the life cycle.
FORMS = {
    "dispatch": "dispatch",
    "handle": "handle",
    "pass": "check",
    "fail": "check",
    "close": "close",
    "send-back": "send-back",
}
TURNS = {
    "file": "file",
    "verify": "verify",
    "confirm": "confirm",
    "deny": "confirm",
    "reject": "reject",
    "resume": "resume",
    "grant-extension": "decide-extension",
    "refuse-extension": "decide-extension",
    "ask-extension": "ask-extension",
    "suspend": "suspend",
    "reopen": "reopen",
    "unmerge": "unmerge",
    "merge": "merge",
    "split": "split",
    "void": "void",
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
    asked: Extension | None
    light: Light | None
    links: list[tuple[str, list[Case]]]


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


def view_case(session: Session, case: Case, who: Visitor, zone: ZoneInfo, now: datetime) -> CaseView:
    """Read everything about a case that `who` may see; its light is that of `now`."""
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
    asked = asked_for(session, case.id)
    actions = actions_for(case.state, lambda right: may(who.post, right))
    # One asking at a time, and not decided by whoever asked.
    shut = {"decide-extension"} if asked is None else {"ask-extension"}
    if asked is not None and asked.asked_by == who.id:
        shut.add("decide-extension")
    actions = tuple(action for action in actions if action not in shut)
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
        workers=workers(session, case.cell) if {"dispatch", "verify"} & set(actions) else [],
        asked=asked,
        light=light_of(session, zone, case, now),
        links=_links(session, case),
    )


def _links(session: Session, case: Case) -> list[tuple[str, list[Case]]]:
    """The cases it goes on in or came from, by what they are to it."""
    found = [
        ("merged_into", select(Case).where(Case.id == case.merged_into)),
        ("merged", select(Case).where(Case.merged_into == case.id).order_by(Case.case_no)),
        ("parent", select(Case).where(Case.id == case.parent)),
        ("parts", select(Case).where(Case.parent == case.id).order_by(Case.case_no)),
    ]
    read = [(name, list(session.scalars(query))) for name, query in found]
    return [(name, rows) for name, rows in read if rows]


def actions_for(state: str, may_: Callable[[str], bool]) -> tuple[str, ...]:
    """Which forms to offer for a case in this state, to somebody with these rights."""
    forms = FORMS | TURNS
    rights = {
        forms[row.order]: row.right for row in lifecycle.CASE if row.state == state and row.order in forms
    }
    order = dict.fromkeys(forms.values())
    return tuple(form for form in order if form in rights and may_(rights[form]))
