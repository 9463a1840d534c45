"""The door: a token, its pace, its right. Deny first; what a browser carries opens nothing here."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.api.app import make_api
from backoffice.api.route import ANY, OPEN, Route
from backoffice.api.table import TABLE
from schema.desk import tokens
from schema.ids import uuid7
from schema.people import AuditRow
from schema.rules.access import RIGHTS, may
from tests.backoffice.api.conftest import API, Program, busy, program, said
from tests.backoffice.conftest import POSTS, Town

SHUT = [route for route in TABLE if route.right != OPEN and not route.native]


def address(route: Route) -> str:
    """The route's path with what names nothing."""
    path = route.path
    for name in route.names:
        path = path.replace("{" + name + "}", {"number": "999", "queue": "nowhere"}.get(name, str(uuid7())))
    return path


def ask(client: Program, route: Route) -> Any:
    return client.post(address(route), {}) if route.orders else client.get(address(route))


def noted(town: Town) -> list[tuple[str, str, bool, str]]:
    with town.store.read() as session:
        return [(row.what, row.subject, row.allowed, row.reason) for row in session.scalars(select(AuditRow))]


def test_every_right_of_the_table_is_one_there_is() -> None:
    assert {route.right for route in TABLE} - {OPEN, ANY} <= set(RIGHTS)
    assert [route.name for route in TABLE if route.right == OPEN] == ["openapi", "docs"]
    assert len({route.name for route in TABLE}) == len({(r.method, r.path) for r in TABLE}) == len(TABLE)


@pytest.mark.parametrize("post", [post for post in POSTS if post != "worker"])
def test_every_route_for_every_post(town: Town, post: str) -> None:
    busy(town)
    client = program(town, post)
    for route in SHUT:
        answer = ask(client, route)
        if route.right == ANY or may(post, route.right):
            assert answer.status_code not in (401, 405), route.name
            # What is refused beyond the route's right is refused for what it would be done to.
            assert answer.status_code != 403 or "seat.on-behalf" in answer.json["detail"], route.name
        else:
            assert (answer.status_code, answer.json["code"]) == (403, "forbidden"), route.name
            assert noted(town)[-1][:3] == ("refused", f"{route.method} {address(route)}"[:120], False) or (
                noted(town)[-1][0] == "refused"
            )
    assert said(town.store) == []


@pytest.mark.parametrize("right", sorted({route.right for route in SHUT} - {ANY}))
def test_every_route_without_its_one_right(town: Town, right: str) -> None:
    busy(town)
    others = [name for name in RIGHTS if name != right and may("supervisor", name)]
    client = program(town, "supervisor", *others)
    for route in SHUT:
        code = ask(client, route).status_code
        if route.right == right:
            assert code == 403, route.name
        elif route.right == ANY:
            assert code in (200, 404), route.name
    assert said(town.store) == []


def test_every_route_without_a_token_or_with_a_bad_one(town: Town) -> None:
    client, browser = town.app.test_client(), town.visit("supervisor").client
    for route in SHUT:
        for headers, code in (
            ({}, "no-token"),
            ({"Authorization": "Basic eDp5"}, "no-token"),
            ({"Authorization": "Bearer "}, "no-token"),
            ({"Authorization": "Bearer gl_" + "x" * 43}, "bad-token"),
            ({"Authorization": "Bearer x"}, "bad-token"),
        ):
            for asking in (client, browser):  # the browser has the cookie of a session that may all of it
                answer = asking.open(API + address(route), method=route.method, headers=headers)
                assert (answer.status_code, answer.json["code"]) == (401, code), route.name
                assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="gridline"')


def test_a_token_that_ended_was_revoked_or_whose_user_may_not_come_in(town: Town) -> None:
    ended, revoked, gone = (program(town, "agent", days=n) for n in (1, 30, 30))
    assert ended.get("/me").json["login"] == "agent"
    town.clock.now += timedelta(days=1)
    assert ended.get("/me").status_code == 401 and revoked.get("/me").status_code == 200
    with town.store.work() as work:
        tokens.revoke(work, revoked.name)
    assert revoked.get("/me").status_code == 401
    with town.store.work() as work:
        work.session.get_one(type(town.users["agent"]), town.users["agent"].id).active = False
    assert gone.get("/me").status_code == 401


def test_a_right_that_the_users_post_lost_is_the_tokens_no_more(town: Town) -> None:
    client = program(town, "supervisor", "board.see", "seat.work")
    assert client.get("/me").json["rights"] == ["board.see", "seat.work"]
    with town.store.work() as work:
        work.session.get_one(type(town.users["agent"]), town.users["supervisor"].id).post = "agent"
    assert client.get("/me").json["rights"] == ["seat.work"]
    assert client.get("/queues").status_code == 403


def test_too_many_requests_are_put_off_and_another_tokens_are_not(town: Town) -> None:
    now, rate = [0.0], town.settings.web.api_rate
    client = make_api(town.app.extensions["gridline"], lambda: now[0]).test_client()
    hasty, patient = ({"Authorization": f"Bearer {program(town).secret}"} for _ in range(2))
    assert [client.get("/me", headers=hasty).status_code for _ in range(2 * rate)] == [200] * 2 * rate
    late = client.get("/me", headers=hasty)
    assert (late.status_code, late.json["code"], late.headers["Retry-After"]) == (429, "too-many", "1")
    assert client.get("/me", headers=patient).status_code == 200
    now[0] += 1.0
    assert client.get("/me", headers=hasty).status_code == 200


def test_many_requests_of_a_few_minutes_are_one_look(crm: Program) -> None:
    row = crm.town.call()
    for _ in range(3):
        crm.get("/calls")
        crm.get(f"/calls/{row.id}")
    looks = [one for one in noted(crm.town) if one[0] == "contact.read"]
    assert [one[1] for one in looks] == ["calls", str(row.contact)]
    assert looks[0][3] == f"[{crm.name}]"


def test_the_tokens_last_use_is_written_down_once_a_minute(town: Town) -> None:
    client = program(town)
    for seconds, wanted in ((0, 0), (30, 0), (31, 61)):
        town.clock.now += timedelta(seconds=seconds)
        client.get("/me")
        with town.store.read() as session:
            ((row, _),) = tokens.listing(session)
        assert row.used_at is not None and (row.used_at - row.made_at).total_seconds() == wanted


def test_what_is_not_there_or_not_so_is_a_problem_too(crm: Program) -> None:
    client = crm.town.app.test_client()
    for method, path, code, status in (
        ("GET", "/nowhere", "not-found", 404), ("GET", "", "not-found", 404),
        ("DELETE", "/calls", "method", 405), ("OPTIONS", "/calls", "method", 405), ("PUT", "/me", "method", 405),
    ):  # fmt: skip
        answer = client.open(API + path, method=method)
        assert (answer.status_code, answer.json["code"]) == (status, code), path
        assert answer.mimetype == "application/problem+json"
        assert status != 405 or answer.headers["Allow"]


def test_every_answer_is_sealed_and_sets_no_cookie(crm: Program) -> None:
    for path in ("/me", "/nowhere", "/docs"):
        headers = crm.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Set-Cookie" not in headers and "Access-Control-Allow-Origin" not in headers
