"""The urging desk: the ladder that clocks climb by themselves (催办, 二次催办, 报请督办), and urging by hand.

`cases.urge_at` is when a case is to be looked at next; the clock desk keeps it with every change of the clock. What the
system does changes nothing that a person is about to decide, so it makes no new version of the case; what a person does
is an order like any other.
"""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from schema.cases import Case, CaseStep
from schema.desk.clocks import clock_row
from schema.desk.deadlines import calendar_at
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.facts import CaseUrged
from schema.orders import Order, UrgeCase
from schema.rules.lifecycle import RUNNING
from schema.rules.lights import LADDER, climbed, next_moment
from schema.store import Store, UnitOfWork

HOP = "case.urged"
BATCH = 100


def urge_case(work: UnitOfWork, order: UrgeCase) -> Case:
    """Urge by hand; from the second time on since the case was filed or reopened it is a second urging.

    Raises Refused: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes nothing.
    """
    case = locked_case(work, order.case)
    if was_done(work, order, HOP, case.id) is not None:
        return case
    row = next_move(work, order, case, "urge")
    refuse_texts(text=(order.text, 0, LONGEST_TEXT))
    rung = LADDER[1 if _urged_by_hand(work.session, case) else 0].what
    text = order.text.strip()
    detail = {"rung": rung, "hand": True}
    take(work, case, row, order=order.order, by=order.by, text=text, detail=detail)
    work.session.flush()
    work.emit(CaseUrged(**said(work, order, case), rung=rung, text=text))
    return case


def due_to_be_urged(session: Session, now: datetime, limit: int = BATCH) -> list[UUID]:
    """Cases to look at now, the longest due first."""
    query = select(Case.id).where(Case.urge_at <= now).order_by(Case.urge_at, Case.id).limit(limit)
    return list(session.scalars(query))


def climb(work: UnitOfWork, id: UUID) -> str:
    """Let a case's clock climb what is due by now; gives the step taken, "" for none.

    After a silence only the highest step that is due is taken: the lower ones would say nothing new.
    """
    case = locked_case(work, id)
    if case.urge_at is None or case.urge_at > work.now:
        return ""  # somebody else looked at it, or its clock was changed meanwhile
    kept = clock_row(work, case)
    if kept is None or case.state not in RUNNING:
        _look_again(work, case, None)
        return ""
    row, clock = kept
    work.session.flush()
    calendar = calendar_at(work.session, work.zone, clock.calendar, clock.version)
    due = len(climbed(clock, calendar, work.now))
    before, row.rungs = row.rungs, max(row.rungs, due)
    _look_again(work, case, next_moment(clock, calendar, row.rungs))
    if due <= before:
        return ""
    rung = LADDER[due - 1].what
    order = Order(order=uuid5(row.id, f"rung {due}"))
    passed = [one.what for one in LADDER[before : due - 1]]
    work.session.write(
        CaseStep, case=case.id, contact=case.contact, order=order.order, hop=HOP, state=case.state, by=None,
        at=work.now, detail={"rung": rung, "passed": passed}, department=case.department, worker=case.worker,
    )  # fmt: skip
    work.emit(CaseUrged(**said(work, order, case), rung=rung))
    return rung


def beat(store: Store, limit: int = BATCH) -> int:
    """Let every clock climb that is due by now, at most `limit`, each in a commit of its own; gives how many.

    Whatever was done before a crash stays done; the rest is found again. Raises StoreUnreachable.
    """
    with store.read() as session:
        found = due_to_be_urged(session, store.clock(), limit)
    for id in found:
        with store.work() as work:
            climb(work, id)
    return len(found)


def _look_again(work: UnitOfWork, case: Case, at: datetime | None) -> None:
    """Write down when to look next, past the row's version: nobody who saw the case has to look again for that."""
    work.session.flush()
    work.session.execute(
        update(Case).where(Case.id == case.id).values(urge_at=at).execution_options(synchronize_session=False)
    )
    work.session.refresh(case)


def _urged_by_hand(session: Session, case: Case) -> bool:
    """Whether somebody urged it since it was filed, or opened again."""
    query = select(CaseStep).where(CaseStep.case == case.id).order_by(CaseStep.id.desc())
    for step in session.scalars(query):
        if step.hop in ("case.filed", "case.reopened"):
            return False
        if step.hop == HOP and step.detail.get("hand"):
            return True
    return False
