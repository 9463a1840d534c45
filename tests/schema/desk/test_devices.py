"""Handsets as the office sees and orders them about, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from schema.desk import devices, fieldlogins
from schema.desk.errors import Refused
from schema.desk.fieldmessages import message_shown, messages_for
from schema.desk.handsets import Speaker, enrol
from schema.desk.inbox import refuse
from schema.handsets import Duty, Handset
from schema.ids import uuid7
from schema.orders import BlockHandset, EndHandsetLogins, RevokeHandsetKey, UnblockHandset, WipeHandset
from schema.outbox import OutboxRow
from tests.schema.desk.casework import Office

LONG = timedelta(minutes=30)


@pytest.fixture
def three(desk: Office) -> Office:
    """hs-1 on duty and silent, with a key and somebody logged in; hs-2 on duty and heard of; hs-3 of another worker."""
    with desk.store.work() as work:
        for name, worker in (("hs-1", desk.worker), ("hs-2", desk.worker), ("hs-3", desk.worker2)):
            row = enrol(work, device=name, worker=worker, secret="sixteen letters!")
            row.seen_at = work.now - timedelta(minutes=5 if name == "hs-2" else 50)
            row.backlog = 4 if name == "hs-3" else 0
            if name != "hs-3":
                begun = work.now - timedelta(hours=2)
                work.session.add(
                    Duty(id=uuid7(), worker=worker, device=name, started_at=begun, ended_at=None)
                )
        work.session.get_one(Handset, "hs-1").key = b"k" * 32
        refuse(work, device="hs-1", topic="t", code="bad-field", reason="no", count=3)
        fieldlogins.log_in(work, "hs-1", desk.worker2, lasts=timedelta(days=1))
        # whoever logs in is heard of: put it back
        work.session.get_one(Handset, "hs-1").seen_at = work.now - timedelta(minutes=50)
    return desk


def names(desk: Office, **asked: str) -> list[str]:
    with desk.store.read() as session:
        return [one.row.device for one in devices.devices(session, desk.store.clock(), LONG, **asked)[0]]


def facts(desk: Office) -> list[str]:
    with desk.store.read() as session:
        found = session.scalars(
            select(OutboxRow.name).where(OutboxRow.name.like("Handset%")).order_by(OutboxRow.id)
        )
        return list(found)


def test_the_list_is_asked_by_state_and_words(three: Office) -> None:
    assert names(three) == ["hs-1", "hs-2", "hs-3"] and names(three, behind="hs-1") == ["hs-2", "hs-3"]
    assert names(three, words="HS-2") == ["hs-2"] and names(three, words="%") == []
    with three.store.read() as session:
        counted = devices.counted(session, three.store.clock(), LONG)
        one = devices.one_device(session, "hs-1", three.store.clock(), LONG)
        assert devices.counted(session, three.store.clock(), timedelta())["silent"] == 0
    assert counted == {"all": 3, "duty": 2, "silent": 1, "backlog": 1, "blocked": 0, "wiping": 0}
    assert {state: len(names(three, state=state)) for state in devices.STATES} == counted
    assert (one.refused, one.holder != "", one.silent is not None, one.wiping) == (3, True, True, None)
    with three.store.read() as session, pytest.raises(Refused, match="no handset"):
        devices.one_device(session, "hs-9", three.store.clock(), LONG)


def test_a_blocked_handset_is_out_until_it_is_let_in_again(three: Office) -> None:
    order = BlockHandset(order=uuid7(), by=three.supervisor, device="hs-1", reason=" 丢失 ")
    for _ in range(2):
        with three.store.work() as work:
            assert devices.block_handset(work, order).blocked
    assert facts(three) == ["HandsetBlocked"], "the same order again changes nothing"
    assert names(three, state="blocked") == ["hs-1"] and names(three, state="silent") == []
    with three.store.read() as session:
        login, _ = fieldlogins.of_device(session, "hs-1")[0]
        assert login.ended_at is not None
    for _ in range(2):
        with three.store.work() as work:
            devices.unblock_handset(work, UnblockHandset(by=three.admin, device="hs-1"))
    assert facts(three) == ["HandsetBlocked", "HandsetUnblocked"] and names(three, state="blocked") == []


def test_a_key_is_revoked_once_and_log_ins_end(three: Office) -> None:
    for _ in range(2):
        with three.store.work() as work:
            devices.revoke_key(work, RevokeHandsetKey(by=three.admin, device="hs-1"))
    with three.store.work() as work:
        assert devices.end_logins(work, EndHandsetLogins(by=three.admin, device="hs-1")) == 1
    with three.store.work() as work:
        assert devices.end_logins(work, EndHandsetLogins(by=three.admin, device="hs-1")) == 0
    assert facts(three) == ["HandsetKeyRevoked"]


def test_a_wipe_waits_for_the_handset_until_it_says_that_it_did(three: Office) -> None:
    order = WipeHandset(order=uuid7(), by=three.supervisor, device="hs-3")
    with three.store.work() as work:
        message = devices.wipe_handset(work, order)
    with three.store.work() as work:
        assert devices.wipe_handset(work, order).id == message.id
    assert names(three, state="wiping") == ["hs-3"]
    with three.store.work() as work:
        assert [one.kind for one, _ in messages_for(work.session, "hs-3", [], work.now)] == ["wipe"]
        message_shown(work, Speaker("hs-3", three.worker2), message.id, work.now)
    assert names(three, state="wiping") == []
    with three.store.read() as session:
        assert session.get_one(Handset, "hs-3").wiped_at is not None


def test_what_cannot_be_done_is_refused(three: Office) -> None:
    with three.store.work() as work:
        devices.block_handset(work, BlockHandset(by=None, device="hs-3", reason="x"))
    tries: list[tuple[Callable[..., object], object, str]] = [
        (devices.block_handset, BlockHandset(by=three.admin, device="hs-1", reason=" "), "bad-field"),
        (devices.block_handset, BlockHandset(by=three.admin, device="hs-9", reason="x"), "not-found"),
        (devices.block_handset, BlockHandset(by=three.agent, device="hs-1", reason="x"), "not-allowed"),
        (devices.revoke_key, RevokeHandsetKey(by=three.admin, device="hs-2"), "wrong-state"),
        (devices.wipe_handset, WipeHandset(by=three.admin, device="hs-3"), "wrong-state"),
    ]
    for carry_out, order, code in tries:
        with pytest.raises(Refused) as refused, three.store.work() as work:
            carry_out(work, order)
        assert refused.value.code == code, order
