"""Lists of cases as the desk reads them; the pages of tests/backoffice/test_caselist.py show the rest."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schema.cases import Case
from schema.desk import caselist
from schema.desk.casecount import Count, count
from schema.desk.caselist import Wanted, light_of_row, page, walk
from schema.desk.clocks import catch_up, light_of
from schema.rules.lifecycle import STATES
from schema.rules.lights import COLOURS
from schema.rules.searchwords import read_query
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import bring

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


def numbers(desk: Office, now: datetime = NOW, **wanted: Any) -> list[str]:
    with desk.store.read() as session:
        return [case.case_no for case in page(session, Wanted(**wanted), now).rows]


def test_a_rows_light_is_the_clocks_and_the_list_is_chosen_by_it(desk: Office) -> None:
    desk.store.clock = lambda: NOW
    cases = [bring(desk, state) for state in STATES if state != "collected"]
    seen = set()
    filed = next(case for case in cases if case.state == "filed")
    assert filed.soon_at is not None and filed.due_at is not None
    for at in (
        NOW,
        filed.soon_at,
        filed.due_at,
        filed.due_at + timedelta(seconds=1),
        NOW + timedelta(days=300),
    ):
        chosen = {light: set(numbers(desk, at, lights=(light,))) for light in caselist.LIGHTS}
        for case in cases:
            with desk.store.read() as session:
                row = session.get_one(Case, case.id)
                light = light_of(session, desk.store.zone, row, at)
            said = light_of_row(row, at)
            if light is not None and row.state in (*caselist.RUNNING, "suspended", "closed", "rated"):
                assert said == light.reason, (row.state, at)
            assert said == "" or said in COLOURS
            assert [light for light, found in chosen.items() if row.case_no in found] == (
                [said] if said else []
            )
            seen.add(said)
    assert seen >= {"", "in-time", "soon", "over", "suspended", "done"}


def test_a_case_of_before_gets_its_yellow_moment_at_start_and_no_new_version(desk: Office) -> None:
    desk.store.clock = lambda: NOW
    case = desk.case()
    with desk.store.work() as work:
        work.session.get_one(Case, case.id).soon_at = None
    old = desk.look(case.id)
    catch_up(desk.store)
    new = desk.look(case.id)
    assert old.soon_at is None and new.soon_at == case.soon_at and new.version == old.version


def test_what_one_may_not_see_is_in_no_page_count_or_walk(desk: Office) -> None:
    hidden, shown = desk.case(), desk.case()
    may_see = Case.id != hidden.id
    for words in (None, read_query("路灯")):
        for by_due in (False, True):
            wanted = Wanted(words=words, may_see=may_see, by_due=by_due)
            with desk.store.read() as session:
                now = desk.store.clock()
                assert [case.id for case in page(session, wanted, now).rows] == [shown.id]
                assert count(session, wanted, now) == Count(1)
                assert [[case.id for case in rows] for rows in walk(session, wanted, now)] == [[shown.id]]


@pytest.mark.parametrize("words", [None, "路灯"])
def test_a_walk_comes_to_every_case_once_and_holds_a_page_at_a_time(desk: Office, words: str | None) -> None:
    cases = []
    for days in (0, 1, 9, 100, 100):
        desk.store.clock = lambda days=days: NOW + timedelta(days=days)
        cases.append(desk.case().case_no)
    wanted = Wanted(words=read_query(words or ""))
    with desk.store.read() as session:
        pages = []
        for rows in walk(session, wanted, desk.store.clock(), 2):
            pages.append([case.case_no for case in rows])
            assert len(session.identity_map) <= 2
    assert pages == [cases[:2:-1], cases[2:0:-1], cases[:1]]


def test_words_in_order_of_deadlines_are_of_the_newest_cases_and_say_so(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caselist, "MOST_SORTED", 2)
    cases = [desk.case().case_no for _ in range(3)]
    wanted = Wanted(words=read_query("路灯"), by_due=True, newest_first=False)
    with desk.store.read() as session:
        found = page(session, wanted, desk.store.clock())
    assert [case.case_no for case in found.rows] == cases[1:] and found.cut
