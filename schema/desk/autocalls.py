"""Automatic return visits: the calls of a campaign begun within its bounds and hours, answered by keys, and followed.

A call is begun once: its order and the mark on the visit are one commit. What it came to is one try of the visit, keyed
by the call: the citizen's answers (`answer_visit`, by the ledger) or what the rows say of it (`follow`).
"""

from datetime import timedelta
from uuid import uuid5

import structlog
from sqlalchemy import func, select

from schema.calls import CallRow
from schema.campaigns import Campaign
from schema.cases import Case
from schema.desk.deadlines import newest_calendar
from schema.desk.donotcall import gate
from schema.desk.errors import Refused
from schema.desk.outcomes import outcome_of_call
from schema.desk.rulebooks import visit_rules
from schema.desk.visitlists import is_live
from schema.desk.visits import LOCK, record_try
from schema.facts import VisitAnswered
from schema.ids import CaseId, ContactId, uuid7
from schema.orders import CallCitizen, RecordTry
from schema.outbox import OrderRow
from schema.rules.campaigns import AUTOMATIC, Limits, may_begin
from schema.rules.dialgate import AUTOMATIC as BY_MACHINE
from schema.rules.outcomes import ANSWERED, FAILED, NO_ANSWER
from schema.rules.visits import BY_KEYS, DECLINED, REACHED, may_call
from schema.store import Store, UnitOfWork, alone
from schema.visits import Visit

LOST_AFTER = timedelta(minutes=15)
"""A call of which nothing was seen for so long is over."""
RECORDS_WITHIN = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)
_RUNNING = select(Campaign.id).where(Campaign.way == AUTOMATIC, Campaign.closed_at.is_(None))
_ON_THE_WAY = select(Visit.id).where(Visit.calling.is_not(None))
log = structlog.get_logger()


def beat(store: Store) -> int:
    """Follow the calls that are on the way, then begin others; how many were begun."""
    with store.read() as session:
        there = session.scalar(_RUNNING.limit(1)) or session.scalar(_ON_THE_WAY.limit(1))
    if there is None:
        return 0
    with store.work() as work:
        follow(work)
    with store.work() as work:
        return begin(work)


def begin(work: UnitOfWork) -> int:
    """Begin as many calls of each running campaign as its bounds and the hours allow."""
    if not may_call(visit_rules(work.session), work.now, newest_calendar(work.session, work.zone)[1]):
        return 0
    alone(work.session, LOCK)
    running = select(Campaign).where(Campaign.id.in_(_RUNNING)).order_by(Campaign.at)
    return sum(_begin(work, campaign) for campaign in work.session.scalars(running))


def follow(work: UnitOfWork) -> None:
    """Write down what calls came to that nobody answered by keys."""
    rows = work.session.scalars(
        select(Visit)
        .where(Visit.calling.is_not(None))
        .order_by(Visit.called_at, Visit.id)
        .with_for_update(skip_locked=True)
    ).all()
    for visit in rows:
        if outcome := _outcome(work, visit):
            # Somebody who took the call and pressed nothing was not reached: a machine, or no time.
            _try(work, visit, NO_ANSWER if outcome == ANSWERED else outcome)


def answer_visit(work: UnitOfWork, fact: VisitAnswered) -> None:
    """Write down what the citizen answered, once, as an agent would."""
    visit = work.session.scalar(
        select(Visit)
        .where(Visit.id == fact.visit)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if visit is None or visit.calling != fact.call:
        log.info("an answer to a return visit came too late", visit=str(fact.visit))
        return
    _try(work, visit, REACHED, fact)


def _begin(work: UnitOfWork, campaign: Campaign) -> int:
    of = select(func.count()).select_from(Visit).where(Visit.campaign == campaign.id)
    on_the_way = work.session.scalar(of.where(Visit.calling.is_not(None))) or 0
    lately = work.session.scalar(of.where(Visit.called_at > work.now - MINUTE)) or 0
    more = may_begin(Limits(campaign.at_once, campaign.per_minute), on_the_way, lately)
    due = (
        select(Visit, Case)
        .join(Case, Case.id == Visit.case)
        .where(Visit.campaign == campaign.id, Visit.automatic, Visit.calling.is_(None), is_live())
        .where(Visit.next_at <= work.now)
        .order_by(Visit.next_at, Visit.id)
        .limit(more)
    )
    begun = 0
    for visit, case in work.session.execute(due).all() if more else ():
        if gate(work.session, BY_MACHINE, case.number, work.now, work.zone):
            # Put on the do-not-call list since it was picked.
            _record(work, visit, DECLINED, RecordTry(visit=visit.id, result=DECLINED))
            continue
        order = CallCitizen(
            order=uuid7(), by=campaign.by, contact=ContactId(case.contact), number=case.number, language=case.language,
            case=CaseId(case.id), visit=visit.id, service=campaign.service,
        )  # fmt: skip
        visit.calling, visit.called_at = order.order, work.now
        work.session.flush()
        work.emit(order)
        begun += 1
    return begun


def _outcome(work: UnitOfWork, visit: Visit) -> str:
    """What the call that is on the way came to; "" while it goes on."""
    assert visit.calling is not None and visit.called_at is not None
    if outcome := outcome_of_call(work.session, visit.calling, over=True):
        return outcome
    order = work.session.get(OrderRow, visit.calling)
    if order is not None and order.state == "failed" and work.session.get(CallRow, visit.calling) is None:
        # The records follow the orders by a moment, and say more: they are waited for.
        return FAILED if work.now - order.changed_at > RECORDS_WITHIN else ""
    return FAILED if work.now - visit.called_at > LOST_AFTER else ""


def _try(work: UnitOfWork, visit: Visit, result: str, said: VisitAnswered | None = None) -> None:
    assert visit.calling is not None
    order = RecordTry(order=uuid5(visit.calling, "visit"), visit=visit.id, result=result)
    if said is not None:
        order = RecordTry(
            order=order.order, visit=visit.id, result=result, reception=said.reception, rating=said.department,
            solved=said.solved, text="" if said.solved else BY_KEYS,
        )  # fmt: skip
    visit.calling = None
    _record(work, visit, result, order)


def _record(work: UnitOfWork, visit: Visit, result: str, order: RecordTry) -> None:
    # Closing its campaign gave it back meanwhile.
    visit.automatic = visit.campaign is not None
    work.session.flush()
    try:
        with work.session.begin_nested():
            record_try(work, order)
    except Refused as refused:
        log.info("the result of an automatic call was not taken", visit=str(visit.id), result=result,
                 reason=str(refused))  # fmt: skip
