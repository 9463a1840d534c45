"""Grid cells: added with their true area, refused with every fault named, found by a point."""

import pytest

from schema.desk.errors import Refused
from schema.desk.places import add_cell, cell_at
from tests.schema.desk.casework import CELL, RING, Office

NORTH = [[lon, lat + 0.01] for lon, lat in RING]


def test_a_cell_is_added_with_its_area(desk: Office) -> None:
    with desk.store.work() as work:
        cell = add_cell(work, code="330106001002001", name=" 三 ", ring=NORTH, worker=desk.worker)
    assert (cell.name, cell.worker) == ("三", desk.worker)
    assert cell.area == pytest.approx(1_066_500, rel=0.001)  # 962.1 m × 1108.5 m
    with desk.store.read() as session:
        found = cell_at(session, 120.155, 30.275)
        assert found is not None and found.code == "330106001002001"


def test_every_fault_of_a_cell_is_named(desk: Office) -> None:
    with pytest.raises(Refused) as refused, desk.store.work() as work:
        add_cell(work, code="33", name="", ring=RING[:2], worker=desk.agent)
    assert set(refused.value.fields) == {"code", "name", "ring", "worker"}


def test_a_code_belongs_to_one_cell(desk: Office) -> None:
    with pytest.raises(Refused) as refused, desk.store.work() as work:
        add_cell(work, code=CELL, name="again", ring=NORTH)
    assert refused.value.field == "code"


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (120.155, 30.265, CELL), (120.165, 30.265, "330106001001002"), (120.16, 30.265, "330106001001002"),
        (120.175, 30.265, None), (120.155, 30.28, None), (float("nan"), 30.265, None), (1e9, 30.265, None),
    ],
)  # fmt: skip
def test_a_point_lies_in_one_cell_or_none(desk: Office, lon: float, lat: float, code: str | None) -> None:
    with desk.store.read() as session:
        found = cell_at(session, lon, lat)
        assert (found.code if found else None) == code
