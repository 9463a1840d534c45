"""Supervision orders (督办): given with words and a time to answer by, answered by who has the case.

All of them raise `Refused`: not-found, not-allowed, wrong-state, stale, bad-field. The same order again changes
nothing.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.clocks import Supervision
from schema.desk.errors import Refused
from schema.desk.moves import LONGEST_TEXT, locked_case, next_move, refuse_texts, said, take, was_done
from schema.facts import CaseSupervised, SupervisionAnswered
from schema.orders import AnswerSupervision, SuperviseCase
from schema.store import UnitOfWork

LATEST = timedelta(days=366)


def supervise_case(work: UnitOfWork, order: SuperviseCase) -> Supervision:
    """Order what is to be done, with a time to answer by that is still to come."""
    case = locked_case(work, order.case)
    if was_done(work, order, "case.supervised", case.id) is not None:
        return work.session.get_one(Supervision, order.order)
    row = next_move(work, order, case, "supervise")
    refuse_texts(text=(order.text, 1, LONGEST_TEXT))
    if not work.now < order.answer_by <= work.now + LATEST:
        raise Refused("bad-field", "the time to answer by is to come, within a year", "answer_by")
    given = Supervision(id=order.order, case=case.id, text=order.text.strip(), answer_by=order.answer_by,
                        made_by=order.by, made_at=work.now, state="open", answer="")  # fmt: skip
    work.session.add(given)
    until = order.answer_by.astimezone(work.zone).strftime("%Y-%m-%d %H:%M")
    take(work, case, row, order=order.order, by=order.by, text=given.text, detail={"until": until})
    work.session.flush()
    work.emit(
        CaseSupervised(
            **said(work, order, case), supervision=given.id, text=given.text, answer_by=given.answer_by
        )
    )
    return given


def answer_supervision(work: UnitOfWork, order: AnswerSupervision) -> Supervision:
    """Answer the oldest order that is open."""
    case = locked_case(work, order.case)
    if (step := was_done(work, order, "case.answered", case.id)) is not None:
        return work.session.get_one(Supervision, UUID(step.detail["supervision"]))
    row = next_move(work, order, case, "answer", own=order.by is not None and order.by == case.worker)
    refuse_texts(text=(order.text, 1, LONGEST_TEXT))
    given = next(iter(open_supervisions(work.session, case.id)), None)
    if given is None:
        raise Refused("wrong-state", f"no supervision order of {case.case_no} is open")
    given.state, given.answer = "answered", order.text.strip()
    given.answered_by, given.answered_at = order.by, work.now
    detail = {"supervision": str(given.id), "late": work.now > given.answer_by}
    take(work, case, row, order=order.order, by=order.by, text=given.answer, detail=detail)
    work.session.flush()
    work.emit(SupervisionAnswered(**said(work, order, case), supervision=given.id, text=given.answer))
    return given


def open_supervisions(session: Session, case: UUID) -> list[Supervision]:
    """The orders of a case that are not answered, oldest first."""
    query = select(Supervision).where(Supervision.case == case, Supervision.state == "open")
    return list(session.scalars(query.order_by(Supervision.made_at, Supervision.id)))
