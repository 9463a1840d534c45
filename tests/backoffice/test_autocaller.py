"""The room of automatic calls beats by itself, outlives a beat that fails, and ends when it is told to."""

import threading
from typing import Any

import pytest

from backoffice import autocaller
from backoffice.autocaller import AutoCaller
from schema.store import StoreUnreachable
from tests.backoffice.conftest import Town
from tests.patience import LONG


def test_it_beats_whatever_happens_and_stops(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    beats, third = [], threading.Event()

    def beat(store: Any) -> int:
        beats.append(store)
        if len(beats) == 1:
            raise StoreUnreachable("away")
        if len(beats) == 2:
            raise ValueError("broken")
        third.set()
        return 0

    monkeypatch.setattr(autocaller.autocalls, "beat", beat)
    room = AutoCaller(town.store, every=0.001)
    room.start()
    assert third.wait(LONG) and set(beats) == {town.store}
    room.stop()
    assert not room._thread.is_alive()
    AutoCaller(town.store).stop()  # one that was never started
