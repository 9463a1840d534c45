"""Plans of samples: drawn reproducibly, dealt evenly to those who may hear the call, and every call accounted for."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from schema.calls import CallRating
from schema.cases import Case
from schema.desk.errors import Refused
from schema.desk.qualityplans import draw_sample, inspectors, save_plan
from schema.ids import uuid7
from schema.orders import DrawSample, SavePlan
from schema.people import Post, User
from schema.quality import QualityDraw, QualityPlan, QualityReview
from schema.recordings import Recording
from schema.rules.sampling import Rule
from tests.schema.desk.casework import Office
from tests.schema.desk.qualityrows import NOW, WEEK, drawn, planned, recorded

RIGHTS = dict.fromkeys(("quality.review", "quality.plan", "recording.play", "case.read"), "all")
"""A supervisor's without that over confidential cases."""


@pytest.fixture(autouse=True)
def stands(desk: Office) -> None:
    desk.store.clock = lambda: NOW


def reviews(desk: Office) -> list[QualityReview]:
    with desk.store.read() as session:
        return list(session.scalars(select(QualityReview).order_by(QualityReview.id)))


def second_boss(desk: Office) -> UUID:
    with desk.store.work() as work:
        user = User(login="boss2", name="第二班长", post="supervisor", password="!")
        work.session.add(user)
    return user.id


def test_a_draw_makes_reviews_and_says_why_the_other_calls_are_not_among_them(desk: Office) -> None:
    recorded(desk.store, desk.agent, 5)
    recorded(desk.store, desk.agent, 2, seconds=10)
    plan = planned(desk.store, desk.supervisor, rule=Rule(each=2, least=30))
    row = drawn(desk.store, desk.supervisor, plan.id, seed="s1")
    assert (row.drawn, row.unheard, row.seed, row.week.isoformat()) == (2, 0, "s1", WEEK)
    assert row.told == {str(desk.agent): {"all": 7, "drawn": 2, "short": 2, "over": 3}}
    found = reviews(desk)
    assert {(one.agent, one.inspector, one.state) for one in found} == {(desk.agent, desk.supervisor, "open")}
    assert all(one.week.isoformat() == WEEK and one.seconds == 90 for one in found)
    again = drawn(desk.store, desk.supervisor, plan.id)
    assert (again.seed, again.drawn, again.told[str(desk.agent)]["taken"]) == ("s1", 0, 2), (
        "nothing is lacking"
    )
    assert [one.name for one in desk.said()] == ["SampleDrawn"] * 2


def test_the_same_order_again_draws_nothing_more_and_another_plan_takes_other_calls(desk: Office) -> None:
    recorded(desk.store, desk.agent, 4)
    plan, order = planned(desk.store, desk.supervisor), uuid7()
    first = drawn(desk.store, desk.supervisor, plan.id, order=order)
    again = drawn(desk.store, desk.supervisor, plan.id, order=order, seed="other")
    assert first.order == again.order and first.seed == again.seed and len(reviews(desk)) == 2
    drawn(desk.store, desk.supervisor, planned(desk.store, desk.supervisor).id)
    assert len({one.recording for one in reviews(desk)}) == 4


def test_calls_are_dealt_evenly_and_only_to_those_who_may_hear_them(desk: Office) -> None:
    other = second_boss(desk)
    case = desk.case()
    recorded(desk.store, desk.agent, 3)
    (secret,) = recorded(desk.store, desk.agent, contact=case.contact)
    own = recorded(desk.store, other, 2)
    with desk.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
    plan = planned(desk.store, desk.supervisor, desk.supervisor, other, rule=Rule(each=9))
    with desk.store.work() as work:
        work.session.add(Post(name="supervisor", grants=RIGHTS, set_at=NOW))
    row = drawn(desk.store, desk.supervisor, plan.id)
    assert (row.drawn, row.unheard) == (5, 1)
    found = {one.recording: one.inspector for one in reviews(desk)}
    assert secret not in found and {found[one] for one in own} == {desk.supervisor}, (
        "nobody inspects themselves"
    )
    assert sorted(list(found.values()).count(one) for one in (desk.supervisor, other)) == [2, 3]


def test_the_citizens_rating_is_asked(desk: Office) -> None:
    bad, fine = desk.case("closed"), desk.case("closed")
    (wanted,) = recorded(desk.store, desk.agent, contact=bad.contact)
    recorded(desk.store, desk.agent, contact=fine.contact)
    recorded(desk.store, desk.agent)
    talk = recorded(desk.store, desk.agent, 2)
    with desk.store.work() as work:
        work.session.get_one(Case, bad.id).rating = 5
        work.session.get_one(Case, fine.id).rating = 1
        for id, score in zip(talk, (4, 2), strict=True):
            call = work.session.get_one(Recording, id).call
            work.session.add(CallRating(call=call, at=NOW, seat="101", user=desk.agent, queue="hotline", language="zh",
                                        score=score))  # fmt: skip
    plan = planned(desk.store, desk.supervisor, rule=Rule(each=9, ratings=(4, 5)))
    row = drawn(desk.store, desk.supervisor, plan.id)
    assert {one.recording for one in reviews(desk)} == {wanted, talk[0]}, "of the case, and of the talk"
    assert row.told[str(desk.agent)] == {"all": 5, "drawn": 2, "rating": 3}


def saving(desk: Office, **changes: Any) -> SavePlan:
    order: dict[str, Any] = {"by": desk.supervisor, "plan": uuid7(), "name": "每周", "sheet": "hotline",
                             "rule": json.dumps(Rule().body()), "inspectors": (desk.supervisor,)}  # fmt: skip
    return SavePlan(**order | changes)


def test_a_plan_is_written_once_changed_by_version_and_closed(desk: Office) -> None:
    order = saving(desk)
    with desk.store.work() as work:
        first = save_plan(work, order)
    with desk.store.work() as work:
        assert save_plan(work, order).version == first.version == 1
    with pytest.raises(Refused, match="has changed"), desk.store.work() as work:
        save_plan(work, saving(desk, plan=order.plan))
    with desk.store.work() as work:
        save_plan(work, saving(desk, plan=order.plan, version=1, open=False))
    with pytest.raises(Refused) as told:
        drawn(desk.store, desk.supervisor, order.plan)
    assert (told.value.code, told.value.field) == ("wrong-state", "plan-closed")
    with desk.store.read() as session:
        assert [one.id for one in inspectors(session)] == [desk.supervisor]
        assert session.scalars(select(QualityPlan.version)).all() == [2]


def test_what_is_refused_says_why(desk: Office) -> None:
    for change, field in (
        ({"name": ""}, "name"), ({"sheet": "none"}, "sheet"), ({"inspectors": ()}, "inspectors"),
        ({"inspectors": (desk.agent,)}, "inspectors"), ({"rule": '{"each": 0}'}, "each"), ({"rule": "["}, "body"),
        ({"by": desk.agent}, ""),
    ):  # fmt: skip
        with pytest.raises(Refused) as told, desk.store.work() as work:
            save_plan(work, saving(desk, **change))
        assert told.value.field == field, change
        assert told.value.code == ("bad-field" if field else "not-allowed")
    plan = planned(desk.store, desk.supervisor)
    for change, field in (({"week": "2026-12-07"}, "week-begins"), ({"week": "x"}, "week"), ({"seed": "a b"}, "seed"),
                          ({"plan": uuid7()}, ""), ({"by": desk.agent}, "")):  # fmt: skip
        with pytest.raises(Refused) as told, desk.store.work() as work:
            draw_sample(work, DrawSample(**{"by": desk.supervisor, "plan": plan.id, "week": WEEK} | change))
        assert told.value.field == field, change
    with desk.store.read() as session:
        assert session.scalars(select(QualityDraw)).all() == []


def test_somebody_who_left_gets_no_calls(desk: Office) -> None:
    other = second_boss(desk)
    recorded(desk.store, desk.agent, 4)
    plan = planned(desk.store, desk.supervisor, desk.supervisor, other, rule=Rule(each=4))
    with desk.store.work() as work:
        work.session.execute(update(User).where(User.id == other).values(active=False))
    drawn(desk.store, desk.supervisor, plan.id)
    assert {one.inspector for one in reviews(desk)} == {desk.supervisor}
