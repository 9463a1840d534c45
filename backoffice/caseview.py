"""A case as its page shows it: facts, names, photos, recordings, and what this person may do next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from backoffice.cells import workers
from backoffice.office import visitor
from backoffice.rights import may
from backoffice.told import Told, told_by_hop
from schema.casefiles import CaseFile
from schema.casemarks import CaseMark
from schema.cases import Case, Citizen, Task
from schema.clocks import Extension, Supervision
from schema.desk.casefiles import files_of
from schema.desk.casemarks import follows, hot_mark
from schema.desk.checking import check_of, handlers_of
from schema.desk.clocks import light_of
from schema.desk.edits import versions_of
from schema.desk.errors import Hidden, Refused
from schema.desk.extensions import asked_for
from schema.desk.hotlist import signs_of
from schema.desk.notices import notices_of
from schema.desk.people import names_of
from schema.desk.responsible import open_departments
from schema.desk.rulebooks import categories, dictionary
from schema.desk.scope import audible, departments_below, may_see, subject_of, visible_cases
from schema.desk.sessions import Visitor
from schema.desk.suggesting import suggested_units
from schema.desk.supervising import answerers, open_supervisions
from schema.desk.timeline import timeline
from schema.fieldmessages import ReportVersion
from schema.handsets import Media, Report
from schema.ids import as_id
from schema.people import Department, User
from schema.places import GridCell
from schema.recordings import Recording
from schema.rules import access, lifecycle
from schema.rules.categories import Categories
from schema.rules.dictionary import Word
from schema.rules.hot import Reason
from schema.rules.lights import Light
from schema.rules.suggesting import Suggested
from schema.speaking import about

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
    "ask-check": "ask-check",
    "recall-check": "recall-check",
    "reply": "reply",
    "sign": "sign",
    "delegate": "delegate",
    "file": "file",
    "verify": "verify",
    "confirm": "confirm",
    "deny": "confirm",
    "reject": "reject",
    "resume": "resume",
    "grant-extension": "decide-extension",
    "refuse-extension": "decide-extension",
    "answer": "answer",
    "ask-extension": "ask-extension",
    "urge": "urge",
    "supervise": "supervise",
    "instruct": "instruct",
    "suspend": "suspend",
    "reopen": "reopen",
    "unmerge": "unmerge",
    "merge": "merge",
    "split": "split",
    "void": "void",
    "conceal": "conceal",
    "reveal": "reveal",
}


NOT_THERE = "there is no such case"


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
    edits: dict[UUID, list[ReportVersion]]
    files: Sequence[CaseFile]
    recordings: list[Recording]
    hops: list[Any]
    actions: tuple[str, ...]
    workers: list[dict[str, Any]]
    checking: Task | None
    asked: Extension | None
    light: Light | None
    links: list[tuple[str, list[Case]]]
    department: Department | None
    departments: list[Department]
    suggested: list[Suggested]
    told: dict[int, list[Told]]
    supervisions: list[Supervision]
    answerers: list[User]
    follows: bool
    marked: CaseMark | None
    signs: tuple[Reason, ...]
    categories: Categories
    words: dict[str, tuple[Word, ...]]


def find_case(session: Session, ref: str, who: Visitor | None = None) -> Case:
    """The case with this number or id, if `who` (the present visitor) may see it. Raises Refused("not-found")."""
    case = session.scalar(select(Case).where(Case.case_no == ref))
    if case is None:
        try:
            case = session.get(Case, as_id(ref))
        except ValueError:
            case = None
    if case is None:
        raise Refused("not-found", NOT_THERE)
    if not may_see(session, who or visitor(), case):
        raise Hidden(case.id, NOT_THERE)
    about(case.contact)
    return case


def shown_media(media: Sequence[Media]) -> list[Media]:
    """Without the small pictures that came before a photo, once that is there, or before they are there themselves."""
    whole = {row.id for row in media if row.state == "whole"}
    return [row for row in media if row.kind != "thumb" or (row.id in whole and row.of not in whole)]


def view_case(session: Session, case: Case, who: Visitor, zone: ZoneInfo, now: datetime) -> CaseView:
    """Read everything about a case that `who` may see; its light is that of `now`."""
    tasks = list(session.scalars(select(Task).where(Task.case == case.id).order_by(Task.made_at)))
    reports = list(session.scalars(select(Report).where(Report.case == case.id).order_by(Report.at)))
    media = shown_media(session.scalars(select(Media).where(Media.case == case.id).order_by(Media.id)).all())
    recordings: list[Recording] = []
    seen, heard = visible_cases(session, who), audible(session, who)
    if may(who, "recording.play"):
        recordings = list(
            session.scalars(
                select(Recording)
                .where(Recording.contact == case.contact, heard)
                .order_by(Recording.started_at, Recording.id)
            )
        )
    asked = asked_for(session, case.id)
    actions = actions_for(case.state, lambda right: access.may(who.actor, right, subject_of(case)))
    # One asking at a time, and not decided by whoever asked.
    shut = {"decide-extension"} if asked is None else {"ask-extension"}
    if asked is not None and asked.asked_by == who.id:
        shut.add("decide-extension")
    supervisions = open_supervisions(session, case.id)
    if not supervisions:
        shut.add("answer")
    checking = check_of(session, case.id)
    shut.add("ask-check" if checking is not None else "recall-check")
    shut.add("conceal" if case.confidential else "reveal")
    if case.department is None or case.worker is not None or case.signed_at is not None:
        shut.add("sign")
    actions = tuple(action for action in actions if action not in shut)
    departments: list[Department] = []
    if "dispatch" in actions:
        departments = open_departments(session)
    elif "delegate" in actions and case.department is not None:
        below = departments_below(session, case.department) - {case.department}
        departments = [row for row in open_departments(session) if row.id in below]
    if not departments:
        actions = tuple(action for action in actions if action != "delegate")
    notices = notices_of(session, case.id)
    files = files_of(session, case.id)
    edits = versions_of(session, [row.id for row in reports])
    shown = (
        case.made_by, case.worker, checking.worker if checking else None, *(row.worker for row in reports),
        *(one.worker for some in edits.values() for one in some), *(row.receiver for row in notices),
        *(row.by for row in files),
    )  # fmt: skip
    people = names_of(session, shown)
    to_send = workers(session, case.cell) if {"dispatch", "verify", "ask-check"} & set(actions) else []
    if "ask-check" in actions:
        # Nobody checks their own work.
        handlers = {str(one) for one in handlers_of(session, case.id)}
        to_send = [row for row in to_send if row["id"] not in handlers]
    hops = timeline(session, case.contact, seen, heard)
    return CaseView(
        case=case,
        citizen=session.get(Citizen, case.citizen) if case.citizen else None,
        cell=session.get(GridCell, case.cell),
        names=people,
        tasks=tasks,
        reports=reports,
        media=media,
        edits=edits,
        files=files,
        recordings=recordings,
        hops=hops,
        actions=actions,
        workers=to_send,
        checking=checking,
        asked=asked,
        light=light_of(session, zone, case, now),
        links=_links(session, case, seen),
        department=session.get(Department, case.department) if case.department else None,
        departments=departments,
        suggested=suggested_units(session, case) if "dispatch" in actions else [],
        told=told_by_hop(hops, case, notices, people),
        supervisions=supervisions,
        answerers=answerers(session, case) if "instruct" in actions else [],
        follows=may(who, "case.follow") and follows(session, who.id, case.id),
        marked=hot_mark(session, case.id),
        signs=signs_of(session, case, now) if may(who, "leader.see") else (),
        categories=categories(session),
        words=dictionary(session),
    )


def _links(session: Session, case: Case, seen: ColumnElement[bool]) -> list[tuple[str, list[Case]]]:
    """The cases it goes on in or came from, by what they are to it."""
    found = [
        ("merged_into", select(Case).where(Case.id == case.merged_into)),
        ("merged", select(Case).where(Case.merged_into == case.id).order_by(Case.case_no)),
        ("parent", select(Case).where(Case.id == case.parent)),
        ("parts", select(Case).where(Case.parent == case.id).order_by(Case.case_no)),
    ]
    read = [(name, list(session.scalars(query.where(seen)))) for name, query in found]
    return [(name, rows) for name, rows in read if rows]


def actions_for(state: str, may_: Callable[[str], bool]) -> tuple[str, ...]:
    """Which forms to offer for a case in this state, to somebody with these rights."""
    forms = FORMS | TURNS
    rights = {
        forms[row.order]: row.right for row in lifecycle.CASE if row.state == state and row.order in forms
    }
    order = dict.fromkeys(forms.values())
    return tuple(form for form in order if form in rights and may_(rights[form]))
