"""The desk of return visits (回访): handed out or taken, tried, and ended with the citizen's two ratings.

The rating of the department goes on the case, and a case that is not solved is opened again, by the orders of the life
cycle, each with the right it takes. All of them raise `Refused`: not-found, not-allowed, wrong-state (its field says
which: none-to-visit, visit-taken, visit-over, visit-overtaken), bad-field. The same order again changes nothing.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from schema.cases import Case, Citizen
from schema.desk.deadlines import newest_calendar
from schema.desk.donotcall import LONGEST_REASON, block_number
from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import LONGEST_TEXT, allow, check_texts, locked_case, part_of, said
from schema.desk.pausing import reopen_case
from schema.desk.ratings import rate_case
from schema.desk.rulebooks import visit_rules
from schema.desk.scope import actor_of, subject_of
from schema.desk.visitlists import VISIT, to_visit
from schema.facts import VisitGiven, VisitTried
from schema.ids import CaseId, ContactId
from schema.orders import (
    BlockNumber,
    HandOutVisits,
    Order,
    PutBackVisit,
    RateCase,
    RecordTry,
    ReopenCase,
    SkipVisit,
    TakeVisit,
)
from schema.people import User
from schema.rules.access import Actor, may
from schema.rules.calendar import Calendar
from schema.rules.outcomes import WRONG_NUMBER
from schema.rules.visits import (
    LATER,
    REACHED,
    RESULTS,
    SCORES,
    SKIPPED,
    VisitRules,
    after,
    dealt,
    next_time,
)
from schema.store import UnitOfWork, alone
from schema.visits import Visit, VisitGift, VisitTry

GIVE = "case.give-visits"
MOST = 200
"""So many are handed out at once."""
LOCK = 0x6772_6964_0027
"""Whoever hands out visits waits for whoever else does."""


def hand_out_visits(work: UnitOfWork, order: HandOutVisits) -> list[Visit]:
    """Give what waits evenly to agents; nobody gets a case that they may not visit."""
    allow(work, order.by, GIVE)
    alone(work.session, LOCK)
    if done := _given(work, order):
        return done
    if not 1 <= order.count <= MOST:
        raise Refused("bad-field", f"1 to {MOST} are handed out at once", "count")
    agents = [visiting_agent(work, id) for id in dict.fromkeys(order.agents)]
    if not agents:
        raise Refused("bad-field", "choose who gets them", "agents")
    who = _actor(work, order.by) if order.by is not None else None
    cases = to_visit(work.session, visit_rules(work.session), work.now, who, order.count)
    left = dict(zip((agent.user for agent in agents), dealt(len(cases), len(agents)), strict=True))
    given = []
    for case in cases:
        agent = next((one for one in agents if left[one.user] and may(one, VISIT, subject_of(case))), None)
        if agent is None or agent.user is None:
            continue
        left[agent.user] -= 1
        agents.remove(agent)
        agents.append(agent)
        given.append(_give(work, order, case, agent.user))
    if not given:
        raise Refused("wrong-state", "there is no case to visit that they may visit", "none-to-visit")
    return given


def take_visit(work: UnitOfWork, order: TakeVisit) -> Visit:
    """Take the next, or a certain one; of two who take the same, the second is refused."""
    if order.by is None:
        raise Refused("not-allowed", "a person takes a visit")
    allow(work, order.by, VISIT)
    alone(work.session, LOCK)
    if done := _given(work, order):
        return done[0]
    rules, who = visit_rules(work.session), _actor(work, order.by)
    found = to_visit(work.session, rules, work.now, who, 1, case=order.case)
    if not found and order.case is not None:
        raise Refused("wrong-state", "the case is with somebody else, or not to be visited", "visit-taken")
    if not found:
        raise Refused("wrong-state", "there is no case to visit", "none-to-visit")
    allow(work, order.by, VISIT, found[0])
    return _give(work, order, found[0], order.by)


def put_back_visit(work: UnitOfWork, order: PutBackVisit) -> Visit:
    """Put one back for others."""
    alone(work.session, LOCK)
    if done := _given(work, order):
        return done[0]
    visit = locked_visit(work, order.visit)
    case = locked_case(work, visit.case)
    _own(work, order, visit, case)
    _still_open(visit, case)
    return give(work, order, case, visit, None)


def record_try(work: UnitOfWork, order: RecordTry) -> Visit:
    """Write down what a try came to; a citizen who was reached rates twice, and says whether it is solved."""
    visit = locked_visit(work, order.visit)
    if _done(work, order, visit) is not None:
        return visit
    case = locked_case(work, visit.case)
    _own(work, order, visit, case)
    _still_open(visit, case)
    _check(order)
    reached, text = order.result == REACHED, order.text.strip()
    rules, calendar = _by_what(work)
    then = after(rules, order.result, visit.tries + 1, work.now, calendar)
    visit.tries, visit.ended = visit.tries + 1, then.ended
    visit.next_at = then.next_at or visit.next_at
    visit.text = text or visit.text
    if then.ended:
        visit.ended_at = work.now
    if reached:
        visit.reception, visit.department, visit.solved = order.reception, order.rating, order.solved
        _on_the_case(work, order, case)
    if order.result == WRONG_NUMBER:
        wrong = update(Citizen).where(Citizen.number == case.number)
        work.session.execute(wrong.values(wrong_at=work.now))
    if order.block:
        asked = part_of(order.order, "number.blocked")
        why = text[:LONGEST_REASON] or "return visit"
        block_number(
            work, BlockNumber(order=asked, by=order.by, number=case.number, reason=why, visit=visit.id)
        )
    _tried(work, order, case, visit, order.result, text)
    return visit


def skip_visit(work: UnitOfWork, order: SkipVisit) -> Visit:
    """Leave one for later without calling; no try is counted."""
    visit = locked_visit(work, order.visit)
    if _done(work, order, visit) is not None:
        return visit
    case = locked_case(work, visit.case)
    _own(work, order, visit, case)
    _still_open(visit, case)
    if wrong := check_texts({"reason": (order.reason, 1, LONGEST_TEXT)}):
        raise bad_fields(wrong)
    rules, calendar = _by_what(work)
    visit.next_at = next_time(rules, work.now + LATER, calendar)
    _tried(work, order, case, visit, SKIPPED, order.reason.strip())
    return visit


def _done(work: UnitOfWork, order: RecordTry | SkipVisit, visit: Visit) -> VisitTry | None:
    done = work.session.scalar(select(VisitTry).where(VisitTry.order == order.order))
    if done is not None and done.visit != visit.id:
        raise Refused("bad-field", f"the order {order.order} was something else before", "order")
    return done


def _by_what(work: UnitOfWork) -> tuple[VisitRules, Calendar]:
    return visit_rules(work.session), newest_calendar(work.session, work.zone)[1]


def _tried(
    work: UnitOfWork, order: RecordTry | SkipVisit, case: Case, visit: Visit, result: str, text: str
) -> None:
    """Write the try down, and say so."""
    gave = order if isinstance(order, RecordTry) else RecordTry(visit=visit.id, result=result)
    work.session.add(
        VisitTry(
            order=order.order, visit=visit.id, case=case.id, by=order.by, at=work.now, result=result,
            ended=visit.ended, reception=visit.reception, department=visit.department, solved=visit.solved, text=text,
        )
    )  # fmt: skip
    work.session.flush()
    work.emit(
        VisitTried(
            **said(work, order, case), visit=visit.id, result=result, ended=visit.ended, reception=gave.reception,
            solved=gave.solved,
        )
    )  # fmt: skip


def _on_the_case(work: UnitOfWork, order: RecordTry, case: Case) -> None:
    common: dict[str, Any] = {"by": order.by, "contact": ContactId(case.contact), "case": CaseId(case.id)}
    rate_case(work, RateCase(**common, order=part_of(order.order, "case.rated"), score=order.rating))
    if not order.solved:
        again = part_of(order.order, "case.reopened")
        reopen_case(work, ReopenCase(**common, order=again, reason=order.text))


def _check(order: RecordTry) -> None:
    wrong = check_texts({"text": (order.text, 0 if order.solved else 1, LONGEST_TEXT)})
    if order.result not in RESULTS:
        wrong["result"] = f"a try is one of {', '.join(RESULTS)}"
    elif order.result == REACHED:
        for field, score in (("reception", order.reception), ("rating", order.rating)):
            if score not in SCORES:
                wrong[field] = "a rating is 1 (very satisfied) to 5 (very dissatisfied)"
    elif order.reception or order.rating or not order.solved:
        wrong["result"] = "only a citizen who was reached can rate"
    if wrong:
        raise bad_fields(wrong)


def _given(work: UnitOfWork, order: Order) -> list[Visit]:
    """The visits of this very order, if it was carried out before."""
    gifts = select(Visit).join(VisitGift, VisitGift.visit == Visit.id).where(VisitGift.order == order.order)
    return list(work.session.scalars(gifts.order_by(VisitGift.n)))


def _give(work: UnitOfWork, order: Order, case: Case, agent: UUID) -> Visit:
    assert case.closed_at is not None
    visit = work.session.scalar(
        select(Visit).where(Visit.case == case.id, Visit.closed_at == case.closed_at)
    ) or Visit(case=case.id, contact=case.contact, closed_at=case.closed_at, next_at=work.now)
    visit.given_at = work.now
    return give(work, order, case, visit, agent)


def give(work: UnitOfWork, order: Order, case: Case, visit: Visit, agent: UUID | None) -> Visit:
    """Give a visit to an agent, or (None) put it back, and say so."""
    visit.agent = agent
    work.session.add(visit)
    work.session.flush()
    work.session.add(VisitGift(order=order.order, visit=visit.id, agent=agent, by=order.by, at=work.now))
    work.emit(VisitGiven(**said(work, order, case), visit=visit.id, agent=agent))
    return visit


def locked_visit(work: UnitOfWork, id: UUID) -> Visit:
    """The visit as it is now; whoever else wants to change it waits. Raises Refused."""
    visit = work.session.scalar(
        select(Visit).where(Visit.id == id).with_for_update().execution_options(populate_existing=True)
    )
    if visit is None:
        raise Refused("not-found", "there is no such return visit")
    return visit


def _own(work: UnitOfWork, order: Order, visit: Visit, case: Case) -> None:
    """Refuse whoever neither has the visit nor hands them out."""
    allow(work, order.by, VISIT, case)
    if order.by not in (None, visit.agent):
        allow(work, order.by, GIVE, case)


def _still_open(visit: Visit, case: Case) -> None:
    if visit.ended:
        raise Refused("wrong-state", f"the return visit of {case.case_no} is over", "visit-over")
    if case.state != "closed" or case.closed_at != visit.closed_at:
        raise Refused("wrong-state", f"{case.case_no} was rated or opened again meanwhile", "visit-overtaken")


def visiting_agent(work: UnitOfWork, id: UUID) -> Actor:
    """Somebody who makes return visits and can come in. Raises Refused."""
    user = work.session.get(User, id)
    actor = actor_of(work.session, user) if user is not None and user.active and not user.locked else None
    if actor is None or not may(actor, VISIT):
        raise Refused("bad-field", f"{id} is nobody who makes return visits", "agents")
    return actor


def _actor(work: UnitOfWork, id: UUID) -> Actor:
    return actor_of(work.session, work.session.get_one(User, id))
