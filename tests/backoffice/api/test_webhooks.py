"""Webhooks over the API: made with a secret that is told once, changed, stopped, removed, and their log."""

from dataclasses import replace
from typing import Any

import pytest

from conf.hooks import Hooks
from schema.desk import webhooks
from schema.ids import as_id, uuid7
from schema.rules.hooks import secret_of
from tests.backoffice.api.conftest import Program, program
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.conftest import Town

NEW = {"name": "crm", "url": "https://crm.example.org/hook", "events": ["cases", "CallEnded"]}


@pytest.fixture
def keeper(town: Town, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program of the administrator, in a site with a secret."""
    office = town.app.extensions["gridline"]
    object.__setattr__(office, "settings", replace(town.settings, hooks=Hooks(secret="site")))
    return program(town, "admin")


def made(keeper: Program, **changes: Any) -> Any:
    answer = keeper.post("/webhooks", NEW | changes)
    assert answer.status_code == 201, answer.json
    return answer.json["webhook"]


def test_one_is_made_once_and_its_secret_told_to_who_asks_with_the_same_key(keeper: Program) -> None:
    answers = [keeper.post("/webhooks", NEW, key="a") for _ in range(2)]
    first = answers[0].json
    assert [one.status_code for one in answers] == [201, 201] and first == answers[1].json
    assert first["secret"] == secret_of("site", as_id(first["webhook"]["id"]), 1)
    assert keeper.get(f"/webhooks/{first['webhook']['id']}").json == first["webhook"]
    assert [one["name"] for one in keeper.get("/webhooks").json["items"]] == ["crm"]
    assert "secret" not in keeper.get("/webhooks").get_data(as_text=True)
    assert keeper.get(f"/orders/{first['id']}").json["state"] == "observed"


def test_it_is_changed_paused_resumed_given_a_new_secret_and_removed(keeper: Program) -> None:
    id = made(keeper)["id"]
    changed = keeper.post(f"/webhooks/{id}/change", {"url": "https://other.example.org/"}).json["webhook"]
    assert (changed["url"], changed["events"]) == ("https://other.example.org/", NEW["events"])
    assert keeper.post(f"/webhooks/{id}/pause").json["webhook"]["why"] == "paused"
    assert keeper.post(f"/webhooks/{id}/resume").json["webhook"]["active"] is True
    rotated = [keeper.post(f"/webhooks/{id}/rotate", key="r").json["secret"] for _ in range(2)]
    assert rotated == [secret_of("site", as_id(id), 2)] * 2
    assert keeper.post(f"/webhooks/{id}/remove").json["webhook"] is None
    assert keeper.get(f"/webhooks/{id}").status_code == 404


def test_the_log_is_read_by_state_and_a_message_is_sent_again(keeper: Program) -> None:
    id = made(keeper)["id"]
    with keeper.town.store.work() as work:
        row = webhooks.put(work, as_id(id), key=uuid7(), seq=7, name="CallEnded", body="{}")
        assert row is not None
        row.state, row.status, row.tries = "dead", 500, 20
    (dead,) = keeper.get(f"/webhooks/{id}/deliveries?state=dead").json["items"]
    assert (dead["message"], dead["event"], dead["status"]) == (f"msg_{row.id.hex}", "CallEnded", 500)
    assert keeper.post(f"/webhooks/{id}/deliveries/{row.id}/resend").status_code == 200
    assert keeper.get(f"/webhooks/{id}/deliveries?state=dead").json["items"] == []
    other = made(keeper, name="other")["id"]
    assert keeper.post(f"/webhooks/{other}/deliveries/{row.id}/resend").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "https://user:word@example.org/"}, "url"), ({"url": "https://example.org/#part"}, "url"),
        ({"url": "gopher://example.org/"}, "url"), ({"url": "https://exämple.org/"}, "url"),
        ({"url": "https://example.org:99999/"}, "url"), ({"events": ["WatchStarted"]}, "events"),
        ({"events": ["nothing"]}, "events"), ({"form": "form"}, "form"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(keeper: Program, changes: dict[str, Any], field: str) -> None:
    answer = keeper.post("/webhooks", NEW | changes)
    assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [field])


def test_a_name_is_one_subscriptions(keeper: Program) -> None:
    made(keeper)
    assert keeper.post("/webhooks", NEW).json["errors"][0]["field"] == "name"


def test_cti_has_its_own_events_and_no_secret(keeper: Program) -> None:
    answer = keeper.post(
        "/webhooks", {"name": "zammad", "url": NEW["url"], "kind": "cti", "form": "form"}
    ).json
    assert answer["secret"] is None
    assert answer["webhook"]["events"] == ["CallEntered", "CallAnswered", "CallEnded"]


def test_without_a_secret_of_the_site_there_are_none(town: Town) -> None:
    assert program(town, "admin").post("/webhooks", NEW).json["code"] == "wrong-state"


def test_only_who_keeps_webhooks_sees_them(town: Town) -> None:
    for answer in (program(town).get("/webhooks"), program(town).post("/webhooks", NEW)):
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
