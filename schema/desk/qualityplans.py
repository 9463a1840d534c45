"""The desk of quality plans (抽检计划): written, and drawn by: reviews for inspectors out of the calls of a week.

Both orders raise `Refused`: not-allowed, not-found, stale, bad-field, wrong-state (its field says which: plan-closed,
week-begins). The same order again changes nothing and answers the same.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.calls import CallRating, CallRow, LegRow
from schema.cases import Case
from schema.desk.errors import Refused, bad_fields
from schema.desk.moves import allow, check_texts
from schema.desk.posts import all_posts, grants_of
from schema.desk.rulebooks import newest_book, quality_book
from schema.desk.scope import active_actor, audible
from schema.facts import SampleDrawn
from schema.orders import DrawSample, SavePlan
from schema.people import User
from schema.quality import QualityDraw, QualityPlan, QualityReview, ScoreSheet
from schema.recordings import Recording
from schema.rules.access import ALL, may
from schema.rules.bookparts import BadBook, json_object
from schema.rules.reviews import DROPPED, OPEN
from schema.rules.sampling import Leg, Rule, deal, draw, is_seed, read_rule, span_of, week_of
from schema.rules.scoresheet import Sheet
from schema.store import UnitOfWork, alone
from schema.visits import Visit

PLAN, REVIEW = "quality.plan", "quality.review"
MOST_INSPECTORS = 40
LOCK = 0x6772_6964_0032
_AT_ONCE = 500
"""So many ids go into one question to the database."""


def save_plan(work: UnitOfWork, order: SavePlan) -> QualityPlan:
    """Write a plan."""
    allow(work, order.by, PLAN)
    alone(work.session, LOCK)
    done = work.session.scalar(select(QualityPlan).where(QualityPlan.order == order.order))
    if done is not None:
        return done
    row = work.session.get(QualityPlan, order.plan)
    if order.version != (row.version if row is not None else 0):
        raise Refused("stale", "the plan has changed since it was shown; look again")
    wrong = check_texts({"name": (order.name, 1, 60)})
    rule = Rule()
    try:
        rule = read_rule(json_object(order.rule))
    except BadBook as error:
        wrong |= error.faults
    if quality_book(work.session).sheet(order.sheet) is None:
        wrong["sheet"] = "there is no such score sheet"
    inspectors = list(dict.fromkeys(order.inspectors))
    if not 1 <= len(inspectors) <= MOST_INSPECTORS or not all(
        _inspects(work.session, id) for id in inspectors
    ):
        wrong["inspectors"] = "choose people who may inspect calls"
    if wrong:
        raise bad_fields(wrong)
    if row is None:
        row = QualityPlan(id=order.plan)
        work.session.add(row)
    row.order, row.name, row.sheet, row.rule = order.order, order.name.strip(), order.sheet, rule.body()
    row.inspectors, row.open, row.by, row.at = [str(id) for id in inspectors], order.open, order.by, work.now
    work.session.flush()
    return row


def draw_sample(work: UnitOfWork, order: DrawSample) -> QualityDraw:
    """Draw what a plan still lacks of a week, and give it to the inspectors evenly."""
    allow(work, order.by, PLAN)
    alone(work.session, LOCK)
    done = work.session.get(QualityDraw, order.order)
    if done is not None:
        return done
    plan = work.session.get(QualityPlan, order.plan)
    if plan is None:
        raise Refused("not-found", "there is no such plan")
    if not plan.open:
        raise Refused("wrong-state", f"the plan {plan.name} is closed", "plan-closed")
    week = _week(order.week)
    if span_of(week, work.zone)[0] > work.now:
        raise Refused("wrong-state", "this week has not begun", "week-begins")
    sheet = quality_book(work.session).sheet(plan.sheet)
    if sheet is None:
        raise Refused("bad-field", "the score sheet of this plan is not in use any more", "sheet")
    if order.seed and not is_seed(order.seed):
        raise Refused("bad-field", "a seed is at most 40 letters, digits or dashes", "seed")
    seed = seed_of(work.session, plan.id, week) or order.seed or secrets.token_hex(8)
    rule = read_rule(plan.rule)
    found = legs_of(work.session, week, work.zone, plan.id, rated=bool(rule.ratings))
    drawn = draw(rule, seed, [leg for leg, _ in found])
    given = deal(
        drawn.legs, _hear(work.session, plan, [leg.id for leg in drawn.legs]), _open_now(work.session)
    )
    told = {str(agent): dict(counts) for agent, counts in drawn.told.items()}
    row = QualityDraw(order=order.order, plan=plan.id, week=week, seed=seed, rule=rule.body(), told=told,
                      drawn=len(given), unheard=len(drawn.legs) - len(given), by=order.by, at=work.now)  # fmt: skip
    work.session.add(row)
    key, book = keep_sheet(work, sheet), newest_book(work.session, "quality")
    work.session.flush()
    about = {leg.id: call for leg, call in found}
    teams = _teams(work.session, {leg.agent for leg in drawn.legs})
    for leg in drawn.legs:
        if leg.id in given:
            call = about[leg.id]
            work.session.add(QualityReview(
                plan=plan.id, draw=row.order, recording=leg.id, contact=call.contact, agent=leg.agent,
                department=teams.get(leg.agent), week=week, call_at=call.at, seconds=leg.seconds, queue=leg.queue,
                inspector=given[leg.id], sheet=key, book=book, state=OPEN, made_at=work.now,
            ))  # fmt: skip
    work.session.flush()
    work.emit(SampleDrawn(at=work.now, plan=plan.id, week=week.isoformat(), drawn=row.drawn, by=order.by))
    return row


def seed_of(session: Session, plan: UUID, week: date) -> str:
    """The seed that a plan's draws of a week have; "" before the first."""
    first = select(QualityDraw.seed).where(QualityDraw.plan == plan, QualityDraw.week == week)
    return session.scalar(first.order_by(QualityDraw.at).limit(1)) or ""


def keep_sheet(work: UnitOfWork, sheet: Sheet) -> str:
    """Keep the sheet as it is now; its key."""
    key = sheet.key()
    if work.session.get(ScoreSheet, key) is None:
        work.session.add(ScoreSheet(key=key, code=sheet.code, body=sheet.body()))
    return key


class Call:
    """What a review keeps of its call: the contact, and when it was answered."""

    __slots__ = ("at", "contact")

    def __init__(self, contact: UUID, at: datetime) -> None:
        self.contact, self.at = contact, at


def legs_of(
    session: Session, week: date, zone: ZoneInfo, plan: UUID | None = None, *, rated: bool = True
) -> list[tuple[Leg, Call]]:
    """The legs of agents with a recording that were answered in a week; `rated`: with the citizens' ratings."""
    begin, end = span_of(week, zone)
    rows = session.execute(
        select(Recording.id, Recording.contact, Recording.call, Recording.seconds, LegRow.user,
               LegRow.answered_at, CallRow.queue, CallRow.purpose)
        .join(LegRow, (LegRow.node == Recording.node) & (LegRow.leg == Recording.leg))
        .join(CallRow, CallRow.id == LegRow.call)
        .where(
            # A call that entered the day before can have been answered in the week; this only narrows.
            CallRow.entered_at.between(begin - timedelta(days=1), end),
            LegRow.answered_at >= begin, LegRow.answered_at < end, LegRow.kind == "seat", LegRow.user.is_not(None),
            Recording.state == "kept",
        )
    ).all()  # fmt: skip
    ratings = ratings_of(session, {call: contact for _, contact, call, *_ in rows}) if rated else {}
    inspected = _inspected(session, week)
    found = []
    for id, contact, call, seconds, agent, at, queue, purpose in rows:
        assert agent is not None and at is not None
        plans = inspected.get(id, {})
        counts = plan in plans and plans[plan] != DROPPED
        rating = ratings.get((call, agent), ratings.get((call, None)))
        leg = Leg(id, agent, seconds, queue, purpose, rating, bool(plans), counts)
        found.append((leg, Call(contact, at)))
    return found


def ratings_of(session: Session, calls: Mapping[UUID, UUID]) -> dict[tuple[UUID, UUID | None], int]:
    """What citizens thought, by call and agent, of `calls` with their contacts; under agent None: of nobody by name.

    The rating of the talk is the agent's own. Besides: how they were received (return visit) if they said so, else
    of the case. 1 very satisfied … 5 very dissatisfied; of several the worst.
    """
    found: dict[tuple[UUID, UUID | None], int] = {}
    contacts: dict[UUID, int] = {}
    for some in _some(set(calls.values())):
        of_cases = select(Case.contact, func.max(Case.rating)).where(
            Case.contact.in_(some), Case.rating.is_not(None)
        )
        received = select(Visit.contact, func.max(Visit.reception)).where(
            Visit.contact.in_(some), Visit.reception.is_not(None)
        )
        for query in (of_cases.group_by(Case.contact), received.group_by(Visit.contact)):
            contacts |= {contact: rating for contact, rating in session.execute(query) if rating is not None}
    for some in _some(calls):
        talks = select(CallRating.call, CallRating.user, CallRating.score).where(CallRating.call.in_(some))
        found |= {(call, user): score for call, user, score in session.execute(talks)}
    return {(call, None): contacts[contact] for call, contact in calls.items() if contact in contacts} | found


def inspectors(session: Session) -> list[User]:
    """Everybody who may inspect calls and can come in, by name."""
    posts = [post for post in all_posts(session) if grants_of(session, post).get(REVIEW) == ALL]
    here = select(User).where(User.post.in_(posts), User.active, ~User.locked)
    return list(session.scalars(here.order_by(User.name, User.id)))


def hear(session: Session, who: UUID, recordings: Iterable[UUID]) -> set[UUID]:
    """Which of these recordings somebody may hear."""
    actor = active_actor(session, who)
    if actor is None:
        return set()
    mine, found = audible(session, actor), set()
    for some in _some(set(recordings)):
        found |= set(session.scalars(select(Recording.id).where(Recording.id.in_(some), mine)))
    return found


def _inspects(session: Session, id: UUID) -> bool:
    actor = active_actor(session, id)
    return actor is not None and may(actor, REVIEW)


def _hear(session: Session, plan: QualityPlan, drawn: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    ids = [UUID(text) for text in plan.inspectors]
    return {id: hear(session, id, drawn) for id in ids if _inspects(session, id)}


def _open_now(session: Session) -> dict[UUID, int]:
    query = select(QualityReview.inspector, func.count()).where(QualityReview.state == OPEN)
    return {id: count for id, count in session.execute(query.group_by(QualityReview.inspector))}


def _inspected(session: Session, week: date) -> dict[UUID, dict[UUID | None, str]]:
    """The states of what plans drew before of the week, by recording and plan."""
    found: dict[UUID, dict[UUID | None, str]] = {}
    query = select(QualityReview.recording, QualityReview.plan, QualityReview.state)
    for recording, plan, state in session.execute(
        query.where(QualityReview.week == week, QualityReview.plan.is_not(None))
    ):
        found.setdefault(recording, {})[plan] = state
    return found


def _teams(session: Session, agents: Collection[UUID]) -> dict[UUID, UUID | None]:
    query = select(User.id, User.department).where(User.id.in_(agents))
    return {id: department for id, department in session.execute(query)}


def _some(ids: Collection[UUID]) -> Iterable[list[UUID]]:
    all = list(ids)
    return (all[at : at + _AT_ONCE] for at in range(0, len(all), _AT_ONCE))


def _week(text: str) -> date:
    try:
        return week_of(date.fromisoformat(text[:10]))
    except ValueError as error:
        raise Refused("bad-field", "a day is written 2026-11-23", "week") from error
