"""Cells are taken over, the newer state of each."""

from schema.desk.positions import towers_of
from schema.desk.towers import take_towers, towers_known
from schema.rules.celltowers import Tower
from schema.store import Store

KEY = (460, 0, 7, 2**35)


def cell(updated: float, lon: float = 120.0, cid: int = KEY[3]) -> Tower:
    return Tower((*KEY[:3], cid), lon, 30.0, 800.0, 12, 1_400_000_000.0, updated)


def take(store: Store, *cells: Tower) -> int:
    with store.work() as work:
        return take_towers(work, [("LTE", one) for one in cells])


def test_the_newest_state_of_a_cell_stands(store: Store) -> None:
    assert take(store) == 0
    assert (
        take(store, cell(1_500_000_000, 120.2), cell(1_490_000_000, 120.1), cell(1_500_000_000, cid=5)) == 2
    )
    assert take(store, cell(1_495_000_000, 121.0)) == 0
    assert take(store, cell(1_510_000_000, 122.0)) == 1
    with store.read() as session:
        assert towers_known(session) == 2
        assert towers_of(session, {KEY, (460, 1, 1, 1)}) == {KEY: cell(1_510_000_000, 122.0)}
        many = {(460, 1, 1, cid) for cid in range(20_000)} | {KEY}
        assert towers_of(session, many).keys() == {KEY}, "however many a handset says it hears"
