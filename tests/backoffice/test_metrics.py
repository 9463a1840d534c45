"""Figures for Prometheus: true of the site, and for nobody who may not have them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from backoffice.metrics import KEPT, Metrics, age
from schema.desk import webhooks
from schema.ids import uuid7
from schema.outbox import BusCursor, DeadLetter, OutboxRow
from schema.store import StoreUnreachable
from tests.backoffice.api.conftest import program
from tests.backoffice.conftest import NOW, Town

Figures = dict[tuple[str, ...], float]


def read(text: str) -> Figures:
    """Every sample: (name, label values …) → value."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figures(town: Town, **headers: str) -> Figures:
    answer = town.app.test_client().get("/metrics", headers=headers)
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain")
    return read(answer.get_data(as_text=True))


def test_the_site_is_told_as_it_is(town: Town) -> None:
    town.filed()
    with town.store.work() as work:
        for place, row in enumerate(work.session.scalars(select(OutboxRow).order_by(OutboxRow.id)), 1):
            row.seq = place
        work.session.flush()
        work.session.add(BusCursor(group="feed", seq=0))
        work.session.add(DeadLetter(group="feed", key=uuid7(), name="X", body={}, reason="", at=work.now))
        hook = webhooks.add(
            work, id=uuid7(), name="a", kind="webhook", form="json", url="https://example.org/", events=["calls"],
            by=town.users["admin"].id, known=["calls"],
        )  # fmt: skip
        webhooks.put(work, hook.id, key=uuid7(), seq=1, name="CallEnded", body="{}")
    town.filed()
    town.clock.now += timedelta(days=30)
    town.seen(
        seats={"101": {"state": "ready"}, "102": {"state": "ready"}},
        figures={"queues": {"hotline": {"offered": 7, "waiting": 2}}},
    )
    found = figures(town)
    assert found["gridline_outbox_backlog",] == 1 and found["gridline_outbox_oldest_seconds",] == 30 * 86400
    assert found["gridline_bus_lag", "feed"] == 1 and found["gridline_dead_letters", "feed"] == 1
    assert found["gridline_cases", "filed"] == 2 and found["gridline_cases", "dispatched"] == 0
    assert found["gridline_cases_overdue",] == 2 and found["gridline_webhook_deliveries", "waiting"] == 1
    assert found["gridline_ami_up", "pbx1"] == 1 and found["gridline_seats", "ready"] == 2
    assert found["gridline_queue_callers", "hotline", "offered"] == 7
    assert found["gridline_queue_callers", "hotline", "waiting"] == 2
    assert found["gridline_bus_up",] == found["gridline_database_up",] == 1
    assert ("python_info" in {name for name, *_ in found}) and found["process_open_fds",] > 0


def test_answers_are_counted_by_route_and_never_by_what_stands_in_it(town: Town) -> None:
    client = program(town)
    for _ in range(2):
        client.get(f"/cases/{uuid7()}")
    town.app.test_client().get("/login")
    town.app.test_client().get(f"/{uuid7()}")
    found = figures(town)
    assert found["gridline_http_requests_total", "api", "GET", "/cases/<case>", "404"] == 2
    assert found["gridline_http_requests_total", "pages", "GET", "/login", "200"] == 1
    assert found["gridline_http_requests_total", "pages", "GET", "none", "404"] == 1
    assert found["gridline_http_request_seconds_count", "api"] == 2


def test_a_database_or_bus_that_is_away_is_a_figure_and_no_error(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise StoreUnreachable("away")

    monkeypatch.setattr(town.store, "read", away)
    app = Metrics(town.app.extensions["gridline"], lambda: "down")
    town.app.extensions["gridline-metrics"] = app
    found = figures(town)
    assert found["gridline_database_up",] == found["gridline_bus_up",] == 0
    assert ("gridline_outbox_backlog",) not in found


def test_the_store_is_asked_once_however_often_it_is_scraped(town: Town) -> None:
    now = [0.0]
    town.app.extensions["gridline-metrics"] = Metrics(
        town.app.extensions["gridline"], lambda: "up", lambda: now[0]
    )
    assert figures(town)["gridline_cases", "filed"] == 0
    town.filed()
    assert figures(town)["gridline_cases", "filed"] == 0
    now[0] += KEPT
    assert figures(town)["gridline_cases", "filed"] == 1


def test_nobody_from_elsewhere_or_through_a_proxy_has_them(town: Town) -> None:
    client = town.app.test_client()
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.7"}).status_code == 403
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert client.get("/metrics", headers={name: "10.0.0.7"}).status_code == 403


def test_with_a_token_it_is_the_token_that_counts(town: Town) -> None:
    office = town.app.extensions["gridline"]
    web = replace(town.settings.web, metrics_token="geheim")
    object.__setattr__(office, "settings", replace(town.settings, web=web))
    client, far = town.app.test_client(), {"REMOTE_ADDR": "10.0.0.7"}
    assert client.get("/metrics").status_code == 403
    for token, status in (("geheim", 200), ("anders", 403), ("", 403), ("gehéim", 403)):
        headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        assert client.get("/metrics", headers=headers, environ_base=far).status_code == status, token


def test_an_age_is_never_below_nothing() -> None:
    assert age(None, NOW) == age(NOW + timedelta(seconds=1), NOW) == 0.0
