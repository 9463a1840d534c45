"""Automatic return visits: begun within bounds and hours, once; what a call came to is one try of the visit."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from schema.calls import CallRow
from schema.cases import Case
from schema.desk import autocalls, orders
from schema.desk.campaigns import close_campaign, make_campaign
from schema.desk.donotcall import block_number
from schema.facts import VisitAnswered
from schema.ids import CallId, CaseId
from schema.orders import BlockNumber, CallCitizen, CloseCampaign, MakeCampaign
from schema.outbox import OutboxRow
from schema.visits import Visit, VisitTry
from tests.schema.desk.casework import Office
from tests.schema.desk.test_visits import TEN, closed


@pytest.fixture(autouse=True)
def ten(desk: Office) -> None:
    desk.store.clock = lambda: TEN


def campaign(desk: Office, cases: int, **changes: Any) -> UUID:
    for n in range(cases):
        closed(desk, number=f"1390000005{n}")
    about: dict[str, Any] = {"at_once": 2, "per_minute": 6, **changes}
    order = MakeCampaign(
        by=desk.supervisor, name="自动", first="2026-11-20", last="2026-11-24", seed="s", way="auto", **about
    )
    with desk.store.work() as work:
        return make_campaign(work, order).id


def later(desk: Office, **time: float) -> None:
    now = desk.store.clock() + timedelta(**time)
    desk.store.clock = lambda: now


def placed(desk: Office) -> list[OutboxRow]:
    return [row for row in desk.said() if row.name == "CallCitizen" and row.body.get("visit")]


def on_the_way(desk: Office) -> list[Visit]:
    with desk.store.read() as session:
        return list(session.scalars(select(Visit).where(Visit.calling.is_not(None)).order_by(Visit.id)))


def ended(desk: Office, call: UUID | None, cause: int, answered: bool = False) -> None:
    """The rows say that a call is over."""
    assert call is not None
    with desk.store.work() as work:
        at = work.now if answered else None
        work.session.add(
            CallRow(id=call, contact=call, node="pbx1", direction="out", cause=cause, answered_at=at,
                    entered_at=work.now, outcome="answered" if answered else "failed")
        )  # fmt: skip


def tries(desk: Office) -> list[VisitTry]:
    with desk.store.read() as session:
        return list(session.scalars(select(VisitTry).order_by(VisitTry.n)))


def test_calls_are_begun_within_the_bounds_and_the_hours_and_each_once(desk: Office) -> None:
    campaign(desk, 5, at_once=2, per_minute=3)
    night = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
    desk.store.clock = lambda: night
    assert autocalls.beat(desk.store) == 0
    desk.store.clock = lambda: TEN
    assert (autocalls.beat(desk.store), autocalls.beat(desk.store)) == (2, 0)
    first, second = on_the_way(desk)
    bodies = {UUID(row.body["visit"]): row for row in placed(desk)}
    assert {id: row.key for id, row in bodies.items()} == {first.id: first.calling, second.id: second.calling}
    ended(desk, first.calling, 17)
    ended(desk, second.calling, 1)
    assert autocalls.beat(desk.store) == 1, "three a minute"
    assert autocalls.beat(desk.store) == 0
    later(desk, minutes=2)
    assert autocalls.beat(desk.store) == 1
    with desk.store.read() as session:
        busy, wrong = session.get_one(Visit, first.id), session.get_one(Visit, second.id)
    assert (busy.tries, busy.ended, busy.next_at) == (1, "", TEN + timedelta(minutes=30))
    assert wrong.ended == "wrong-number"
    assert [(row.result, row.by) for row in tries(desk)] == [("busy", None), ("wrong-number", None)]


@pytest.mark.parametrize("solved", [True, False])
def test_answers_by_keys_are_the_row_that_an_agent_would_have_written_and_are_written_once(
    desk: Office, solved: bool
) -> None:
    campaign(desk, 1)
    autocalls.beat(desk.store)
    (visit,) = on_the_way(desk)
    assert visit.calling is not None
    fact = VisitAnswered(
        at=TEN, contact=None, call=CallId(visit.calling), node="pbx1", visit=visit.id, case=CaseId(visit.case),
        reception=1, department=4, solved=solved,
    )  # fmt: skip
    for _ in range(2):
        with desk.store.work() as work:
            autocalls.answer_visit(work, fact)
    ended(desk, visit.calling, 16, answered=True)
    autocalls.beat(desk.store)
    (row,) = tries(desk)
    assert (row.result, row.reception, row.department, row.solved, row.text) == (
        "reached", 1, 4, solved, "" if solved else "by-keys",
    )  # fmt: skip
    with desk.store.read() as session:
        case, found = session.get_one(Case, visit.case), session.get_one(Visit, visit.id)
    assert (case.state, case.rating) == (("rated", 4) if solved else ("filed", None))
    assert (found.ended, found.calling, found.agent) == ("reached", None, None)


def test_what_nobody_answered_by_keys_is_tried_again_and_a_call_that_was_lost_failed(desk: Office) -> None:
    campaign(desk, 3, at_once=3)
    assert autocalls.beat(desk.store) == 3
    machine, refused, lost = on_the_way(desk)
    ended(desk, machine.calling, 16, answered=True)
    with desk.store.work() as work:
        assert refused.calling is not None
        about = CallCitizen(order=refused.calling, number="1", language="zh", case=CaseId(refused.case))
        orders.begin(work, about)
        orders.progress(work, refused.calling, "failed", "the PBX placed no call")
    autocalls.beat(desk.store)
    assert {row.id for row in on_the_way(desk)} == {refused.id, lost.id}, "its records may come yet"
    later(desk, seconds=16)
    autocalls.beat(desk.store)
    assert [row.id for row in on_the_way(desk)] == [lost.id]
    later(desk, minutes=16)
    autocalls.beat(desk.store)
    assert {row.visit: row.result for row in tries(desk)} == {
        machine.id: "no-answer",
        refused.id: "failed",
        lost.id: "failed",
    }
    assert on_the_way(desk) == []


def test_who_is_on_the_list_since_is_not_called_and_a_closed_campaign_calls_nobody(desk: Office) -> None:
    id = campaign(desk, 3, at_once=1)
    with desk.store.work() as work:
        for n in (0, 1):
            block_number(work, BlockNumber(by=desk.agent, number=f"1390000005{n}", reason="x"))
    while autocalls.beat(desk.store) == 0:
        assert len(tries(desk)) < 3
    (visit,) = on_the_way(desk)
    assert all(row.result == "declined" for row in tries(desk))
    with desk.store.work() as work:
        assert close_campaign(work, CloseCampaign(by=desk.supervisor, campaign=id)).unfinished >= 1
    ended(desk, visit.calling, 19)
    later(desk, hours=4)
    assert autocalls.beat(desk.store) == 0
    with desk.store.read() as session:
        found = session.get_one(Visit, visit.id)
    assert (found.automatic, found.calling, found.campaign, found.tries) == (False, None, None, 1)
    assert len(placed(desk)) == 1
