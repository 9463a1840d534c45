"""What one gateway process does with positions: its consumers, its figures, its housekeeping."""

import threading
from dataclasses import replace

import pytest
from prometheus_client import generate_latest

from conf.settings import Settings
from field_gateway import positionroom
from field_gateway.figures import Figures
from field_gateway.positionroom import PositionRoom
from schema.store import Store, StoreUnreachable
from tests.patience import LONG


def test_every_gateway_has_consumers_of_its_own_and_shows_what_became_of_positions(
    site: Settings, store: Store
) -> None:
    settings = replace(site, positions=replace(site.positions, consumers=3, first=4))
    room = PositionRoom(settings, store, lambda: 0)
    assert [one.link._user for one in room.consumers] == [f"gateway-positions-{n}" for n in (4, 5, 6)]
    figures = Figures()
    room.show(figures)
    room.intake.counts.update(kept=5, shed=2)
    told = generate_latest(figures.registry).decode()
    assert "gridline_gateway_positions_kept 5.0" in told and "gridline_gateway_positions_shed 2.0" in told
    assert "gridline_gateway_positions_off_duty 0.0" in told


def test_the_house_is_kept_and_kept_again_when_the_database_was_away(
    site: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positionroom, "AFTER", 0.01)
    monkeypatch.setattr(positionroom, "EVERY", 0.01)
    done, calls = threading.Event(), []

    def house(_work: object, days: int) -> int:
        calls.append(days)
        if len(calls) == 1:
            raise StoreUnreachable("gone")
        if len(calls) == 2:
            raise RuntimeError("a bug")
        done.set()
        return 1

    monkeypatch.setattr(positionroom, "keep_house", house)
    room = PositionRoom(site, store, lambda: 0)
    room.consumers.clear()
    room.start()
    assert done.wait(LONG)
    room.stop()
    assert set(calls) == {30}
