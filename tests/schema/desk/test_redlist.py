"""The red list: what is over or soon over its time and what waits for an answer, by who has it, a page at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import true

from schema.cases import Case
from schema.desk import bytime
from schema.desk.redlist import RedList, red_list
from schema.people import Department
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import do

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def listed(desk: Office, now: datetime, kind: str = "over", holder: str = "", after: str = "") -> RedList:
    with desk.store.read() as session:
        return red_list(session, true(), kind, holder, after, now)


def numbers(found: RedList) -> list[str]:
    return [row.case.case_no for row in found.rows]


def cases(desk: Office, count: int, state: str = "dispatched") -> list[Any]:
    made = []
    for n in range(count):
        desk.store.clock = lambda n=n: MONDAY + timedelta(minutes=n)
        made.append(desk.case(state))
    return made


def test_the_most_overdue_come_first_and_what_is_closed_or_suspended_not_at_all(desk: Office) -> None:
    first, second, held = cases(desk, 3)
    do(desk, "suspend", held.id)
    desk.case("closed")
    last = max(case.due_at for case in (first, second))
    assert numbers(listed(desk, last + timedelta(minutes=1))) == [first.case_no, second.case_no]
    found = listed(desk, first.due_at)
    assert (numbers(found), found.counts["over"], found.counts["soon"]) == ([], 0, 2)
    assert numbers(listed(desk, first.due_at, "soon")) == [first.case_no, second.case_no]


def test_a_row_says_who_has_it_how_often_it_was_urged_and_which_order_is_open(desk: Office) -> None:
    (case,) = cases(desk, 1)
    with desk.store.work() as work:
        unit = Department(code="SZ", name="市政")
        work.session.add(unit)
        work.session.flush()
        work.session.get_one(Case, case.id).department = unit.id
    do(desk, "urge", case.id)
    do(desk, "urge", case.id)
    given = do(desk, "supervise", case.id)
    do(desk, "supervise", case.id)
    (row,) = listed(desk, case.due_at + timedelta(days=1)).rows
    assert (row.unit, row.worker, row.urged, row.order and row.order.id) == (
        "市政",
        "name of worker",
        2,
        given.id,
    )
    assert row.urged_at is not None
    assert numbers(listed(desk, case.due_at, "ordered")) == [case.case_no]
    do(desk, "answer", case.id)
    do(desk, "answer", case.id)
    assert listed(desk, case.due_at, "ordered").counts["ordered"] == 0


def test_it_is_narrowed_to_who_has_them(desk: Office) -> None:
    mine, other = cases(desk, 2)
    with desk.store.work() as work:
        work.session.get_one(Case, other.id).worker = desk.worker2
    late = other.due_at + timedelta(days=1)
    found = listed(desk, late, holder=f"worker:{desk.worker2}")
    assert numbers(found) == [other.case_no]
    assert {(one.key, one.count) for one in found.holders} == {
        (f"worker:{desk.worker}", 1), (f"worker:{desk.worker2}", 1),
    }  # fmt: skip
    assert numbers(listed(desk, late, holder="nobody:x")) == [mine.case_no, other.case_no]


def test_it_comes_page_by_page(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytime, "PER_PAGE", 2)
    made = cases(desk, 3)
    late = made[-1].due_at + timedelta(days=1)
    first = listed(desk, late)
    second = listed(desk, late, after=first.more)
    assert numbers(first) + numbers(second) == [case.case_no for case in made] and second.more == ""
    assert numbers(listed(desk, late, after="nonsense")) == numbers(first)
