"""Cases: found, read, with their history; and filed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.api import caseasks, caseshapes
from backoffice.api.atonce import AtOnce
from backoffice.api.door import look
from backoffice.api.insight import case_in, seen
from backoffice.api.pages import moment, page
from backoffice.api.route import Ask, Route
from backoffice.cells import workers
from backoffice.hoptext import hop_text
from backoffice.office import language, office, say
from schema.cases import Case, CaseStep
from schema.desk.cases import file_case
from schema.desk.clocks import light_of
from schema.desk.extensions import asked_for
from schema.desk.filing import take_in_case
from schema.desk.responsible import open_departments
from schema.desk.timeline import Hop
from schema.ids import CallId
from schema.orders import FileCase, TakeInCase
from schema.people import User
from schema.rules.duewords import explain
from schema.rules.lifecycle import OPEN, orders
from schema.store import UnitOfWork
from schema.tokens import ApiOrder


def listing(ask: Ask) -> caseshapes.CasePage:
    """A page of cases."""
    asked = ask.query
    since, until, due = moment(asked.since), moment(asked.until), moment(asked.due_before)
    with office().store.read() as session:
        query = seen(session, ask)
        if since is not None:
            query = query.where(Case.made_at >= since)
        if until is not None:
            query = query.where(Case.made_at < until)
        if due is not None:
            query = query.where(Case.due_at < due)
        columns = (
            (Case.state, asked.state), (Case.class_, asked.class_), (Case.kind, asked.kind),
            (Case.number, asked.number), (Case.citizen, asked.citizen), (Case.worker, asked.worker),
            (Case.department, asked.department),
        )  # fmt: skip
        for column, wanted in columns:
            if wanted is not UNSET:
                query = query.where(column == wanted)
        if asked.open is not UNSET:
            query = query.where(Case.state.in_(OPEN) if asked.open else Case.state.not_in(OPEN))
        if asked.area is not UNSET:
            query = query.where(Case.cell >= asked.area, Case.cell < asked.area + ":")
        rows, following = page(session, query, Case.made_at, Case.id, asked)
    look(ask, "case.read", "cases")
    return caseshapes.CasePage(items=[case_shape(row) for row in rows], next=following)


def one(ask: Ask) -> caseshapes.CaseDetail:
    """One case."""
    store = office().store
    with store.read() as session:
        row = case_in(session, ask, ask.path["case"])
        found, asked = light_of(session, store.zone, row, store.clock()), asked_for(session, row.id)
    light = None if found is None else caseshapes.Light(
        colour=found.colour, reason=found.reason, percent=found.percent, left=found.left.total_seconds(),
        unit=found.unit,
    )  # fmt: skip
    extension = (
        None
        if asked is None
        else caseshapes.AskedExtension(
            units=asked.units,
            unit=asked.unit,
            reason=asked.reason,
            asked_by=asked.asked_by,
            asked_at=asked.asked_at,
        )
    )
    look(ask, "case.read", row.case_no)
    return caseshapes.CaseDetail(
        **_plain(row), light=light, due_because=explain(row.due_words, language()), orders=list(orders(row.state)),
        extension=extension,
    )  # fmt: skip


def history(ask: Ask) -> caseshapes.CaseHistory:
    """What became of a case, in order."""
    with office().store.read() as session:
        row = case_in(session, ask, ask.path["case"])
        steps = session.scalars(select(CaseStep).where(CaseStep.case == row.id).order_by(CaseStep.id)).all()
        people = named(session, (step.by for step in steps))
    look(ask, "case.read", row.case_no)
    return caseshapes.CaseHistory(items=[_step(step, people) for step in steps])


def who_can(ask: Ask) -> caseshapes.WorkerList:
    """Whom a case can be sent to."""
    with office().store.read() as session:
        row = case_in(session, ask, ask.path["case"])
        found = workers(session, row.cell)
    return caseshapes.WorkerList(
        items=[
            caseshapes.Worker(id=UUID(one["id"]), name=one["name"], own=one["own"], on_duty=one["on_duty"])
            for one in found
        ]
    )


def file(ask: Ask) -> AtOnce:
    """File a request, or take it in."""
    body = ask.body
    if body.confidential:
        ask.need("case.conceal")
    given = {
        name: getattr(body, name)
        for name in ("class_", "kind", "title", "text", "address", "citizen", "language", "confidential")
    }
    for name in ("cell", "lon", "lat", "number"):
        if getattr(body, name) is not UNSET:
            given[name] = getattr(body, name)
    if body.call is not UNSET:
        given["call"] = CallId(body.call)

    def carry_out(work: UnitOfWork, order: UUID) -> str:
        common = {"order": order, "by": ask.who.user.id, **{"cell": ""} | given}
        if body.file:
            return file_case(work, FileCase(**common)).case_no
        return take_in_case(work, TakeInCase(**common)).case_no

    return AtOnce(name="FileCase" if body.file else "TakeInCase", what="case.file", carry_out=carry_out)


def told(ask: Ask, row: ApiOrder) -> caseshapes.CaseOrder:
    """What an order to a case did, and the case as it is now."""
    with office().store.read() as session:
        step = session.scalars(select(CaseStep).where(CaseStep.order == row.order)).one()
        case = session.scalar(seen(session, ask).where(Case.id == step.case))
    return caseshapes.CaseOrder(
        id=row.order, name=row.name, made_at=row.made_at, state=step.state, detail=step.detail,
        case=case_shape(case) if case is not None else None,
    )  # fmt: skip


def case_version(made: caseshapes.CaseOrder) -> int:
    """The version of the case now; 0 when it is not shown."""
    return made.case.version if made.case is not None else 0


def units(_ask: Ask) -> caseshapes.UnitList:
    """The departments."""
    with office().store.read() as session:
        rows = open_departments(session)
    return caseshapes.UnitList(
        items=[caseshapes.Unit(id=row.id, code=row.code, name=row.name, parent=row.parent) for row in rows]
    )


def case_shape(row: Case) -> caseshapes.Case:
    """A case as lists show it."""
    return caseshapes.Case(**_plain(row))


def named(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, caseshapes.Who]:
    """Users by their ids."""
    rows = session.execute(
        select(User.id, User.login, User.name).where(User.id.in_({id for id in ids if id}))
    )
    return {id: caseshapes.Who(id=id, login=login, name=name) for id, login, name in rows}


def _plain(row: Case) -> dict[str, Any]:
    names = (name for name in caseshapes.Case.__struct_fields__ if name not in ("number", "telephone"))
    return {"number": row.case_no, "telephone": row.number, **{name: getattr(row, name) for name in names}}


def _step(step: CaseStep, people: dict[UUID, caseshapes.Who]) -> caseshapes.CaseStep:
    by = people.get(step.by) if step.by else None
    hop = Hop(step.at, step.hop, step.contact, 0, by.name if by else "", step.text, step.detail)
    return caseshapes.CaseStep(
        at=step.at, what=step.hop, state=step.state, by=by, text=step.text, order=step.order, detail=step.detail,
        sentence=hop_text(hop, say, office().words.has),
    )  # fmt: skip


ROUTES = (
    Route(
        method="GET", path="/cases", name="cases", tag="cases", summary="Cases, newest first", right="case.read",
        does=listing, query=caseasks.Cases, gives=caseshapes.CasePage,
    ),
    Route(
        method="POST", path="/cases", name="case-file", tag="cases", right="case.file", does=file, told=told,
        status=201, summary="File a request, or take it in", body=caseasks.NewCase, gives=caseshapes.CaseOrder,
        etag=case_version,
    ),
    Route(
        method="GET", path="/cases/{case}", name="case", tag="cases", right="case.read", does=one, summary="One case",
        gives=caseshapes.CaseDetail, etag=lambda made: made.version,
    ),
    Route(
        method="GET", path="/cases/{case}/history", name="case-history", tag="cases", right="case.read", does=history,
        summary="What became of a case, in order", gives=caseshapes.CaseHistory,
    ),
    Route(
        method="GET", path="/cases/{case}/workers", name="case-workers", tag="cases", right="case.dispatch",
        does=who_can, summary="Whom a case can be sent to", gives=caseshapes.WorkerList,
    ),
    Route(
        method="GET", path="/departments", name="departments", tag="cases", right="case.read", does=units,
        summary="The departments that cases can go to", gives=caseshapes.UnitList,
    ),
)  # fmt: skip
