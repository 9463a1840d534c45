"""Caller pop-ups of calls that really were: the tapes of whole journeys, told as Zammad's CTI is."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.hooks.teller import CTI, EVENTS, KNOWN, Teller
from cti.floor import Floor
from cti.ledger import Ledger
from cti.memory import Memory
from cti.replay import nodes
from cti.tape import Mark, Reader
from schema.bus import Envelope
from schema.calls import CallRow
from schema.desk import webhooks
from schema.ids import uuid7
from schema.outbox import OutboxRow
from schema.people import User
from schema.store import Store
from schema.webhooks import Delivery
from schema.wire import from_body
from tests.cti.tapes import WRAP_UP, ZONE, unpack


def told(store: Store, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """What a help-desk is told of the calls of a tape, by call."""
    with store.work() as work:
        keeper = User(login="keeper", name="管", post="admin", password="!", language="zh")
        work.session.add(keeper)
        work.session.flush()
        hook = webhooks.add(
            work, id=uuid7(), name="zammad", kind="cti", form="json", url="https://example.org/", events=CTI,
            by=keeper.id, known=KNOWN,
        )  # fmt: skip
        hook.made_at = datetime(2020, 1, 1, tzinfo=UTC)
    for node in nodes(folder):
        ledger = Ledger(store, Reader(folder, node, Mark()), node, Memory(), floor=Floor(ZONE, WRAP_UP))
        while ledger.step():
            pass
        ledger.stop()
    teller = Teller(store, "12345", lambda: None)
    with store.read() as session:
        rows = session.scalars(
            select(OutboxRow).where(OutboxRow.name.in_(EVENTS)).order_by(OutboxRow.id)
        ).all()
    for row in rows:
        teller.hear(Envelope(row.id, row.key, row.name, row.at, from_body(row.name, row.body)))
    calls = defaultdict(list)
    with store.read() as session:
        for body in session.scalars(select(Delivery.body).order_by(Delivery.seq)):
            calls[json.loads(body)["callId"]].append(json.loads(body))
    return calls


@pytest.mark.parametrize("name", ["callbacks", "talk", "waits"])
def test_every_real_call_pops_up_once_is_answered_and_ends_once(
    name: str, store: Store, tmp_path: Path
) -> None:
    calls = told(store, unpack(name, tmp_path / "tape"))
    with store.read() as session:
        rows = {str(row.id): row for row in session.scalars(select(CallRow)) if row.purpose != "internal"}
    assert set(calls) == set(rows) and rows
    for id, events in calls.items():
        row, names = rows[id], [one["event"] for one in events]
        assert names[0] == "newCall" and names.count("newCall") == 1, names
        assert names[-1] == "hangup" and names.count("hangup") == 1, names
        assert ("answer" in names) is (row.outcome == "answered"), (names, row.outcome)
        assert {one["direction"] for one in events} == {row.direction}
        citizen = "from" if row.direction == "in" else "to"
        assert {one[citizen] for one in events[1:]} == {row.number or "anonymous"}
        assert (events[-1]["cause"] == "normalClearing") is (row.outcome == "answered")
        if row.outcome == "answered":
            assert events[-1]["answeringNumber"] == row.seat


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url
