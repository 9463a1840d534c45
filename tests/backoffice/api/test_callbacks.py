"""Call-backs: promises found and taken away."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from schema.calls import CallBackRow
from schema.ids import uuid7
from schema.orders import CancelCallBack
from tests.backoffice.api.conftest import Program, program, said
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)


def promised(crm: Program, **changes: Any) -> str:
    now, id = crm.town.clock(), uuid7()
    row = {
        "id": id, "contact": uuid7(), "call": uuid7(), "node": "pbx1", "queue": "hotline", "number": "110",
        "place": now, "promised_at": now, "expires_at": now + timedelta(hours=4),
    }  # fmt: skip
    with crm.town.store.work() as work:
        work.session.add(CallBackRow(**row | changes))
    return str(id)


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [one["id"] for one in answer.json["items"]]


def test_they_are_found_by_state_and_queue(crm: Program) -> None:
    fresh, again = promised(crm), promised(crm, state="retry", attempts=1, queue="tax")
    kept = promised(crm, state="kept", promised_at=crm.town.clock() - timedelta(hours=1))
    assert set(ids(crm.get("/callbacks?state=open"))) == {fresh, again}
    assert ids(crm.get("/callbacks?state=kept")) == [kept] == ids(crm.get("/callbacks"))[-1:]
    assert ids(crm.get("/callbacks?queue=tax")) == [again]
    first = crm.get("/callbacks?limit=2").json
    assert ids(crm.get(f"/callbacks?limit=2&cursor={first['next']}")) == [kept]
    assert crm.get(f"/callbacks/{again}").json["attempts"] == 1
    assert crm.get(f"/callbacks/{uuid7()}").status_code == 404


def test_a_promise_is_taken_away_by_an_order(crm: Program) -> None:
    id = promised(crm)
    answer = crm.post(f"/callbacks/{id}/cancel")
    assert answer.status_code == 202 and answer.json["agent"] == ""
    (order,) = said(crm.town.store)
    assert isinstance(order, CancelCallBack) and order.promise == UUID(id)


def test_one_that_is_over_is_not(crm: Program) -> None:
    answer = crm.post(f"/callbacks/{promised(crm, state='kept')}/cancel")
    assert (answer.status_code, answer.json["code"], answer.json["detail"]) == (
        409,
        "wrong-state",
        "the promise is kept",
    )
    assert said(crm.town.store) == []


def test_promises_are_no_single_agents(crm: Program) -> None:
    id, agent = promised(crm), program(crm.town, "agent")
    for answer in (
        agent.get("/callbacks"),
        agent.get(f"/callbacks/{id}"),
        agent.post(f"/callbacks/{id}/cancel"),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "forbidden")
