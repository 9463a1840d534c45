"""Codes that enrol a handset, at the desk: two handsets with one code, and whose a log-in is, also when many come."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from schema.desk import fieldlogins
from schema.desk.enrolling import make_code, plain, take_code
from schema.desk.errors import Refused
from schema.fieldaccess import FieldLogin
from schema.handsets import Handset
from schema.store import Store
from tests.field_gateway.play import Street

LASTS = timedelta(minutes=15)


def test_of_two_handsets_with_one_code_one_is_enrolled(store: Store) -> None:
    street = Street(store)
    with store.work() as work:
        code = make_code(work, worker=street.one.id, by=None, lasts=LASTS)

    def enrol(_: int) -> str:
        try:
            with store.work() as work:
                return take_code(work, code, key=secrets.token_bytes(32)).device
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(4) as many:
        seen = sorted(many.map(enrol, range(4)))
    assert seen[:3] == ["bad-code"] * 3 and seen[3].startswith("h-")
    with store.read() as session:
        row = session.get_one(Handset, seen[3])
        assert row.key is not None and row.key_revoked_at is None
        assert session.scalar(select(func.count()).select_from(Handset)) == 3


def test_a_code_for_a_known_device_renews_it(store: Store) -> None:
    street = Street(store)
    with store.work() as work:
        before = work.session.get_one(Handset, "hs1").secret
        code = make_code(work, worker=street.two.id, by=None, lasts=LASTS, device="hs1")
    with store.work() as work:
        assert take_code(work, code, key=bytes(32)).device == "hs1"
    with store.read() as session:
        row = session.get_one(Handset, "hs1")
    assert row.secret != before and row.worker == street.two.id and row.key == bytes(32)


@pytest.mark.parametrize(("device", "lacking"), [("gateway", ""), ("a b", ""), ("", "worker")])
def test_no_code_is_made_for_what_cannot_be_a_handset(store: Store, device: str, lacking: str) -> None:
    street = Street(store)
    with pytest.raises(Refused), store.work() as work:
        if lacking:
            work.session.merge(street.one).active = False
            work.session.flush()
        make_code(work, worker=street.one.id, by=None, lasts=LASTS, device=device)


def test_codes_are_read_however_they_are_typed() -> None:
    assert plain(" abcd-ef0o li1I\n") == "ABCDEF0O".replace("O", "0") + "1111"


def test_log_ins_at_once_are_numbered_and_one_holds_the_handset(store: Store) -> None:
    street = Street(store)

    def log_in(_: int) -> int:
        with store.work() as work:
            return fieldlogins.log_in(work, "hs1", street.two.id, lasts=LASTS)[0]

    with ThreadPoolExecutor(4) as many:
        assert sorted(many.map(log_in, range(4))) == [1, 2, 3, 4]
    with store.read() as session:
        open_ones = session.scalars(select(FieldLogin).where(FieldLogin.ended_at.is_(None))).all()
        assert [one.number for one in open_ones] == [4]
        handset = session.get_one(Handset, "hs1")
        now = store.clock()
        assert fieldlogins.worker_now(session, handset, now) == street.two.id
        assert fieldlogins.worker_now(session, handset, now + LASTS) == street.one.id
        assert fieldlogins.worker_of(session, handset, 1) == street.two.id, "ended, and still theirs"
        assert fieldlogins.worker_of(session, handset, None) == street.one.id
        with pytest.raises(Refused, match="no log-in 9"):
            fieldlogins.worker_of(session, handset, 9)
        assert [one.number for one, _ in fieldlogins.of_device(session, "hs1")] == [4, 3, 2, 1]
    with store.work() as work:
        assert fieldlogins.end_all(work, worker=street.two.id) == 1
        assert fieldlogins.end_all(work) == 0
