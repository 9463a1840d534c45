"""The assessment desk: how units or persons did in a period, each score with the counts it comes of; points by people.

A formula's counts are worked out once for everybody who is asked about; what a reader may open of the cases behind one
is for `schema.desk.counts.listed`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.assessment import GivenPoints
from schema.desk import counts
from schema.desk.counts import Asked
from schema.desk.errors import Refused, bad_fields
from schema.desk.filing import LOCK_BITS
from schema.desk.formulas import BadFormula, Formula, read_formula
from schema.desk.moves import allow, check_texts
from schema.desk.rulebooks import assessment
from schema.desk.scope import Who, actor_of, known
from schema.facts import PointsGiven
from schema.orders import GivePoints
from schema.people import Department, User
from schema.rules.access import ALL, ASSESS, Actor, Subject, may, refusal
from schema.rules.assessment import ABOUT, UNIT, Book, Grade, Item, add_up, percent
from schema.rules.periods import BadPeriod, Period, read_period
from schema.store import UnitOfWork, alone

GIVE = "assessment.give"


@dataclass(frozen=True, slots=True)
class Assessed:
    """A unit or a person that is assessed. `post` is "" of a unit, `department` a unit's own id."""

    id: UUID
    name: str
    post: str = ""
    department: UUID | None = None

    @property
    def subject(self) -> Subject:
        """As the rules of access see them."""
        return Subject(self.department, self.id if self.post else None)


@dataclass(frozen=True, slots=True)
class Result:
    """An item with what went into it. `value` None: nothing to count, or no points given; `fault` says what else.

    `counts` are those of the formula; `given` the points that people gave, the newest first.
    """

    item: Item
    value: float | None = None
    points: float | None = None
    formula: Formula | None = None
    counts: Mapping[str, int] | None = None
    given: Sequence[GivenPoints] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Everything about one: the items in the book's order, and what they come to (`percent` None: nothing yet)."""

    whom: Assessed
    results: Sequence[Result]
    points: float
    out_of: float
    percent: float | None
    grade: Grade | None


def assessed(session: Session, who: Who, about: str, right: str = ASSESS) -> list[Assessed]:
    """The units or persons that somebody may see (or has another right over), those with items in the book, by name."""
    actor = known(session, who)
    book = assessment(session)
    found: Iterable[Assessed]
    if about == UNIT:
        rows = select(Department).where(Department.closed_at.is_(None)).order_by(Department.code)
        found = (Assessed(row.id, row.name, "", row.id) for row in session.scalars(rows))
    else:
        people = select(User).where(User.active).order_by(User.name, User.id)
        found = (Assessed(row.id, row.name, row.post, row.department) for row in session.scalars(people))
    return [one for one in found if book.of(about, one.post) and may(actor, right, one.subject)]


def one_assessed(session: Session, who: Who, about: str, id: UUID, right: str = ASSESS) -> Assessed:
    """One of them; oneself everybody may see. Raises Refused: not-found, not-allowed."""
    actor = known(session, who)
    unit = session.get(Department, id) if about == UNIT else None
    user = session.get(User, id) if about != UNIT and about in ABOUT else None
    if unit is None and user is None:
        raise Refused("not-found", f"there is nobody {id} to assess")
    found = (
        Assessed(unit.id, unit.name, "", unit.id) if unit else Assessed(id, user.name, user.post, user.department)
        if user else Assessed(id, "")
    )  # fmt: skip
    own = right == ASSESS and user is not None and user.id == actor.user
    if not own and (why := refusal(actor, right, found.subject)):
        raise Refused("not-allowed", why)
    return found


def asked(session: Session, zone: ZoneInfo, period: Period, about: str, now: datetime, book: Book) -> Asked:
    """What counts are asked for."""
    begin, end = period.span(zone)
    return Asked(session, about, begin, end, now, book.within)


def assess(ask: Asked, book: Book, period: Period, whom: Sequence[Assessed]) -> list[Score]:
    """How each of them did."""
    ids = {one.id for one in whom}
    wanted = {item.code: item for one in whom for item in book.of(ask.about, one.post)}
    formulas = {code: _formula(item, ask.about) for code, item in wanted.items() if not item.judged}
    names = {name for made in formulas.values() if isinstance(made, Formula) for name in made.names}
    numbers = {name: counts.numbers(ask, name, ids) for name in sorted(names)}
    given = _given(ask.session, period, ask.about, ids)
    found = []
    for one in whom:
        results = []
        for item in book.of(ask.about, one.post):
            if item.judged:
                rows = given.get((one.id, item.code), ())
                points = min(rows[0].points, item.most) if rows else None
                results.append(Result(item, points, points, given=rows))
            else:
                results.append(
                    result_of(item, formulas[item.code], {n: numbers[n].get(one.id, 0) for n in names})
                )
        points, out_of = add_up((result.item, result.points) for result in results)
        share = percent(points, out_of)
        found.append(
            Score(one, results, points, out_of, share, book.grade(share) if share is not None else None)
        )
    return found


def result_of(item: Item, formula: Formula | BadFormula, numbers: Mapping[str, int]) -> Result:
    """An item worked out with the counts there are."""
    if isinstance(formula, BadFormula):
        return Result(item, fault=str(formula))
    own = {name: numbers[name] for name in formula.names}
    try:
        value = formula.value(own)
    except BadFormula as error:
        return Result(item, formula=formula, counts=own, fault=str(error))
    return Result(item, value, None if value is None else item.points(value), formula, own)


def give_points(work: UnitOfWork, order: GivePoints) -> GivenPoints:
    """Give points for an item that people judge; the newest count and the older ones stay.

    Nobody gives points to themselves. The same order again changes nothing. Raises Refused: not-found, not-allowed,
    bad-field.
    """
    alone(work.session, order.order.int & LOCK_BITS)
    done = work.session.scalar(select(GivenPoints).where(GivenPoints.order == order.order))
    if done is not None:
        return done
    allow(work, order.by, GIVE)
    user = work.session.get(User, order.by) if order.by is not None else None
    actor = actor_of(work.session, user) if user is not None else Actor("", {GIVE: ALL})
    whom = one_assessed(work.session, actor, order.kind, order.about, GIVE)
    if order.about == order.by:
        raise Refused("not-allowed", "nobody gives points to themselves")
    items = {item.code: item for item in assessment(work.session).of(order.kind, whom.post) if item.judged}
    wrong = check_texts({"remark": (order.remark, 0, 300)})
    item = items.get(order.item)
    if item is None:
        wrong["item"] = "there is no such item that people give points for"
    elif not 0 <= order.points <= item.most:
        wrong["points"] = f"points are from 0 to {item.most:g}"
    try:
        period = read_period(order.period)
        if period.span(work.zone)[0] > work.now:
            wrong["period"] = "this has not begun"
    except BadPeriod as error:
        wrong["period"] = str(error)
    if wrong:
        raise bad_fields(wrong)
    row = GivenPoints(order=order.order, kind=order.kind, about=order.about, period=period.key, item=order.item,
                      points=round(order.points, 2), remark=order.remark.strip(), by=order.by, at=work.now)  # fmt: skip
    work.session.add(row)
    work.session.flush()
    work.emit(PointsGiven(at=work.now, kind=row.kind, about=row.about, period=row.period, item=row.item,
                          points=row.points, by=row.by))  # fmt: skip
    return row


def _formula(item: Item, about: str) -> Formula | BadFormula:
    try:
        return read_formula(item.formula, counts.names(about))
    except BadFormula as error:
        return error


def _given(
    session: Session, period: Period, kind: str, ids: Collection[UUID]
) -> dict[tuple[UUID, str], list[GivenPoints]]:
    rows = select(GivenPoints).where(
        GivenPoints.period == period.key, GivenPoints.kind == kind, GivenPoints.about.in_(ids)
    )
    found: dict[tuple[UUID, str], list[GivenPoints]] = {}
    for row in session.scalars(rows.order_by(GivenPoints.id.desc())):
        found.setdefault((row.about, row.item), []).append(row)
    return found
