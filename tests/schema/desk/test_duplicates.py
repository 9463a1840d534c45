"""The duplicates desk: the likely cases first, of a bounded look at the store, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from schema.base import table_of
from schema.cases import Case
from schema.desk.choices import set_duplicate_threshold
from schema.desk.duplicates import GONE, MOST, candidates, likely_duplicates, near_cells
from schema.desk.places import add_cell
from schema.ids import ContactId, uuid7
from schema.orders import SetDuplicateThreshold
from schema.rules.duplicates import Request
from schema.rules.places import contains
from tests.schema.desk.casework import CELL, NUMBER, RING, Office

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
SPOT = (120.155, 30.265)
OTHER = "13700000009"


def asked(**changes: Any) -> Request:
    wanted: dict[str, Any] = {
        "title": "街灯坏了", "text": "门口的路灯晚上不亮，请修。", "at": NOW, "cell": CELL, "phone": OTHER,
        "class_": "government", "kind": "complaint", "contact": uuid7(),
    }  # fmt: skip
    return Request(**wanted | changes)


def look(
    desk: Office, request: Request, lon: float | None = SPOT[0], lat: float | None = SPOT[1]
) -> list[str]:
    with desk.store.read() as session:
        return [likely.case.case_no for likely in likely_duplicates(session, request, lon, lat)]


@pytest.fixture
def lamp(desk: Office) -> Case:
    """The lamp as somebody told it two hours ago, 29 m from the spot."""
    desk.store.clock = lambda: NOW - timedelta(hours=2)
    return desk.case(lon=120.1553, lat=30.265, title="路灯不亮", text="三天没有亮。")


def test_another_caller_is_shown_the_case_with_its_reasons(desk: Office, lamp: Case) -> None:
    with desk.store.read() as session:
        (likely,) = likely_duplicates(session, asked(), *SPOT)
    assert likely.case.id == lamp.id and likely.metres == pytest.approx(28.9, abs=0.2)
    assert [part.name for part in likely.score.parts[:3]] == ["place", "matter", "time"]


def test_the_likeliest_comes_first_and_few_are_shown(desk: Office, lamp: Case) -> None:
    same = desk.case(lon=SPOT[0], lat=SPOT[1], title="街灯坏了", text="门口的路灯晚上不亮。", number=OTHER)
    assert look(desk, asked()) == [same.case_no, lamp.case_no]
    for _ in range(6):
        desk.case(lon=SPOT[0], lat=SPOT[1], title="路灯灭了")
    assert len(look(desk, asked())) == 5 and look(desk, asked())[0] == same.case_no


def test_another_matter_here_and_the_same_matter_elsewhere_are_not_shown(desk: Office, lamp: Case) -> None:
    assert look(desk, asked(title="家里停水了", text="整栋楼都没有水。")) == []
    assert look(desk, asked(), 120.1595, 30.2605) == []


def test_the_threshold_that_a_supervisor_chose_counts(desk: Office, lamp: Case) -> None:
    with desk.store.work() as work:
        set_duplicate_threshold(work, SetDuplicateThreshold(by=desk.supervisor, threshold=0.95))
    assert look(desk, asked()) == []


def test_a_second_case_of_the_same_call_is_found_without_place_or_number(desk: Office, lamp: Case) -> None:
    request = asked(contact=lamp.contact, cell="", phone="")
    with desk.store.read() as session:
        assert [case.id for case in candidates(session, request, [])] == [lamp.id]


def test_a_withheld_number_finds_nobody(desk: Office) -> None:
    desk.store.clock = lambda: NOW
    desk.case(number="anonymous")
    with desk.store.read() as session:
        assert candidates(session, asked(phone="anonymous"), []) == []
        assert candidates(session, asked(phone="", contact=None), []) == []


@pytest.mark.parametrize(
    ("made", "closed", "found"),
    [(1, None, True), (170, None, True), (181, None, False), (60, 29, True), (60, 31, False)],
)
def test_old_cases_and_those_closed_long_ago_are_not_looked_at(
    desk: Office, lamp: Case, made: int, closed: int | None, found: bool
) -> None:
    with desk.store.work() as work:
        work.session.execute(
            update(Case)
            .where(Case.id == lamp.id)
            .values(
                made_at=NOW - timedelta(days=made),
                closed_at=NOW - timedelta(days=closed) if closed is not None else None,
            )
        )
    with desk.store.read() as session:
        for request, cells in ((asked(phone=NUMBER), []), (asked(), [CELL])):
            assert bool(candidates(session, request, cells)) is found


@pytest.mark.parametrize("state", GONE)
def test_a_case_that_leads_nowhere_is_not_shown(desk: Office, lamp: Case, state: str) -> None:
    assert look(desk, asked()) == [lamp.case_no]
    with desk.store.work() as work:
        work.session.execute(update(Case).where(Case.id == lamp.id).values(state=state))
    assert look(desk, asked()) == []


def test_cells_within_reach_are_near_and_none_of_another_district(desk: Office) -> None:
    east = [[lon + 0.01, lat] for lon, lat in RING]
    far = [[lon + 0.05, lat] for lon, lat in RING]
    with desk.store.work() as work:
        add_cell(work, code="330106009001001", name="east", ring=east)
        add_cell(work, code="330106009001002", name="far", ring=far)
        add_cell(
            work, code="330107001001001", name="another district", ring=[[p[0] + 0.1, p[1]] for p in RING]
        )
    with desk.store.read() as session:
        assert contains(RING, *SPOT)
        assert set(near_cells(session, CELL, None)) >= {CELL, "330106009001001"}
        assert near_cells(session, "", SPOT)[0] == CELL and "330106009001001" not in near_cells(
            session, CELL, SPOT
        )
        assert "330106009001001" in near_cells(session, CELL, (120.1585, 30.265))
        assert "330106009001002" not in near_cells(session, CELL, None)
        assert near_cells(session, "", None) == near_cells(session, "", (1.0, 2.0)) == []
        assert near_cells(session, "999999999999999", None) == []


def test_a_case_across_the_border_of_two_cells_is_found(desk: Office) -> None:
    desk.store.clock = lambda: NOW
    with desk.store.work() as work:
        add_cell(work, code="330106009001001", name="east", ring=[[lon + 0.01, lat] for lon, lat in RING])
    case = desk.case(cell="330106009001001", lon=120.1601, lat=30.265)
    assert look(desk, asked(), 120.1599, 30.265) == [case.case_no]


def test_however_many_cases_there_are_a_bounded_number_is_looked_at(desk: Office, lamp: Case) -> None:
    columns = [column.name for column in table_of(Case).columns]
    plain = {name: getattr(lamp, "class_" if name == "class" else name) for name in columns}
    contact = uuid7()
    rows = [
        plain | {"id": uuid7(), "case_no": f"N-{n}", "made_at": NOW - timedelta(minutes=n), "closed_at": None,
                 "number": OTHER if n % 3 else NUMBER, "contact": contact if n % 2 else uuid7(),
                 "text": "路灯不亮，晚上很黑。" * 20}
        for n in range(900)
    ]  # fmt: skip
    with desk.store.work() as work:
        work.session.execute(insert(table_of(Case)), rows)
    with desk.store.read() as session, counted(desk) as asks:
        found = candidates(session, asked(contact=contact), [CELL])
        assert 100 <= len(found) <= MOST and len({case.id for case in found}) == len(found)
        assert len(asks) == 3
    with counted(desk) as asks:
        assert len(look(desk, asked(contact=ContactId(contact)))) == 5
    assert len(asks) < 12


@contextmanager
def counted(desk: Office) -> Iterator[list[str]]:
    """The statements that the database was asked."""
    asks: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asks.append(statement)

    event.listen(desk.store.engine, "before_cursor_execute", hear)
    yield asks
    event.remove(desk.store.engine, "before_cursor_execute", hear)


def test_what_is_typed_half_or_wrong_is_looked_for_all_the_same(desk: Office, lamp: Case) -> None:
    assert look(desk, asked(), 999.0, float("nan")) == look(desk, asked(), None, None)
    assert look(desk, replace(asked(), title="", text="", cell="", phone="\0'%"), None, None) == []
    assert look(desk, asked(text="\ud800\0" * 2000, title="𠀀\u202e")) == []
