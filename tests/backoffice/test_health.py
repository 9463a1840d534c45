"""Alive, and able to work."""

import pytest

from schema.store import StoreUnreachable
from tests.backoffice.conftest import Town


def test_alive_and_ready(town: Town) -> None:
    client = town.app.test_client()
    assert client.get("/healthz").json == {"ok": True}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"ok": True, "database": True, "bridge": False})
    town.seen()
    assert client.get("/readyz").json["bridge"] is True
    assert "Set-Cookie" not in answer.headers


def test_without_a_database_it_is_alive_and_not_ready(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise StoreUnreachable("the database does not answer")

    monkeypatch.setattr(town.store, "ping", away)
    client = town.app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
