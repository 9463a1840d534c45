"""Rows that are only written: all or none, in their order, as the session's own would be; on both databases alike."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from schema.asking import ask
from schema.base import table_of
from schema.cases import Case, CaseStep
from schema.clocks import ClockRow, IntervalRow
from schema.ids import uuid7
from schema.outbox import BusCursor
from schema.places import GridCell
from schema.rows import RowSession
from schema.store import Store

CELL = "330106001001001"
NOW = datetime(2026, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
HARD = "ئۇ 'q' \"d\" \\ \\u0041 %s %(x)s :y {} \n\t👍\u2028"


@pytest.fixture
def town(store: Store) -> Store:
    with store.work() as work:
        work.session.add(GridCell(code=CELL, name="cell", ring=[[120.0, 30.0]]))
    return store


def case(**given: Any) -> Case:
    usual = {"id": uuid7(), "case_no": "S-1", "contact": uuid7(), "class_": "social", "kind": "complaint",
             "title": "t", "text": "…", "cell": CELL, "state": "filed", "made_at": NOW}  # fmt: skip
    return Case(**usual | given)


def step(session: RowSession, of: Case, **given: Any) -> None:
    usual = {"case": of.id, "contact": of.contact, "order": uuid7(), "hop": "h", "state": "filed", "at": NOW,
             "detail": {}}  # fmt: skip
    session.write(CaseStep, **usual | given)


def kept(store: Store, kind: type[Any]) -> list[Any]:
    with store.read() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def test_rows_go_in_after_what_they_point_to_and_in_their_order(town: Store) -> None:
    with town.work() as work:
        one, clock = case(), uuid7()
        for began in (True, False, True):
            work.session.write(IntervalRow, clock=clock, running=began, began_at=NOW)
        work.session.write(ClockRow, id=clock, case=one.id, number=1, units=5, unit="u", calendar="c",
                           calendar_version=0)  # fmt: skip
        for hop in ("c", "a", "b"):
            step(work.session, one, hop=hop)
        work.session.plant(one)
    assert [row.hop for row in kept(town, CaseStep)] == ["c", "a", "b"]
    assert [row.running for row in kept(town, IntervalRow)] == [True, False, True]
    (row,) = kept(town, ClockRow)
    assert (row.extra, row.policy, row.rungs, row.due_at) == (0, "", 0, None)


def test_every_value_comes_back_as_it_was(town: Store) -> None:
    one = case(text=HARD, lon=120.15500000000002, lat=-0.1, rating=0, confidential=True, due_at=NOW)
    detail = {"a": [1, None, True, {"ب": HARD}], "n": 0.1}
    with town.work() as work:
        work.session.plant(one)
        step(work.session, one, text=HARD, detail=detail, by=one.id)
    (case_,), (row,) = kept(town, Case), kept(town, CaseStep)
    assert (case_.text, case_.lon, case_.lat, case_.rating, case_.confidential, case_.due_at, case_.worker) == (
        HARD, 120.15500000000002, -0.1, 0, True, NOW, None,
    )  # fmt: skip
    assert (row.text, row.detail, row.by, row.at, row.worker) == (HARD, detail, one.id, NOW, None)


def test_a_planted_object_is_the_sessions_in_its_first_version(town: Store) -> None:
    with town.work() as work:
        one = case()
        work.session.plant(one)
        one.state = "closed"
        assert one.version == 1 and one.department is None
        work.session.flush()
        assert work.session.get(Case, one.id) is one
        one.state = "dispatched"
    assert [(row.state, row.version) for row in kept(town, Case)] == [("dispatched", 2)]


def test_a_question_sees_what_waits(town: Store) -> None:
    steps = table_of(CaseStep)
    hops = select(steps.c.hop).where(steps.c.case == bindparam("case"))
    with town.work() as work:
        one = case()
        work.session.plant(one)
        step(work.session, one, hop="x")
        assert ask(work.session, hops, case=one.id) == ("x",)
        step(work.session, one, hop="y")
        assert work.session.scalar(select(func.count()).select_from(CaseStep)) == 2


def test_what_a_savepoint_took_back_is_not_written(town: Store) -> None:
    with town.work() as work:
        one = case()
        work.session.plant(one)
        step(work.session, one, hop="before")
        with pytest.raises(ZeroDivisionError), work.session.begin_nested():
            work.session.plant(case(case_no="S-2"))
            step(work.session, one, hop="within")
            raise ZeroDivisionError
        with work.session.begin_nested():
            step(work.session, one, hop="after")
    assert [row.hop for row in kept(town, CaseStep)] == ["before", "after"]
    assert [row.case_no for row in kept(town, Case)] == ["S-1"]


def test_no_commit_leaves_out_rows_that_were_refused(town: Store) -> None:
    order = uuid7()
    with pytest.raises(DBAPIError), town.work() as work:
        one = case()
        work.session.add(BusCursor(group="g", seq=7))
        work.session.plant(one)
        for _ in range(2):
            step(work.session, one, order=order)
        with pytest.raises(IntegrityError):
            work.session.flush()
    with town.read() as session:
        assert session.get(BusCursor, "g") is None
    assert kept(town, Case) == kept(town, CaseStep) == []


def test_a_session_that_is_only_committed_writes_what_waits(town: Store) -> None:
    with RowSession(town.engine) as session:
        one = case()
        session.plant(one)
        step(session, one)
        session.commit()
    assert len(kept(town, CaseStep)) == 1


def test_what_the_table_does_not_take_is_refused(town: Store) -> None:
    with town.work() as work:
        one = case()
        with pytest.raises(TypeError, match="case_steps has no colour"):
            step(work.session, one, colour="red")
        with pytest.raises(ValueError, match="naive"):
            step(work.session, one, at=NOW.replace(tzinfo=None))
    with pytest.raises(IntegrityError), town.work() as work:
        work.session.plant(case(cell="1"))
    with pytest.raises(IntegrityError), town.work() as work:
        work.session.plant(case(title=None))
    if not town.is_sqlite:
        with pytest.raises(DBAPIError, match="too long"), town.work() as work:
            work.session.plant(case(case_no="S" * 25))
    assert kept(town, Case) == []
