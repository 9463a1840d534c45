"""The demo city's components: three in every cell, each in its own, laid out once."""

from demo.streets import plots
from demo.things import NAME, lay_out_things, sheet
from schema.desk.registerlists import register_called, walk
from schema.rules.places import contains
from schema.rules.registers import read_sheet
from schema.store import Store


def test_every_component_stands_in_its_cell() -> None:
    rows = read_sheet(sheet("330106"))
    rings = {plot.name: plot.ring for plot in plots("330106")}
    assert rows.faulty == 0 and len(rows.rows) == 3 * len(rings)
    for code, row in rows.rows.items():
        assert len(code) == 16 and row.lon is not None and row.lat is not None
        assert contains(rings[row.values[4]], row.lon, row.lat), code


def test_they_are_a_register_laid_out_once(store: Store) -> None:
    for _ in range(2):
        with store.work() as work:
            lay_out_things(work, "330106")
    with store.read() as session:
        assert register_called(session, NAME).version == 1
        assert sum(len(rows) for rows in walk(session, NAME)) == 36
