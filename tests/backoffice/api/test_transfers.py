"""Transfers: a consultation that is begun, watched, and ended one way or another."""

from typing import Any
from uuid import UUID

import pytest

from schema.calls import TransferRow
from schema.desk import orders
from schema.ids import as_id
from schema.orders import CancelConsult, CompleteTransfer, Conference, Consult, Swap
from tests.backoffice.api.conftest import CALL, Program, program, said
from tests.backoffice.api.databases import both  # noqa: F401  (both databases)
from tests.backoffice.conftest import Town

EXPERT = "number:13900000001"


def begun(crm: Program, target: str = EXPERT) -> str:
    answer = crm.post("/transfers", {"call": CALL, "target": target})
    assert answer.status_code == 202, answer.json
    assert answer.json["transfer"] == answer.json["id"]
    return str(answer.json["id"])


def come_to(town: Town, id: str, state: str, reason: str = "") -> None:
    order = next(one for one in said(town.store) if str(getattr(one, "order", "")) == id)
    with town.store.work() as work:
        orders.begin(work, order)  # type: ignore[arg-type]
        orders.progress(work, as_id(id), state, reason)


def shows(town: Town, v: int, **seat: Any) -> None:
    town.seen(v=v, seats={"101": {"state": "talking", "call": CALL, **seat}, "102": {"state": "ready"}})


def state(crm: Program, id: str) -> str:
    answer = crm.get(f"/transfers/{id}")
    assert answer.status_code == 200, answer.json
    return str(answer.json["state"])


def test_a_consultation_is_an_order_at_the_agent_of_the_call(crm: Program) -> None:
    id = begun(crm)
    (order,) = said(crm.town.store)
    assert isinstance(order, Consult) and (order.seat, order.target, str(order.order)) == ("101", EXPERT, id)
    told = crm.get(f"/transfers/{id}").json
    assert (told["call"], told["agent"], told["target"], told["state"]) == (CALL, "101", EXPERT, "starting")


@pytest.mark.parametrize(
    ("verb", "kind"),
    [("complete", CompleteTransfer), ("cancel", CancelConsult), ("swap", Swap), ("join", Conference)],
)
def test_a_step_of_a_transfer_is_an_order_at_the_same_agent(crm: Program, verb: str, kind: type) -> None:
    id = begun(crm)
    answer = crm.post(f"/transfers/{id}/{verb}")
    assert answer.status_code == 202, answer.json
    assert type(said(crm.town.store)[-1]) is kind
    assert (answer.json["agent"], answer.json["call"], answer.json["transfer"]) == ("101", CALL, id)


def test_how_it_stands_is_read_off_the_order_the_floor_and_the_records(crm: Program) -> None:
    town, id = crm.town, begun(crm)
    come_to(town, id, "sent")
    assert state(crm, id) == "starting"
    come_to(town, id, "observed")
    for v, where in enumerate(("ringing", "talking", "hold"), 2):
        shows(town, v, consult={"target": EXPERT, "state": where})
        assert state(crm, id) == where
    shows(town, 5, conference=True)
    assert state(crm, id) == "joined"
    shows(town, 6)
    assert state(crm, id) == "ended"
    town.call(id=UUID(CALL), contact=UUID(CALL))
    with town.store.work() as work:
        work.session.add(
            TransferRow(call=UUID(CALL), at=town.clock(), seat="101", target=EXPERT, how="consulted")
        )
    assert state(crm, id) == "completed"


def test_one_that_failed_or_was_cancelled_says_so(crm: Program) -> None:
    failed = begun(crm)
    come_to(crm.town, failed, "failed", "busy")
    assert crm.get(f"/transfers/{failed}").json["reason"] == "busy" and state(crm, failed) == "failed"
    other = begun(crm)
    shows(crm.town, 2, consult={"target": EXPERT, "state": "talking"})
    come_to(crm.town, crm.post(f"/transfers/{other}/cancel").json["id"], "observed")
    assert state(crm, other) == "ended"


def test_of_a_call_that_moved_on_nothing_more_is_ordered(crm: Program) -> None:
    id = begun(crm)
    crm.town.seen(v=2, seats={"101": {"state": "ready", "call": None}})
    assert crm.post(f"/transfers/{id}/complete").json["code"] == "no-call"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "call"), ({"call": "x", "target": EXPERT}, 400, "call"), ({"call": CALL}, 400, "target"),
        ({"call": CALL, "target": "queue:hotline"}, 400, "target"),
        ({"call": CALL, "target": "seat:101"}, 422, "target"),
        ({"call": CALL, "target": "number:12345"}, 422, "target"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(crm: Program, body: Any, status: int, field: str) -> None:
    answer = crm.post("/transfers", body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (status, field)


def test_outside_numbers_need_a_right_of_their_own(crm: Program) -> None:
    inside = program(crm.town, "supervisor", "call.consult", "call.transfer", "seat.on-behalf")
    assert inside.post("/transfers", {"call": CALL, "target": EXPERT}).status_code == 403
    assert inside.post(f"/calls/{CALL}/transfer", {"target": EXPERT}).status_code == 403
    assert inside.post("/transfers", {"call": CALL, "target": "seat:102"}).status_code == 202


def test_another_programs_transfer_is_not_there_for_who_may_not_act_for_others(crm: Program) -> None:
    id = begun(crm)
    agent = program(crm.town, "agent")
    assert agent.get(f"/transfers/{id}").status_code == 404
    assert agent.post(f"/transfers/{id}/complete").status_code == 404
    assert program(crm.town).get(f"/transfers/{id}").status_code == 200
