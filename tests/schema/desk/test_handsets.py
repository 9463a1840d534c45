"""Devices are enrolled, blocked and seen."""

from datetime import UTC, datetime, timedelta

import pytest

from schema.desk import staff
from schema.desk.duty import devices_on_duty, set_duty
from schema.desk.errors import Refused
from schema.desk.fieldlogins import end_all, log_in
from schema.desk.handsets import Speaker, block, broker_hash, enrol, enrolled, who_holds
from schema.handsets import Handset
from schema.ids import uuid7
from schema.orders import DeactivateUser, LockUser, UnlockUser
from schema.store import Store
from tests.schema.desk.casework import Office

SECRET = "sixteen letters!"


def test_an_enrolled_device_has_a_hash_and_no_secret(desk: Office) -> None:
    with desk.store.work() as work:
        enrol(work, device="hs-1", worker=desk.worker, secret=SECRET)
    with desk.store.read() as session:
        (handset,) = enrolled(session)
        assert (handset.device, handset.worker, handset.blocked, handset.seen_at) == (
            "hs-1",
            desk.worker,
            False,
            None,
        )
        assert handset.secret.startswith("$7$") and SECRET not in handset.secret


def test_enrolling_again_gives_a_new_worker_and_secret_and_lets_in_again(desk: Office) -> None:
    with desk.store.work() as work:
        old = enrol(work, device="hs-1", worker=desk.worker, secret=SECRET).secret
        block(work, "hs-1")
    with desk.store.read() as session:
        assert list(enrolled(session)) == []
    with desk.store.work() as work:
        enrol(work, device="hs-1", worker=desk.worker2, secret=SECRET)
    with desk.store.read() as session:
        (handset,) = enrolled(session)
        assert handset.worker == desk.worker2 and handset.secret != old


@pytest.mark.parametrize(
    "device", ["", "gateway", "a/b", "a+b", "#", "a b", "-a", "a" * 41, "a\n", "设备", "a:b"]
)
def test_a_name_that_would_mean_something_to_the_broker_is_refused(desk: Office, device: str) -> None:
    with pytest.raises(Refused) as caught, desk.store.work() as work:
        enrol(work, device=device, worker=desk.worker, secret=SECRET)
    assert (caught.value.code, caught.value.field) == ("bad-field", "device")


def test_short_secrets_and_unknown_workers_are_refused(desk: Office) -> None:
    for worker, secret, code in ((desk.worker, "short", "bad-field"), (uuid7(), SECRET, "not-found")):
        with pytest.raises(Refused) as caught, desk.store.work() as work:
            enrol(work, device="hs-1", worker=worker, secret=secret)
        assert caught.value.code == code
    with pytest.raises(Refused, match="no handset"), desk.store.work() as work:
        block(work, "hs-1")


def test_who_holds_it_and_when_it_was_seen(desk: Office) -> None:
    now = datetime(2026, 11, 24, 10, tzinfo=UTC)
    store = Store(desk.store.engine.url.render_as_string(hide_password=False), clock=lambda: now)
    with store.work() as work:
        enrol(work, device="hs-1", worker=desk.worker, secret=SECRET)
    for later, seen in ((0, 0), (30, 0), (61, 61)):
        now = datetime(2026, 11, 24, 10, tzinfo=UTC) + timedelta(seconds=later)
        with store.work() as work:
            assert who_holds(work, "hs-1").worker == desk.worker
        with store.read() as session:
            when = session.get_one(Handset, "hs-1").seen_at
            assert when == datetime(2026, 11, 24, 10, tzinfo=UTC) + timedelta(seconds=seen)
    with pytest.raises(Refused) as caught, store.work() as work:
        who_holds(work, "hs-2")
    assert caught.value.code == "unknown-device"
    store.close()


def test_the_handset_of_somebody_who_left_or_is_locked_is_let_in_no_more(desk: Office) -> None:
    with desk.store.work() as work:
        enrol(work, device="hs-1", worker=desk.worker, secret=SECRET)
        set_duty(work, Speaker("hs-1", desk.worker), id=uuid7(), made=work.now, on=True)
        log_in(work, "hs-1", desk.worker2, lasts=timedelta(hours=9))
    for keep_out, let_in in (
        (staff.lock, LockUser), (staff.unlock, UnlockUser), (staff.deactivate, DeactivateUser)
    ):  # fmt: skip
        with desk.store.work() as work:
            keep_out(work, let_in(by=desk.admin, user=desk.worker))
        with desk.store.read() as session:
            is_in = keep_out is staff.unlock
            assert [one.device for one in enrolled(session)] == (["hs-1"] if is_in else [])
            assert devices_on_duty(session) == [], "who is kept out is on duty no longer"
        if not is_in:
            with pytest.raises(Refused) as caught, desk.store.work() as work:
                who_holds(work, "hs-1")
            assert caught.value.code == "worker-out"
    with desk.store.work() as work:
        assert enrol(work, device="hs-1", worker=desk.worker2, secret=SECRET).worker == desk.worker2
        staff.lock(work, LockUser(by=desk.admin, user=desk.worker2))
        assert end_all(work, worker=desk.worker2) == 0, "a lock logs out of handsets too"


def test_the_hash_is_salted_and_repeatable() -> None:
    salt = b"twelve bytes"
    assert broker_hash(SECRET, salt) == broker_hash(SECRET, salt) != broker_hash("another", salt)
    assert broker_hash(SECRET) != broker_hash(SECRET)
    # By `mosquitto_passwd -b` of Mosquitto 2.0.11, salt and all.
    known = "$7$101$karDygrK40osUrO9$"
    made = "5JGlouizLjzb5N/aXdTFJvgs3szKuHapjoW18Tkxx0k6bMsD1z65cHRp5Ct3rP/PFPHU9pSekms5fGtPgvmO2w=="
    import base64

    assert broker_hash("b", base64.b64decode("karDygrK40osUrO9"), 101) == known + made
