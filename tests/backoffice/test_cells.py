"""The map of cells, and who is there to be sent."""

import math

import pytest

from backoffice.cells import WIDTH, cell_code, cell_map, draw, search_cells, workers
from schema.handsets import Duty, Handset
from schema.ids import uuid7
from schema.people import User
from tests.backoffice.conftest import CELL, Town

SQUARE = [[120.0, 30.0], [120.1, 30.0], [120.1, 30.1], [120.0, 30.1]]


def test_a_degree_of_longitude_is_drawn_as_short_as_it_is() -> None:
    drawn = draw([("1", "甲", SQUARE)])
    assert drawn is not None and drawn.width == WIDTH
    assert drawn.height == pytest.approx(WIDTH / math.cos(math.radians(30.05)), abs=0.1)
    first = drawn.cells[0].points.split(" ")[0]
    assert first == f"0.0,{drawn.height}"
    x, y = map(float, drawn.cells[0].points.split(" ")[2].split(","))
    assert (drawn.west + x / drawn.kx, drawn.north - y / drawn.ky) == pytest.approx((120.1, 30.1), abs=1e-5)


def test_long_names_stand_in_lines_that_fit() -> None:
    narrow = [[120.0, 30.0], [120.02, 30.0], [120.02, 30.1], [120.0, 30.1]]
    drawn = draw([("1", "青荷街道石榴社区第三网格", narrow), ("2", "North Street Third Cell", SQUARE)])
    assert drawn is not None
    lines = [line for line, _, _ in drawn.cells[0].label]
    assert "".join(lines) == "青荷街道石榴社区第三网格" and len(lines) > 1
    ys = [y for _, _, y in drawn.cells[0].label]
    assert ys == sorted(ys)
    assert " ".join(line for line, _, _ in drawn.cells[1].label) == "North Street Third Cell"


def test_no_cells_no_map(town: Town) -> None:
    assert draw([]) is None
    with town.store.read() as session:
        drawn = cell_map(session)
    assert drawn is not None and [cell.code for cell in drawn.cells] == [CELL] and drawn.whole


def test_more_cells_than_are_drawn_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.cells.MOST_DRAWN", 0)
    with town.store.read() as session:
        assert cell_map(session) is None
    assert draw([("1", "甲", SQUARE)], whole=False).whole is False  # type: ignore[union-attr]


def test_what_was_typed_means_a_code(town: Town) -> None:
    with town.store.read() as session:
        for text in (CELL, f" {CELL} 文三路网格", "文三路网格"):
            assert cell_code(session, text) == CELL
        assert cell_code(session, "nowhere") == "nowhere" and cell_code(session, "") == ""
        assert search_cells(session, "路") == [{"code": CELL, "name": "文三路网格"}]


def test_the_cells_own_worker_first_then_who_is_on_duty(town: Town) -> None:
    with town.store.work() as work:
        rest = User(login="a", name="甲", post="worker", password="x")
        busy = User(login="b", name="乙", post="worker", password="x")
        gone = User(login="c", name="丙", post="worker", password="x", active=False)
        work.session.add_all([rest, busy, gone])
        work.session.flush()
        work.session.add(Handset(device="w9", worker=busy.id, secret="x", enrolled_at=work.now))
        work.session.flush()
        work.session.add(Duty(id=uuid7(), worker=busy.id, device="w9", started_at=work.now))
    with town.store.read() as session:
        names = [(row["name"], row["own"], row["on_duty"]) for row in workers(session, CELL)]
    assert names == [("worker 某", True, False), ("乙", False, True), ("甲", False, False)]
