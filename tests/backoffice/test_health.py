"""Alive, and able to work."""

from datetime import timedelta

import pytest

from schema.store import StoreUnreachable
from tests.backoffice.conftest import Town


def test_alive_and_ready(town: Town) -> None:
    client = town.app.test_client()
    assert client.get("/healthz").json == {"ok": True}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"ok": True, "database": True, "bus": True, "unpublished": 0.0, "bridge": False},
    )
    town.seen()
    assert client.get("/readyz").json["bridge"] is True
    assert "Set-Cookie" not in answer.headers


def test_without_a_database_it_is_alive_and_not_ready(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise StoreUnreachable("the database does not answer")

    monkeypatch.setattr(town.store, "read", away)
    client = town.app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_a_bus_that_is_away_and_what_waits_for_it_are_told_beside(town: Town) -> None:
    office = town.app.extensions["gridline"]
    object.__setattr__(office, "bus", lambda: "down")
    town.filed()
    town.clock.now += timedelta(seconds=90)
    answer = town.app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["bus"], answer.json["unpublished"]) == (200, False, 90.0)
