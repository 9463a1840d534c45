"""The seat page and its orders to the telephone room."""

import hashlib
import json

from sqlalchemy import select

from backoffice.seat import digest_of
from schema.ids import uuid7
from schema.orders import OpenSeat, Order, SkillSeat
from schema.outbox import OrderRow, OutboxRow
from schema.people import AuditRow
from schema.wire import from_body
from tests.backoffice.conftest import Town

CONTROLS = """
seat-open seat-ready seat-pause seat-reason seat-close seat-state softphone-state feed-state
bridge-state call-number call-language call-waited call-answer call-mute call-hangup call-history
wrapup-done waiting-list case-class case-kind case-title case-text case-cell case-address case-lon
case-lat case-map case-file dispatch-worker dispatch-send
"""


def orders(town: Town) -> list[Order]:
    with town.store.read() as session:
        rows = session.scalars(
            select(OutboxRow).where(OutboxRow.kind == "order").order_by(OutboxRow.id)
        ).all()
    found = [from_body(row.name, row.body) for row in rows]
    assert all(isinstance(order, Order) for order in found)
    return found  # type: ignore[return-value]


def test_the_page_has_every_control_an_agent_needs(town: Town) -> None:
    html = town.visit("agent").text("/seat")
    for control in CONTROLS.split():
        assert f'data-testid="{control}"' in html, control
    assert "文三路网格" in html


def test_opening_gives_the_secret_once_and_only_its_hash_to_the_room(town: Town) -> None:
    answer = town.visit("agent").post("/api/seat/open", json={})
    line = answer.json
    assert (line["seat"], line["user"], line["realm"]) == ("101", "seat101", "gridline")
    assert line["socket"] == "ws://127.0.0.1:8188/ws" and len(line["secret"]) >= 32
    order, can = orders(town)
    assert isinstance(order, OpenSeat) and isinstance(can, SkillSeat)
    assert (can.seat, can.languages, can.skills, can.queues) == ("101", "", "", "")
    wanted = hashlib.md5(f"seat101:gridline:{line['secret']}".encode(), usedforsecurity=False).hexdigest()
    assert order.digest == wanted == digest_of("seat101", line["secret"])
    assert (order.seat, order.user, order.by, str(order.order)) == (
        "101", town.users["agent"].id, town.users["agent"].id, line["order"],
    )  # fmt: skip
    with town.store.read() as session:
        kept = [str(vars(row)) for table in (OutboxRow, AuditRow) for row in session.scalars(select(table))]
    assert kept and not any(line["secret"] in row for row in kept)
    assert ("seat", {"seat": "101", "order": line["order"]}) in [
        (t, json.loads(b)) for t, b in town.shouts if b
    ]


def test_opening_again_makes_a_fresh_secret(town: Town) -> None:
    agent = town.visit("agent")
    secrets = {agent.post("/api/seat/open", json={}).json["secret"] for _ in range(3)}
    assert len(secrets) == 3


def test_one_without_a_seat_is_told_so(town: Town) -> None:
    with town.store.work() as work:
        user = work.session.get_one(type(town.users["agent"]), town.users["agent"].id)
        user.seat = None
    agent = town.visit("agent")
    assert "没有分配座席号" in agent.text("/seat")
    assert agent.post("/api/seat/open", json={}).status_code == 403


def test_the_progress_of_ones_own_order_is_told_and_nobody_elses(town: Town) -> None:
    agent, mine, other = town.visit("agent"), uuid7(), uuid7()
    with town.store.work() as work:
        for id, by in ((mine, town.users["agent"].id), (other, town.users["supervisor"].id)):
            work.session.add(
                OrderRow(order=id, name="OpenSeat", body={}, state="failed", by=by, made_at=work.now,
                         changed_at=work.now, reason="no such endpoint")
            )  # fmt: skip
    assert agent.get(f"/api/orders/{mine}").json == {"state": "failed", "reason": "no such endpoint"}
    assert agent.get(f"/api/orders/{other}").json == {"state": "intent", "reason": ""}
    assert agent.get(f"/api/orders/{uuid7()}").json == {"state": "intent", "reason": ""}
    assert agent.get("/api/orders/x").status_code == 404
