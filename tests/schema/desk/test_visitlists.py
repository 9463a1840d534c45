"""The lists of return visits: the database picks what the rule says, and every list has a place to go on from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schema.cases import Case
from schema.desk import visitlists
from schema.desk.scope import actor_of
from schema.desk.visitlists import (
    count_to_visit,
    count_visits,
    find_visit,
    open_by_agent,
    to_visit,
    tries_of,
    visits,
)
from schema.desk.visits import record_try, take_visit
from schema.orders import RecordTry, TakeVisit
from schema.people import User
from schema.rules.access import NOBODY, Actor
from schema.rules.visits import Closed, VisitRules, is_due
from tests.schema.desk.casework import Office

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def test_the_database_picks_the_cases_that_the_rule_says(desk: Office) -> None:
    rules = replace(VisitRules(), classes=("government",), categories=("01", "0203"))
    for number, hours, class_ in [
        ("13900000002", 30, "government"), ("anonymous", 30, "government"), ("", 30, "government"),
        ("13900000003", 23, "government"), ("13900000004", 24 * 31, "government"), ("13900000005", 30, "social"),
        ("12", 30, "government"), ("+8613900000006", 24, "government"), ("13900000007", 24 * 30, "government"),
    ]:  # fmt: skip
        desk.store.clock = lambda hours=hours: NOW - timedelta(hours=hours)  # type: ignore[misc]
        desk.case("closed", number=number, class_=class_)
    with desk.store.work() as work:
        rows = work.session.query(Case).order_by(Case.made_at, Case.id).all()
        for row, code in zip(
            rows, ("0203", "01", "0203", "01", "02", "0102", "01", "0101", "0203"), strict=True
        ):
            row.category = code
    with desk.store.read() as session:
        cases = session.query(Case).all()
        for chosen in (VisitRules(), rules, replace(rules, categories=())):
            due = {
                row.id
                for row in cases
                if is_due(
                    chosen,
                    Closed(row.state, row.number, row.closed_at, row.class_, row.category, row.rating),
                    NOW,
                )
            }
            found = to_visit(session, chosen, NOW, None, 50)
            assert {row.id for row in found} == due and due
            assert [row.closed_at for row in found] == sorted(row.closed_at for row in found if row.closed_at)
            who = actor_of(session, session.get_one(User, desk.agent))
            assert count_to_visit(session, chosen, NOW, who) == len(due)


def test_a_list_goes_on_page_by_page_and_shows_to_whom_it_belongs(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitlists, "PER_PAGE", 2)
    desk.store.clock = lambda: NOW - timedelta(days=2)
    for _ in range(4):
        desk.case("closed")
    desk.store.clock = lambda: NOW
    had = []
    for place in range(4):
        with desk.store.work() as work:
            had.append(take_visit(work, TakeVisit(by=desk.agent)).id)
        if place:
            with desk.store.work() as work:
                record_try(
                    work, RecordTry(by=desk.agent, visit=had[-1], result="busy" if place == 3 else "declined")
                )
    with desk.store.read() as session:
        agent, boss = (actor_of(session, session.get_one(User, id)) for id in (desk.agent, desk.supervisor))

        def ids(name: str, who: object, everybody: bool = False) -> list[object]:
            user, found, place = who.user, [], ""  # type: ignore[attr-defined]
            while True:
                rows, place = visits(session, who, name, user, everybody, NOW, place)  # type: ignore[arg-type]
                found += [row.visit.id for row in rows]
                if not place:
                    assert len(found) == count_visits(session, who, name, user, everybody, NOW)  # type: ignore[arg-type]
                    return found

        assert ids("mine", agent) == had[:1] and ids("later", agent) == had[3:]
        assert ids("done", agent) == [had[2], had[1]] and ids("done", boss) == []
        assert ids("done", boss, True) == [had[2], had[1]]
        assert ids("open", boss, True) == [had[0], had[3]] and ids("open", agent) == []
        assert open_by_agent(session) == {desk.agent: 2}
        row = find_visit(session, agent, had[3])
        assert row is not None and row.agent == "name of agent"
        assert [(one.result, name) for one, name in tries_of(session, had[3])] == [("busy", "name of agent")]


def test_nobody_is_given_a_case_that_their_right_does_not_reach(desk: Office) -> None:
    desk.store.clock = lambda: NOW - timedelta(days=2)
    ours, theirs = desk.case("closed"), desk.case("closed")
    with desk.store.work() as work:
        work.session.get_one(Case, ours.id).department = desk.unit
        work.session.get_one(Case, theirs.id).department = desk.other
    somebody = Actor("unit", {"case.read": "all", "case.visit": "department"}, desk.department, desk.unit,
                     frozenset({desk.unit}))  # fmt: skip
    with desk.store.read() as session:
        assert [row.id for row in to_visit(session, VisitRules(), NOW, somebody, 5)] == [ours.id]
        assert to_visit(session, VisitRules(), NOW, NOBODY, 5) == []
