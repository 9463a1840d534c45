"""The assessment: each score from its counts, points given once and by those who may, and who may see whose."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError, InternalError

from schema.assessment import GivenPoints
from schema.defaults import default_body
from schema.desk.assessing import Score, asked, assess, assessed, give_points, one_assessed
from schema.desk.cases import dispatch_case
from schema.desk.errors import Refused
from schema.desk.rulebooks import assessment
from schema.desk.rulechanges import change_rulebook
from schema.ids import CaseId, uuid7
from schema.orders import ChangeRulebook, DispatchCase, GivePoints
from schema.people import User
from schema.rules.access import NOBODY
from schema.rules.assessment import PERSON, UNIT
from schema.rules.periods import read_period
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
NOVEMBER = read_period("2026-11")


def closed(desk: Office, failures: int = 0) -> None:
    """A case that the unit handled, and that was checked and closed."""
    case = CaseId(desk.case().id)
    carry(desk, dispatch_case, DispatchCase(by=desk.agent, case=case, department=desk.unit))
    for what in ("sign", *("handle", "fail") * failures, "handle", "pass", "close"):
        do(desk, what, case)


def scores(desk: Office, about: str = UNIT, who: UUID | None = None) -> dict[UUID, Score]:
    with desk.store.read() as session:
        book = assessment(session)
        whom = assessed(session, session.get_one(User, who or desk.supervisor), about)
        ask = asked(session, desk.store.zone, NOVEMBER, about, desk.store.clock(), book)
        return {score.whom.id: score for score in assess(ask, book, NOVEMBER, whom)}


def change(desk: Office, **parts: Any) -> None:
    with desk.store.work() as work:
        body = json.dumps(default_body("assessment") | parts)
        change_rulebook(work, ChangeRulebook(by=desk.admin, name="assessment", body=body, version=0))


def giving(desk: Office, **changes: Any) -> GivePoints:
    order = GivePoints(
        by=desk.leader, kind=UNIT, about=desk.unit, period="2026-11", item="cooperation", points=4
    )
    return replace(order, **changes)


def give(desk: Office, **changes: Any) -> GivenPoints:
    with desk.store.work() as work:
        return give_points(work, giving(desk, **changes))


@pytest.fixture(autouse=True)
def stands(desk: Office) -> None:
    desk.store.clock = lambda: NOW


def test_a_score_says_what_went_into_it(desk: Office) -> None:
    closed(desk)
    closed(desk, failures=1)
    score = scores(desk)[desk.unit]
    told = {result.item.code: result for result in score.results}
    rework = told["rework"]
    assert rework.counts == {"failed": 1, "checked": 3} and rework.value == pytest.approx(1 / 3)
    assert rework.points == pytest.approx(10) and rework.formula is not None
    assert told["closed-in-time"].points == 30 and told["closed-in-time"].counts == {
        "closed_in_time": 2,
        "due": 2,
    }
    # Nothing to count and nothing given: in neither the sum nor what it is out of.
    assert [code for code, result in told.items() if result.points is None] == [
        "orders-answered", "satisfied", "cooperation",
    ]  # fmt: skip
    assert (score.points, score.out_of) == (pytest.approx(70), 75)
    assert score.percent == 93.3 and score.grade is not None and score.grade.code == "A"
    idle = scores(desk)[desk.other]
    assert idle.percent is None and idle.grade is None and idle.out_of == 0


def test_persons_have_the_items_of_their_post(desk: Office) -> None:
    closed(desk)
    found = scores(desk, PERSON)
    codes = {result.item.code for result in found[desk.agent].results}
    assert codes == {"filed-in-time", "filed-right", "dispatched-right", "dispatched-soon", "attitude"}
    assert found[desk.agent].percent == 100
    assert {result.item.code for result in found[desk.worker].results} >= {"tasks-done", "work-rework"}
    assert not {desk.leader, desk.admin, desk.department} & set(found)


def test_points_count_from_the_newest_and_the_older_stay(desk: Office) -> None:
    give(desk, points=2.0, remark="开会常缺席")
    give(desk, points=4.5)
    result = next(one for one in scores(desk)[desk.unit].results if one.item.code == "cooperation")
    assert result.points == 4.5 and [row.points for row in result.given] == [4.5, 2.0]
    assert result.given[1].remark == "开会常缺席"
    assert [row.name for row in desk.said()] == ["PointsGiven"] * 2


def test_the_same_order_again_changes_nothing(desk: Office) -> None:
    order = uuid7()
    first, again = give(desk, order=order), give(desk, order=order, points=1.0)
    assert first.id == again.id and again.points == 4 and len(desk.said()) == 1


def test_the_database_itself_keeps_what_was_given(desk: Office) -> None:
    give(desk)
    for what in (update(GivenPoints).values(points=1), delete(GivenPoints)):
        with pytest.raises((IntegrityError, InternalError)), desk.store.work() as work:
            work.session.execute(what)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"points": 5.5}, "bad-field", "points"),
        ({"points": -1}, "bad-field", "points"),
        ({"points": float("nan")}, "bad-field", "points"),
        ({"item": "rework"}, "bad-field", "item"),
        ({"item": "attitude"}, "bad-field", "item"),
        ({"period": "2026-13"}, "bad-field", "period"),
        ({"period": "2026-12"}, "bad-field", "period"),
        ({"remark": "x" * 301}, "bad-field", "remark"),
        ({"about": uuid7()}, "not-found", None),
        ({"kind": "city"}, "not-found", None),
        ({"kind": PERSON}, "not-found", None),
    ],
)
def test_points_that_cannot_be_are_refused(
    desk: Office, changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as found:
        give(desk, **changes)
    assert found.value.code == code and set(found.value.fields or {}) == ({field} if field else set())
    assert desk.said() == []


def test_only_those_who_may_give_points_and_nobody_to_themselves(desk: Office) -> None:
    for post in ("agent", "expert", "worker", "clerk", "admin", "department"):
        with pytest.raises(Refused) as found:
            give(desk, by=getattr(desk, post))
        assert found.value.code == "not-allowed", post
    own = {"kind": PERSON, "about": desk.supervisor, "item": "attitude"}
    with pytest.raises(Refused) as found:
        give(desk, by=desk.supervisor, **own)
    assert found.value.code == "not-allowed"
    assert give(desk, by=desk.leader, **own).points == 4


def test_a_department_sees_itself_and_those_below_it(desk: Office) -> None:
    with desk.store.work() as work:
        work.session.get_one(User, desk.worker).department = desk.section
        work.session.get_one(User, desk.worker2).department = desk.other
    assert set(scores(desk, UNIT, desk.department)) == {desk.unit, desk.section}
    assert set(scores(desk, PERSON, desk.department)) == {desk.worker}
    assert set(scores(desk, UNIT, desk.leader)) == {desk.unit, desk.section, desk.other}
    assert scores(desk, UNIT, desk.agent) == scores(desk, PERSON, desk.clerk) == {}


def test_everybody_sees_their_own_and_nobody_elses(desk: Office) -> None:
    with desk.store.read() as session:
        agent = session.get_one(User, desk.agent)
        assert one_assessed(session, agent, PERSON, desk.agent).id == desk.agent
        for about, id in ((PERSON, desk.clerk), (UNIT, desk.unit)):
            with pytest.raises(Refused) as found:
                one_assessed(session, agent, about, id)
            assert found.value.code == "not-allowed"
        with pytest.raises(Refused):
            one_assessed(session, NOBODY, PERSON, desk.agent)


def test_the_book_says_which_formula_is_wrong_before_it_counts(desk: Office) -> None:
    items = [dict(row) for row in default_body("assessment")["items"]]
    items[0]["formula"], items[2]["formula"], items[8]["formula"] = (
        "closed / sue",
        "due +",
        "closed_in_time / due",
    )
    with pytest.raises(Refused) as found:
        change(desk, items=items)
    assert found.value.fields == {
        "items.1.formula": "unknown: sue", "items.3.formula": "syntax: due +",
        "items.9.formula": "unknown: closed_in_time",
    }  # fmt: skip


def test_a_changed_book_counts_at_once_and_points_are_no_more_than_it_allows(desk: Office) -> None:
    closed(desk)
    give(desk, points=5)
    items = [
        {
            "code": "closed",
            "names": {"zh": "结案"},
            "about": UNIT,
            "most": 60,
            "formula": "min(1, closed / 2)",
        },
        {"code": "cooperation", "names": {"zh": "配合"}, "about": UNIT, "most": 3},
        {"code": "big", "names": {"zh": "大"}, "about": UNIT, "most": 3, "formula": "closed * " + "9" * 180},
    ]
    change(desk, items=items)
    score = scores(desk)[desk.unit]
    assert [result.points for result in score.results] == [30, 3, 3]
    assert scores(desk, PERSON) == {}


def test_points_given_after_a_period_began_are_for_it_alone(desk: Office) -> None:
    give(desk, period="2026-Q4")
    assert scores(desk)[desk.unit].percent is None
    with desk.store.read() as session:
        assert session.scalars(select(GivenPoints.period)).all() == ["2026-Q4"]
    desk.store.clock = lambda: NOW + timedelta(days=10)
    assert give(desk, period="2026-12").period == "2026-12"
