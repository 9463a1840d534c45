"""The desk of marks on cases: who follows one (关注), and which are marked hot (热点) by hand.

A mark changes nothing of the case and makes no new version of it, so that nobody has to look again for it; it has no
fact of its own. All of them raise `Refused`: not-found, not-allowed, bad-field. The same order again changes nothing.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.casemarks import CaseMark
from schema.desk.errors import Refused
from schema.desk.moves import allow, locked_case, refuse_texts
from schema.orders import CaseOrder, FollowCase, MarkHot, UnfollowCase, UnmarkHot
from schema.store import UnitOfWork

FOLLOW, HOT = "follow", "hot"
LONGEST_WHY = 300
MOST = 500
"""Cases that one person may follow at a time."""


def follow_case(work: UnitOfWork, order: FollowCase) -> bool:
    """Follow it from now on; whether one does after this order."""
    return _put(work, order, FOLLOW, True)


def unfollow_case(work: UnitOfWork, order: UnfollowCase) -> bool:
    """Follow it no longer; whether one does after this order."""
    return _put(work, order, FOLLOW, False)


def mark_hot(work: UnitOfWork, order: MarkHot) -> bool:
    """Mark the case as hot, for everybody; whether it is after this order."""
    return _put(work, order, HOT, True, order.text)


def unmark_hot(work: UnitOfWork, order: UnmarkHot) -> bool:
    """Take the mark off; whether it is there after this order."""
    return _put(work, order, HOT, False, order.text)


def _put(work: UnitOfWork, order: CaseOrder, kind: str, on: bool, text: str = "") -> bool:
    case = locked_case(work, order.case)  # two marks at once wait for each other here
    if order.by is None:
        raise Refused("not-allowed", "a mark is a person's")
    done = work.session.scalar(select(CaseMark).where(CaseMark.order == order.order))
    if done is not None:
        if (done.case, done.kind, done.by) != (case.id, kind, order.by):
            raise Refused("bad-field", f"the order {order.order} was something else before", "order")
        return done.on
    allow(work, order.by, f"case.{kind}", case)
    refuse_texts(text=(text, 0, LONGEST_WHY))
    if _is_on(work.session, case.id, kind, order.by) is on:
        return on
    if kind == FOLLOW and on and len(followed(work.session, order.by)) >= MOST:
        raise Refused("bad-field", f"nobody follows more than {MOST} cases at a time", "follow")
    work.session.add(
        CaseMark(
            order=order.order, case=case.id, kind=kind, by=order.by, on=on, text=text.strip(), at=work.now
        )
    )
    work.session.flush()
    return on


def _is_on(session: Session, case: UUID, kind: str, by: UUID) -> bool:
    query = select(CaseMark.on).where(CaseMark.case == case, CaseMark.kind == kind)
    if kind == FOLLOW:
        query = query.where(CaseMark.by == by)
    return bool(session.scalar(query.order_by(CaseMark.n.desc()).limit(1)))


def follows(session: Session, user: UUID, case: UUID) -> bool:
    """Whether somebody follows the case."""
    return _is_on(session, case, FOLLOW, user)


def followed(session: Session, user: UUID) -> list[UUID]:
    """The cases that somebody follows, the last followed first."""
    last = (
        select(func.max(CaseMark.n))
        .where(CaseMark.by == user, CaseMark.kind == FOLLOW)
        .group_by(CaseMark.case)
    )
    query = select(CaseMark.case).where(CaseMark.n.in_(last), CaseMark.on)
    return list(session.scalars(query.order_by(CaseMark.n.desc())))


def followers(session: Session, case: UUID) -> list[UUID]:
    """Who follows the case."""
    last = (
        select(func.max(CaseMark.n))
        .where(CaseMark.case == case, CaseMark.kind == FOLLOW)
        .group_by(CaseMark.by)
    )
    query = select(CaseMark.by).where(CaseMark.n.in_(last), CaseMark.on)
    return list(session.scalars(query.order_by(CaseMark.n)))


def hot_mark(session: Session, case: UUID) -> CaseMark | None:
    """The mark that somebody put on the case, if it is there now."""
    return next(iter(_hot(session, [case])), None)


def marked_hot(session: Session) -> list[UUID]:
    """Every case that has the mark now."""
    return [mark.case for mark in _hot(session, None)]


def _hot(session: Session, cases: Iterable[UUID] | None) -> list[CaseMark]:
    last = select(func.max(CaseMark.n)).where(CaseMark.kind == HOT).group_by(CaseMark.case)
    if cases is not None:
        last = last.where(CaseMark.case.in_(list(cases)))
    return list(session.scalars(select(CaseMark).where(CaseMark.n.in_(last), CaseMark.on)))
