"""How far a group has got only ever goes on, and who is told is settled before anything is delivered."""

import pytest
from sqlalchemy import select

from schema.bus_groups import Groups, keep_places
from schema.facts import CaseFiled
from schema.outbox import BusCursor
from schema.store import Store


def places(store: Store) -> dict[str, int]:
    with store.read() as session:
        return {row.group: row.seq for row in session.scalars(select(BusCursor))}


def test_places_are_written_down_and_only_go_on(store: Store) -> None:
    for told in ({"a": 5, "b": 1}, {"a": 3, "b": 7, "c": 0}):
        with store.work() as work:
            keep_places(work, told)
    assert places(store).items() >= {"a": 5, "b": 7, "c": 0}.items()


def test_nobody_subscribes_once_letters_are_delivered(store: Store) -> None:
    groups = Groups(store)
    groups.subscribe("a", [CaseFiled], print)
    groups.started = True
    for durable in (True, False):
        with pytest.raises(RuntimeError, match="before the bus is started"):
            groups.subscribe("b", [CaseFiled], print, durable=durable)
