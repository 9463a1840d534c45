"""A worker who left, or is locked out: what has a receipt stays, what comes after is set aside, nothing comes in."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_twisted import ensureDeferred

from conf.broker import reload_broker
from conf.settings import Settings
from field_gateway.downs import open_items
from schema.desk import staff
from schema.desk.fieldlogins import log_in
from schema.desk.fieldmessages import send_field_message
from schema.desk.handsets import enrolled
from schema.fieldmessages import Poison
from schema.handsets import Report
from schema.ids import uuid7
from schema.orders import DeactivateUser, ReactivateUser, SendFieldMessage
from schema.people import User
from schema.store import Store
from tests.field_gateway.door.site import Told, basic, house
from tests.field_gateway.play import LAT, LON, SECRET, Handset, Street
from tests.field_gateway.site import field_site
from tests.real.mqtt import Peer


def leaves(store: Store, worker: User, order: type[Any] = DeactivateUser) -> None:
    carry_out: Callable[..., object] = staff.deactivate if order is DeactivateUser else staff.reactivate
    with store.work() as work:
        carry_out(work, order(by=None, user=worker.id))


def test_what_comes_after_is_set_aside_and_what_was_kept_stays(store: Store, tmp_path: Path) -> None:
    street = Street(store)
    hs1, hs2 = Handset(store, tmp_path / "vault"), Handset(store, tmp_path / "vault", "hs2")
    before, after = hs1.report(text="before"), hs1.report(text="after")
    assert hs1.say("clock", hs1.body(type="clock", on=True))["status"] == "kept"
    assert hs1.say("report", before)["status"] == "kept"
    with store.work() as work:
        send_field_message(work, SendFieldMessage(to=(f"user:{street.one.id}",), text="早会"))
    leaves(store, street.one)
    told = hs1.say("report", after)
    assert (told["status"], told["code"]) == ("refused", "worker-out")
    assert "works here no longer" in told["reason"]
    assert hs1.say("report", before)["status"] == "again", "what was answered is answered so again"
    assert hs1.say("report", after)["code"] == "worker-out"
    aside = street.one_of(Poison)
    assert (aside.body, aside.reason, aside.count) == (after, told["reason"], 2)
    assert street.one_of(Report).text == "before"
    assert hs1.say("position", hs1.positions((datetime.now(UTC), LON, LAT)))["code"] == "worker-out"
    assert hs1.chunk(uuid7(), 0, b"x")["code"] == "worker-out" and street.rows()["positions"] == 0
    with store.read() as session:
        assert open_items(session, "hs1").messages == (), "nothing goes down to it"
    assert hs2.say("report", hs2.report())["status"] == "kept", "the handsets of others are as they were"
    leaves(store, street.one, ReactivateUser)
    assert hs1.say("report", after)["status"] == "kept"


def test_what_somebody_wrote_who_left_is_set_aside_on_the_handset_of_another(
    store: Store, tmp_path: Path
) -> None:
    street, hs1 = Street(store), Handset(store, tmp_path / "vault")
    with store.work() as work:
        number, _ = log_in(work, "hs1", street.two.id, lasts=timedelta(hours=9))
    leaves(store, street.two)
    assert hs1.say("report", hs1.report(login=number))["code"] == "worker-out"
    assert json.loads(street.one_of(Poison).body)["login"] == number
    assert hs1.say("report", hs1.report())["status"] == "kept"


@ensureDeferred
async def test_the_door_is_shut_to_it_with_the_reason(site: Settings, sqlite_url: str) -> None:
    async with house(site, sqlite_url) as here:
        leaves(here.store, here.street.one)
        for method, path in (("GET", "down"), ("POST", "up/report"), ("POST", "login"), ("POST", "media")):
            headers = {"Tus_Resumable": "1.0.0", "Upload_Length": "1"}
            told: Told = await here.ask(method, f"/field/v1/{path}", Authorization=basic(), **headers)
            assert (told.status, told.json["error"]) == (403, "worker-out"), path
        told = await here.ask("GET", "/field/v1/down", Authorization=basic("hs2"))
        assert told.status == 200


@pytest.mark.real
def test_a_connected_handset_is_thrown_out_and_stays_out(site: Settings, store: Store) -> None:
    with field_site(site, store, gateway=False) as field:
        one, two = (Peer(name, SECRET, site.broker.port) for name in ("hs1", "hs2"))
        leaves(store, field.street.one)
        with store.read() as session:
            assert reload_broker(site, enrolled(session))
        assert one.lost(5)
        assert str(one.connected()) == "Not authorized"
        assert two.publish("gridline/hs2/up/report", b"x") in (0, 16) and two.losses == []
        one.close()
        two.close()
