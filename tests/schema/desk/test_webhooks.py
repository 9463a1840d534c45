"""The desk of webhooks: one at a time a subscription, in order, by one process, each message once taken down."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from schema.desk import webhooks
from schema.desk.errors import Refused
from schema.desk.webhooks import LEASE, Outcome, url_fault
from schema.ids import uuid7
from schema.store import Store, UnitOfWork
from schema.webhooks import Delivery, Webhook
from tests.schema.desk.casework import Office

DAY = timedelta(hours=24)


def hook(work: UnitOfWork, desk: Office, **changes: Any) -> Webhook:
    wanted = {
        "id": uuid7(), "name": f"h{uuid7().hex[-8:]}", "kind": "webhook", "form": "json", "url": "https://example.org/",
        "events": ["calls"], "by": desk.admin, "known": ["calls", "cases"],
    }  # fmt: skip
    return webhooks.add(work, **wanted | changes)


def put(work: UnitOfWork, row: Webhook, seq: int) -> Delivery:
    made = webhooks.put(work, row.id, key=uuid7(), seq=seq, name="CallEnded", body=str(seq))
    assert made is not None
    work.session.flush()
    return made


def test_the_same_order_again_is_the_same_subscription(desk: Office) -> None:
    id = uuid7()
    for _ in range(2):
        with desk.store.work() as work:
            hook(work, desk, id=id, name="crm")
    with desk.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Webhook)) == 1


def test_messages_go_out_in_order_one_at_a_time(desk: Office) -> None:
    with desk.store.work() as work:
        row = hook(work, desk)
        for seq in (2, 1, 3):
            put(work, row, seq)
    told = []
    for _ in range(3):
        with desk.store.work() as work:
            claimed = webhooks.claim(work)
            assert claimed is not None and webhooks.claim(work) is None
        told.append(claimed.body)
        with desk.store.work() as work:
            assert webhooks.done(work, claimed, Outcome(200, 5), DAY, 0.5) == "delivered"
    assert told == ["1", "2", "3"]


def test_two_subscriptions_take_turns(desk: Office) -> None:
    with desk.store.work() as work:
        rows = [hook(work, desk), hook(work, desk)]
        for row in rows:
            put(work, row, 1)
    with desk.store.work() as work:
        first, second = webhooks.claim(work), webhooks.claim(work)
        assert first and second and {first.hook, second.hook} == {row.id for row in rows}


def test_a_lease_that_ran_out_is_somebody_elses(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.store.work() as work:
        put(work, hook(work, desk), 1)
    with desk.store.work() as work:
        first = webhooks.claim(work)
    now = desk.store.clock()
    monkeypatch.setattr(desk.store, "clock", lambda: now + LEASE + timedelta(seconds=1))
    with desk.store.read() as session:
        assert webhooks.waits(session, desk.store.clock())
    with desk.store.work() as work:
        assert webhooks.claim(work) == first


def test_what_came_of_a_try_for_one_that_was_removed_is_nothing(desk: Office) -> None:
    with desk.store.work() as work:
        row = hook(work, desk)
        put(work, row, 1)
        claimed = webhooks.claim(work)
    with desk.store.work() as work:
        webhooks.remove(work, row.id)
    assert claimed is not None
    with desk.store.work() as work:
        assert webhooks.done(work, claimed, Outcome(500, 5), DAY, 0.5) == "refused"
    with desk.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_old_messages_are_forgotten_and_those_that_still_wait_are_not(desk: Office) -> None:
    with desk.store.work() as work:
        row, asleep = hook(work, desk), hook(work, desk)
        old, waiting, done = put(work, asleep, 1), put(work, row, 2), put(work, row, 3)
        done.state = "delivered"
        webhooks.pause_hook(work, asleep.id)
        work.session.flush()
        assert webhooks.forget(work, work.now - timedelta(days=1)) == 0
        assert webhooks.forget(work, work.now + timedelta(seconds=1)) == 2
    with desk.store.read() as session:
        assert list(session.scalars(select(Delivery.id))) == [waiting.id] != [old.id]


@pytest.mark.parametrize(
    "url", ["https://example.org", "http://10.1.2.3:8080/a?b=c", "https://[2606:2800::1]/x"]
)
def test_an_address_may_be(url: str) -> None:
    assert url_fault(url) == ""


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "ftp://example.org/", "https://", "https:///x", "https://a:b@c/", "https://c/#d", "https://c:0/",
     "https://c:x/", "https://c /", "https://c/\n", "https://é/", "https://c/" + "x" * 500],
)  # fmt: skip
def test_an_address_may_not_be(url: str) -> None:
    assert url_fault(url)


def test_who_is_not_there_is_refused_by_every_order(store: Store) -> None:
    for order in (
        webhooks.pause_hook,
        webhooks.resume,
        webhooks.rotate,
        webhooks.remove,
        webhooks.send_again,
    ):
        with pytest.raises(Refused, match="there is no such"), store.work() as work:
            order(work, uuid7())
