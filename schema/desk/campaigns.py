"""The desk of campaigns (回访任务): picked by a rule, previewed, made by one order, ended; results reviewed.

All of them raise `Refused`: not-found, not-allowed, wrong-state (its field says which: nobody-picked, campaign-over,
visit-open, visit-rated, visit-overtaken), bad-field. The same order again changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from schema.campaigns import Campaign, VisitReview
from schema.cases import Case, Citizen
from schema.desk.deadlines import newest_calendar
from schema.desk.donotcall import blocked_numbers
from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import LONGEST_TEXT, allow, check_texts, locked_case, said
from schema.desk.rulebooks import visit_rules
from schema.desk.scope import Who, visible_cases
from schema.desk.visits import GIVE, LOCK, give, locked_visit, visiting_agent
from schema.facts import CampaignClosed, CampaignMade, VisitReviewed
from schema.orders import CloseCampaign, MakeCampaign, ReviewVisit
from schema.people import User
from schema.rules.campaigns import (
    AGAIN,
    AUTOMATIC,
    LATE,
    LONGEST_NAME,
    Candidate,
    Limits,
    Pick,
    deal,
    faults,
    left_out,
)
from schema.rules.dialling import NUMBER
from schema.rules.visits import next_time
from schema.services import levels
from schema.store import UnitOfWork, alone
from schema.visits import Visit

MOST = 2000
"""Cases of one campaign."""
LOOKED_AT = 20_000
"""Cases that a rule is held against at most."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule picks: the cases, the first closed in front, and how many others are left out, by reason."""

    picked: list[Case] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)


def pick_of(order: MakeCampaign) -> Pick:
    """The rule of an order. Raises Refused("bad-field") naming every wrong field."""
    days: dict[str, date] = {}
    wrong: dict[str, str] = {}
    for name in ("first", "last"):
        try:
            days[name] = date.fromisoformat(getattr(order, name))
        except ValueError:
            wrong[name] = "this is no day"
    if wrong:
        raise bad_fields(wrong)
    pick = Pick(**days, class_=order.class_, category=order.category, department=order.department, late=order.late,
                share=order.share)  # fmt: skip
    if wrong := faults(pick, Limits(order.at_once, order.per_minute), order.way):
        raise bad_fields(wrong)
    return pick


def preview(session: Session, who: Who | None, pick: Pick, seed: str, now: datetime, zone: Any) -> Preview:
    """Hold the rule against the cases that `who` may see (None: all)."""
    first, end = (datetime.combine(day, time(), zone) for day in (pick.first, pick.last + timedelta(days=1)))
    visited = exists().where(Visit.case == Case.id, Visit.closed_at == Case.closed_at)
    wrong = exists().where(Citizen.number == Case.number, Citizen.wrong_at > Case.made_at)
    query = (
        select(Case, visited, wrong, Case.number.in_(blocked_numbers(now)))
        .where(Case.closed_at >= first, Case.closed_at < end, Case.state.in_(("closed", "rated")))
        .order_by(Case.closed_at, Case.id)
        .limit(LOOKED_AT)
    )
    if pick.class_:
        query = query.where(Case.class_ == pick.class_)
    if pick.category:
        query = query.where(Case.category.startswith(pick.category, autoescape=True))
    if pick.department is not None:
        query = query.where(Case.department == pick.department)
    if pick.late:
        late = Case.closed_at > Case.due_at
        query = query.where(late if pick.late == LATE else Case.closed_at <= Case.due_at)
    if who is not None:
        query = query.where(visible_cases(session, who))
    picked: list[Case] = []
    left = Counter[str]()
    for case, was_visited, is_wrong, blocked in session.execute(query):
        known = Candidate(
            case.id, bool(NUMBER.fullmatch(case.number)), case.confidential, case.rating is not None, was_visited,
            is_wrong, blocked,
        )  # fmt: skip
        why = left_out(known, seed, pick.share)
        if why:
            left[why] += 1
        elif len(picked) < MOST:
            picked.append(case)
    return Preview(picked, dict(left))


def make_campaign(work: UnitOfWork, order: MakeCampaign, who: Who | None = None) -> Campaign:
    """Pick, make the visits, and hand them out; `who` bounds what is seen."""
    allow(work, order.by, GIVE)
    alone(work.session, LOCK)
    if (done := work.session.get(Campaign, order.order)) is not None:
        return done
    wrong = check_texts({"name": (order.name, 1, LONGEST_NAME), "seed": (order.seed, 1, 40)})
    automatic = order.way == AUTOMATIC
    if not automatic and not order.agents:
        wrong["agents"] = "choose who gets them"
    if wrong:
        raise bad_fields(wrong)
    pick = pick_of(order)
    speaks = {id: _speaks(work, id) for id in dict.fromkeys(() if automatic else order.agents)}
    found = preview(work.session, who, pick, order.seed, work.now, work.zone)
    if not found.picked:
        raise Refused("wrong-state", "the rule picks no case", "nobody-picked")
    rule = {name: value for name, value in asdict(pick).items() if value not in ("", None)}
    campaign = Campaign(
        id=order.order, name=order.name.strip(), seed=order.seed, way=order.way, service=order.service,
        rule={name: value if isinstance(value, int) else str(value) for name, value in rule.items()},
        at_once=order.at_once, per_minute=order.per_minute, picked=len(found.picked), left=found.left, by=order.by,
        at=work.now,
    )  # fmt: skip
    work.session.add(campaign)
    work.session.flush()
    dealt = deal([case.language for case in found.picked], speaks, order.way)
    for case, agent in zip(found.picked, dealt, strict=True):
        _visit(work, order, case, agent, automatic)
    work.emit(CampaignMade(at=work.now, campaign=campaign.id, picked=campaign.picked, by=order.by))
    return campaign


def close_campaign(work: UnitOfWork, order: CloseCampaign) -> Campaign:
    """End it: its visits that are not over are anybody's again, as any other."""
    allow(work, order.by, GIVE)
    alone(work.session, LOCK)
    campaign = work.session.get(Campaign, order.campaign)
    if campaign is None:
        raise Refused("not-found", "there is no such campaign")
    if campaign.closed_at is not None:
        return campaign
    rows = work.session.scalars(
        select(Visit).where(Visit.campaign == campaign.id, Visit.ended == "").with_for_update()
    ).all()
    for visit in rows:
        # A call that is on the way goes on; what it comes to is still written down.
        visit.campaign, visit.automatic = None, visit.calling is not None
        visit.agent = None
    campaign.closed_at, campaign.closed_by, campaign.unfinished = work.now, order.by, len(rows)
    work.session.flush()
    work.emit(CampaignClosed(at=work.now, campaign=campaign.id, unfinished=len(rows), by=order.by))
    return campaign


def review_visit(work: UnitOfWork, order: ReviewVisit) -> Visit:
    """Let a result pass, or send the visit back to be called again."""
    visit = locked_visit(work, order.visit)
    if (done := work.session.get(VisitReview, order.order)) is not None:
        if done.visit != visit.id:
            raise Refused("bad-field", f"the order {order.order} was something else before", "order")
        return visit
    case = locked_case(work, visit.case)
    allow(work, order.by, GIVE, case)
    if not visit.ended:
        raise Refused("wrong-state", "the visit is not over", "visit-open")
    if wrong := check_texts({"text": (order.text, 1 if order.again else 0, LONGEST_TEXT)}):
        raise bad_fields(wrong)
    if order.again:
        if visit.ended not in AGAIN:
            raise Refused("wrong-state", "the citizen was reached and has rated", "visit-rated")
        if case.state != "closed" or case.closed_at != visit.closed_at:
            raise Refused(
                "wrong-state", f"{case.case_no} was rated or opened again meanwhile", "visit-overtaken"
            )
        calendar = newest_calendar(work.session, work.zone)[1]
        visit.ended, visit.ended_at, visit.tries = "", None, 0
        visit.next_at = next_time(visit_rules(work.session), work.now, calendar)
    visit.reviewed = "again" if order.again else "passed"
    work.session.add(
        VisitReview(order=order.order, visit=visit.id, again=order.again, text=order.text.strip(), by=order.by,
                    at=work.now)
    )  # fmt: skip
    work.session.flush()
    work.emit(VisitReviewed(**said(work, order, case), visit=visit.id, again=order.again))
    return visit


def reviews_of(session: Session, visit: UUID) -> Sequence[tuple[VisitReview, str]]:
    """What was said of a visit's result, each with the name of whoever did, the last first."""
    query = select(VisitReview, User.name).outerjoin(User, User.id == VisitReview.by)
    rows = session.execute(query.where(VisitReview.visit == visit).order_by(VisitReview.at.desc()))
    return [(row, name or "") for row, name in rows]


def _visit(work: UnitOfWork, order: MakeCampaign, case: Case, agent: UUID | None, automatic: bool) -> None:
    assert case.closed_at is not None
    visit = Visit(
        case=case.id, contact=case.contact, closed_at=case.closed_at, given_at=work.now, next_at=work.now,
        campaign=order.order, automatic=automatic, agent=None,
    )  # fmt: skip
    if agent is None:
        work.session.add(visit)
    else:
        give(work, order, case, visit, agent)


def _speaks(work: UnitOfWork, id: UUID) -> frozenset[str]:
    """The languages of an agent who makes return visits. Raises Refused."""
    visiting_agent(work, id)
    return frozenset(levels(work.session.get_one(User, id).languages))
