"""Supervision orders (督办) and leaders' instructions (批示): given with words and a time to answer by, answered by who
has the case.

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes
nothing.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.cases import Case
from schema.clocks import Supervision
from schema.desk.errors import Refused
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.desk.scope import actor_of, may_see, subject_of
from schema.facts import CaseInstructed, CaseSupervised, SupervisionAnswered
from schema.orders import AnswerSupervision, InstructCase, SuperviseCase
from schema.people import User
from schema.rules.access import Actor, may
from schema.rules.lifecycle import Move
from schema.store import UnitOfWork

LATEST = timedelta(days=366)


def supervise_case(work: UnitOfWork, order: SuperviseCase) -> Supervision:
    """Order what is to be done, with a time to answer by that is still to come."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.supervised", case.id) is not None:
        return work.session.get_one(Supervision, order.order)
    row = next_move(work, order, case, "supervise")
    given = _give(work, order, case, row, "supervise")
    work.emit(
        CaseSupervised(
            **said(work, order, case), supervision=given.id, text=given.text, answer_by=given.answer_by
        )
    )
    return given


def instruct_case(work: UnitOfWork, order: InstructCase) -> Supervision:
    """Give a leader's instruction to who has the case, or to one `person` of them."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.instructed", case.id) is not None:
        return work.session.get_one(Supervision, order.order)
    row = next_move(work, order, case, "instruct")
    if order.person is not None and order.person not in {one.id for one in answerers(work.session, case)}:
        raise Refused("bad-field", "an instruction is for somebody who may answer it", "person")
    given = _give(work, order, case, row, "instruct")
    work.emit(
        CaseInstructed(**said(work, order, case), supervision=given.id, text=given.text,
                       answer_by=given.answer_by, person=given.person)
    )  # fmt: skip
    return given


def _give(
    work: UnitOfWork, order: SuperviseCase | InstructCase, case: Case, row: Move, kind: str
) -> Supervision:
    refuse_texts(text=(order.text, 1, LONGEST_TEXT))
    if not work.now < order.answer_by <= work.now + LATEST:
        raise Refused("bad-field", "the time to answer by is to come, within a year", "answer_by")
    person = order.person if isinstance(order, InstructCase) else None
    given = Supervision(id=order.order, case=case.id, kind=kind, person=person, text=order.text.strip(),
                        answer_by=order.answer_by, made_by=order.by, made_at=work.now, state="open",
                        answer="")  # fmt: skip
    work.session.add(given)
    until = order.answer_by.astimezone(work.zone).strftime("%Y-%m-%d %H:%M")
    take(work, case, row, order=order.order, by=order.by, text=given.text, detail={"until": until})
    work.session.flush()
    return given


def answer_supervision(work: UnitOfWork, order: AnswerSupervision) -> Supervision:
    """Answer the one that is named, or the oldest that is open."""
    case = locked_case(work, order.case)
    if (step := was_done(work, order, "case.answered", case.id)) is not None:
        return work.session.get_one(Supervision, UUID(step.detail["supervision"]))
    row = next_move(work, order, case, "answer", own=order.by is not None and order.by == case.worker)
    refuse_texts(text=(order.text, 1, LONGEST_TEXT))
    waiting = open_supervisions(work.session, case.id)
    given = next((one for one in waiting if order.supervision in (None, one.id)), None)
    if given is None:
        raise Refused("wrong-state", f"no supervision order of {case.case_no} is open")
    given.state, given.answer = "answered", order.text.strip()
    given.answered_by, given.answered_at = order.by, work.now
    if given.read_at is None:
        given.read_by, given.read_at = order.by, work.now
    detail = {"supervision": str(given.id), "late": work.now > given.answer_by, "kind": given.kind}
    take(work, case, row, order=order.order, by=order.by, text=given.answer, detail=detail)
    work.session.flush()
    work.emit(SupervisionAnswered(**said(work, order, case), supervision=given.id, text=given.answer))
    return given


def read_supervisions(work: UnitOfWork, case: Case, reader: Actor) -> int:
    """Somebody sees the case: what is open and for them is read from now on. Gives how many."""
    now_read = [one for one in open_supervisions(work.session, case.id) if is_for(one, case, reader)]
    for one in now_read:
        one.read_by, one.read_at = reader.user, work.now
    return len(now_read)


def is_for(given: Supervision, case: Case, reader: Actor) -> bool:
    """Whether it is not read yet and this is one whom it is for.

    That is the person it names; without one the worker who has the case, somebody of its unit, or, while nobody has it,
    whoever may answer.
    """
    if given.read_at is not None or given.state != "open" or reader.user in (None, given.made_by):
        return False
    if given.person is not None:
        return reader.user == given.person
    if case.worker is not None:
        return reader.user == case.worker
    if case.department is not None and case.department not in reader.departments:
        return False
    return may(reader, "case.answer", subject_of(case))


def answerers(session: Session, case: Case) -> list[User]:
    """Who may be named in an instruction: the worker who has the case, the people of its unit, or the desk."""
    if case.worker is not None:
        wanted = User.id == case.worker
    elif case.department is not None:
        wanted = User.department == case.department
    else:
        wanted = User.department.is_(None)
    found = session.scalars(select(User).where(wanted, User.active).order_by(User.name).limit(200))
    return [
        user
        for user in found
        if user.id == case.worker
        or (may(actor_of(session, user), "case.answer", subject_of(case)) and may_see(session, user, case))
    ]


def open_supervisions(session: Session, case: UUID) -> list[Supervision]:
    """The orders and instructions of a case that are not answered, oldest first."""
    query = select(Supervision).where(Supervision.case == case, Supervision.state == "open")
    return list(session.scalars(query.order_by(Supervision.made_at, Supervision.id)))
