"""The API beside the pages: mounted under its own path, with a door of its own."""

from backoffice.api.app import MOUNT, make_api
from backoffice.api.table import TABLE
from schema.ids import uuid7
from tests.backoffice.api.conftest import program
from tests.backoffice.conftest import Town


def test_the_pages_and_the_api_are_two_doors(town: Town) -> None:
    browser = town.visit("supervisor")
    assert browser.get("/wallboard").status_code == 200
    assert browser.get(f"{MOUNT}/queues").status_code == 401
    client = program(town)
    assert client.get("/queues").status_code == 200
    page = town.app.test_client().get("/wallboard", headers={"Authorization": f"Bearer {client.secret}"})
    assert page.status_code == 302 and page.location.startswith("/login")
    assert town.app.test_client().get("/api/seats/x/y").json["error"] == "http-405"


def test_every_route_of_the_table_but_the_stream_is_a_rule(town: Town) -> None:
    app = make_api(town.app.extensions["gridline"])
    rules = {
        (method, rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    wanted = {(r.method, r.path.replace("{", "<").replace("}", ">"), r.name) for r in TABLE if not r.native}
    assert rules - {(method, *rest) for method, *rest in rules if method == "HEAD"} == wanted


def test_a_form_of_another_site_orders_nothing(town: Town) -> None:
    browser = town.visit("supervisor")
    answer = browser.client.post(
        f"{MOUNT}/agents/by-number/102/pause",
        data={"reason": "rest"},
        headers={"Origin": "https://elsewhere", "Idempotency-Key": str(uuid7())},
    )
    assert answer.status_code == 401
