"""The do-not-call list: one number however it is written, until its day; lifted with a reason; the gate by its rows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from schema.cases import Citizen
from schema.desk.donotcall import block_number, entries, gate, insist_on_gate, is_blocked, lift_number
from schema.desk.errors import Refused
from schema.desk.visitlists import to_visit
from schema.desk.visits import record_try, skip_visit, take_visit
from schema.ids import CaseId, uuid7
from schema.orders import BlockNumber, LiftNumber, RecordTry, SkipVisit, TakeVisit
from schema.outbound import DoNotCall
from schema.outbox import OutboxRow
from schema.rules.visits import VisitRules
from schema.store import Store
from schema.visits import VisitTry
from tests.schema.desk.casework import NUMBER, Office
from tests.schema.desk.test_visits import TEN, at, closed


@pytest.fixture(autouse=True)
def ten(desk: Office) -> None:
    desk.store.clock = lambda: TEN


def why(store: Store, purpose: str, number: str = NUMBER, reason: str = "") -> str:
    with store.read() as session:
        return gate(session, purpose, number, store.clock(), store.zone, reason)


def test_a_number_is_blocked_once_however_it_is_written_until_its_day_and_lifted_with_a_reason(
    desk: Office,
) -> None:
    order = BlockNumber(
        by=desk.agent, number=f"+86 {NUMBER}", reason="不要再打", until=TEN + timedelta(days=2)
    )
    for _ in range(2):
        with desk.store.work() as work:
            entry = block_number(work, order)
    assert entry.number == NUMBER
    assert (why(desk.store, "visit"), why(desk.store, "case")) == ("do-not-call", "give-reason")
    assert why(desk.store, "case", f"0086{NUMBER}", "市民要求回电") == ""
    with desk.store.read() as session:
        assert session.scalars(select(DoNotCall.id)).all() == [order.order]
        assert not is_blocked(session, NUMBER, TEN + timedelta(days=2))
        ((row,), more) = entries(session, TEN, number=f"0{NUMBER}")
        assert (row.by, row.row.reason, more) == ("name of agent", "不要再打", "")
        with pytest.raises(Refused) as bad:
            insist_on_gate(session, "closing", NUMBER, TEN, desk.store.zone)
        assert (bad.value.code, bad.value.field) == ("wrong-state", "do-not-call")
    lift = LiftNumber(by=desk.supervisor, entry=entry.id, reason="市民撤回")
    for who, code in ((desk.agent, "not-allowed"), (desk.supervisor, "")):
        with desk.store.work() as work:
            if code:
                with pytest.raises(Refused, match="right"):
                    lift_number(work, LiftNumber(by=who, entry=entry.id, reason="x"))
            else:
                lift_number(work, lift)
    with desk.store.work() as work:
        assert lift_number(work, lift).lifted_at == TEN
        with pytest.raises(Refused, match="already"):
            lift_number(work, LiftNumber(by=desk.supervisor, entry=entry.id, reason="again"))
    assert why(desk.store, "visit") == ""
    with desk.store.read() as session:
        assert entries(session, TEN) == ([], "") and len(entries(session, TEN, over=True)[0]) == 1
        names = select(OutboxRow.name).where(OutboxRow.name.like("Number%")).order_by(OutboxRow.id)
        assert session.scalars(names).all() == ["NumberBlocked", "NumberLifted"]


def test_an_entry_says_a_number_a_reason_and_a_day_to_come(desk: Office) -> None:
    with desk.store.work() as work, pytest.raises(Refused) as bad:
        block_number(work, BlockNumber(by=desk.agent, number="anonymous", reason=" ", until=TEN))
    assert set(bad.value.fields) == {"number", "reason", "until"}
    with desk.store.work() as work, pytest.raises(Refused, match="no such entry"):
        lift_number(work, LiftNumber(by=desk.supervisor, entry=uuid7(), reason="x"))


def test_planned_calls_keep_the_hours_and_nobody_calls_a_closed_case_s_blocked_citizen(desk: Office) -> None:
    night = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    with at(desk.store, night):
        assert why(desk.store, "visit") == why(desk.store, "automatic") == "out-of-hours"
        assert why(desk.store, "closing") == why(desk.store, "case") == ""
    with desk.store.work() as work:
        block_number(work, BlockNumber(by=desk.agent, number=NUMBER, reason="不要再打"))
    before = len(desk.said())
    case = desk.case("closed")
    assert "CallCitizen" not in [row.name for row in desk.said()[before:]]
    with at(desk.store, TEN + timedelta(days=2)), desk.store.read() as session:
        assert to_visit(session, VisitRules(), desk.store.clock(), None, 9) == []
    other = desk.case("closed", number="13900000009")
    with at(desk.store, TEN + timedelta(days=2)), desk.store.read() as session:
        assert [one.id for one in to_visit(session, VisitRules(), desk.store.clock(), None, 9)] == [other.id]
    assert case.id != other.id


def test_who_says_so_during_a_visit_is_on_the_list_and_a_wrong_number_is_remembered(desk: Office) -> None:
    one, two = closed(desk), closed(desk, number="13900000008")
    for case, result, block in ((one, "declined", True), (two, "wrong-number", False)):
        with desk.store.work() as work:
            visit = take_visit(work, TakeVisit(by=desk.agent, case=CaseId(case.id)))
        tried = RecordTry(by=desk.agent, visit=visit.id, result=result, block=block)
        for _ in range(2):
            with desk.store.work() as work:
                record_try(work, tried)
    with desk.store.read() as session:
        (entry,) = session.scalars(select(DoNotCall)).all()
        assert (entry.number, entry.by, entry.visit is not None) == (NUMBER, desk.agent, True)
        wrong = select(Citizen.number).where(Citizen.wrong_at == TEN)
        assert session.scalars(wrong).all() == ["13900000008"]
    # What was asked from the wrong number before is not called about; what is asked from it later is.
    with at(desk.store, TEN - timedelta(days=1)):
        desk.case("closed", number="13900000008")
    later = desk.case("closed", number="13900000008")
    with at(desk.store, TEN + timedelta(days=2)), desk.store.read() as session:
        due = [row.id for row in to_visit(session, VisitRules(), desk.store.clock(), None, 9)]
    assert due == [later.id]


def test_a_visit_that_is_skipped_comes_again_in_an_hour_and_counts_no_try(desk: Office) -> None:
    case = closed(desk)
    with desk.store.work() as work:
        visit = take_visit(work, TakeVisit(by=desk.agent))
    skip = SkipVisit(by=desk.agent, visit=visit.id, reason="later")
    for _ in range(2):
        with desk.store.work() as work:
            found = skip_visit(work, skip)
    assert (found.case, found.tries, found.next_at) == (case.id, 0, TEN + timedelta(hours=1))
    with desk.store.read() as session:
        (row,) = session.scalars(select(VisitTry)).all()
    assert (row.result, row.ended, row.text, row.order) == ("skipped", "", "later", skip.order)
    with desk.store.work() as work, pytest.raises(Refused) as bad:
        skip_visit(work, SkipVisit(by=desk.agent, visit=visit.id, reason=" "))
    assert bad.value.field == "reason"
