"""Words among cases: whatever the pace, the same cases in the same order, and no more looked at than is needed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from schema.cases import Case
from schema.desk import casesearch
from schema.desk.casecount import Count, count
from schema.desk.caselist import Wanted, page, walk
from schema.rules import searchpace
from schema.rules.searchwords import read_query
from tests.schema.desk.casework import Office

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
PACES = (
    {},
    {"FIRST": 1},
    {"FIRST": 8, "MOST": 3, "SHORTEST": timedelta(days=2)},
    {"FIRST": 2, "BY_WEEKS": timedelta(seconds=1)},
    {"FIRST": 100, "AT_ONCE": 1, "BY_WEEKS": timedelta(days=3_000)},
)
"""Settings of the desk and the rule; the last are far from what any site has."""


def test_whatever_the_pace_the_same_cases_are_found_in_the_same_order(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = []
    for days in (0, 0, 1, 20, 20, 20, 300, 300.01, 301, 640):
        desk.store.clock = lambda days=days: NOW + timedelta(days=days)
        cases.append(desk.case())
        desk.case(title="停水", text="没水")
    now = desk.store.clock()
    hidden = cases.pop(4)
    cases.sort(key=lambda case: (case.made_at, case.id))
    for pace in PACES:
        with monkeypatch.context() as patched:
            for name, value in pace.items():
                for module in (casesearch, searchpace):
                    if hasattr(module, name):
                        patched.setattr(module, name, value)
            for newest_first in (True, False):
                seen = [case.case_no for case in (cases[::-1] if newest_first else cases)]
                wanted = Wanted(
                    words=read_query("路灯 -停水"), may_see=Case.id != hidden.id, newest_first=newest_first
                )
                with desk.store.read() as session:
                    walked = [case.case_no for rows in walk(session, wanted, now, 4) for case in rows]
                    second = page(session, wanted, now, page(session, wanted, now, limit=3).after, 3)
                    back = page(session, wanted, now, second.before, 3)
                    assert walked == seen, pace
                    assert [case.case_no for case in second.rows] == seen[3:6], pace
                    assert [case.case_no for case in back.rows] == seen[:3], pace
                    assert count(session, wanted, now, 10, 60) == Count(len(cases))
                    assert count(session, wanted, now, 3, 60) == Count(4)
                    assert page(session, Wanted(words=read_query("麒麟")), now).rows == []


def test_a_common_word_among_few_that_are_chosen_is_looked_for_in_each(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casesearch, "FIRST", 3)
    monkeypatch.setattr(searchpace, "ENOUGH", 1)
    callers = ("13800000001", "13800000002")
    cases = []
    for turn in range(12):
        # The oldest is of before the weeks are counted.
        desk.store.clock = lambda turn=turn: NOW + timedelta(days=turn * turn if turn != 1 else -10_000)
        cases.append(desk.case(number=callers[0 if turn % 4 == 1 else 1]))
        desk.case(number=callers[0], title="停水", text="没水")
    now = desk.store.clock()
    for newest_first in (True, False):
        cases.sort(key=lambda case: case.made_at, reverse=newest_first)
        seen = [case.case_no for case in cases if case.number == callers[0]]
        for words in ("路灯", "路灯 -停水"):
            wanted = Wanted(words=read_query(words), number=callers[0], newest_first=newest_first)
            with desk.store.read() as session:
                assert [case.case_no for rows in walk(session, wanted, now, 2) for case in rows] == seen
                assert [case.case_no for case in page(session, wanted, now).rows] == seen
                assert count(session, wanted, now, 10, 60) == Count(3)


def test_bounds_of_the_time_taken_in_are_kept_whatever_weeks_are_looked_at(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searchpace, "BY_WEEKS", timedelta(seconds=1))
    monkeypatch.setattr(casesearch, "BY_WEEKS", timedelta(seconds=1))
    cases = []
    for hours in range(6):
        desk.store.clock = lambda hours=hours: NOW + timedelta(hours=hours)
        cases.append(desk.case())
    wanted = Wanted(words=read_query("路灯"), made=(cases[1].made_at, cases[4].made_at))
    with desk.store.read() as session:
        found = page(session, wanted, desk.store.clock()).rows
        assert [case.id for case in found] == [case.id for case in cases[3:0:-1]]
        assert count(session, wanted, desk.store.clock()) == Count(3)


def test_a_common_word_is_looked_for_in_the_newest_time_only(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casesearch, "FIRST", 3)
    for days in (0, 700, 700, 700):
        desk.store.clock = lambda days=days: NOW + timedelta(days=days)
        desk.case()
    asked: list[str] = []
    event.listen(desk.store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with desk.store.read() as session:
        wanted = Wanted(words=read_query("路灯"))
        assert len(page(session, wanted, desk.store.clock(), limit=2).rows) == 2
        few = sum("case_words" in one for one in asked)
        asked.clear()
        assert len(page(session, wanted, desk.store.clock(), limit=3).rows) == 3
    assert few < sum("case_words" in one for one in asked)
