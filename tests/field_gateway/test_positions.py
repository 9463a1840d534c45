"""Messages of positions become rows in one commit, once, whatever happens, and each is answered."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from conf.positions import Positions
from field_gateway.positions import Answer, PositionIntake, Read, Said, limits_of
from field_gateway.sending import signed_bytes
from schema.desk.duty import set_duty
from schema.desk.handsets import block
from schema.handsets import Handset as HandsetRow
from schema.handsets import InboxConflict, InboxRow, Refusal
from schema.ids import uuid7
from schema.positions import Position
from schema.rules.positionfilters import Limits
from schema.store import Store
from tests.field_gateway.play import LAT, LON, Handset, Street, minutes

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def street(store: Store) -> Street:
    store.clock = lambda: NOW
    street = Street(store)
    with store.work() as work:
        for device in ("hs1", "hs2"):
            handset = work.session.get_one(HandsetRow, device)
            set_duty(work, handset, id=uuid7(), made=NOW - minutes(60), on=True)
    return street


@pytest.fixture
def intake(street: Street) -> PositionIntake:
    return PositionIntake(street.store, Positions(), 30)


def body(*points: dict[str, Any], id: UUID | None = None, **more: Any) -> bytes:
    spots = [{"lon": LON, "lat": LAT, "accuracy": 5, **point} for point in points]
    plain = {"v": 1, "type": "position", "id": str(id or uuid7()), "seq": 1, "points": spots}
    return json.dumps({**plain, **more}, default=str).encode()


def at(seconds: float, **more: Any) -> dict[str, Any]:
    return {"fixed_at": (NOW + timedelta(seconds=seconds)).isoformat(), **more}


def said(message: bytes, device: str = "hs1", **properties: str) -> Said:
    return Said(f"gridline/{device}/up/position", message, list(properties.items()))


def take(intake: PositionIntake, *messages: Said) -> list[tuple[str, Any]]:
    reads = [intake.read(one) for one in messages]
    assert all(isinstance(read, Read) for read in reads)
    answers = intake.take_all(reads)  # type: ignore[arg-type]
    return [(answer.receipt.status, getattr(answer.receipt, "code", None) or None) for answer in answers]


def statuses(found: list[tuple[str, Any]]) -> list[str]:
    return [status for status, _ in found]


def rows(street: Street) -> list[Position]:
    with street.store.read() as session:
        return list(session.scalars(select(Position).order_by(Position.device, Position.fixed_at)))


def test_many_messages_are_one_commit_and_each_has_its_answer(street: Street, intake: PositionIntake) -> None:
    both = body(at(-30), at(-20))
    messages = [said(both), said(body(at(-25)), "hs2"), said(both), said(body(at(-20)), "hs3")]
    assert statuses(take(intake, *messages)) == ["kept", "kept", "again", "refused"]
    assert [row.device for row in rows(street)] == ["hs1", "hs1", "hs2"]
    before = street.rows()
    assert statuses(take(intake, *messages[:3])) == ["again"] * 3
    assert street.rows() == before and before["inbox"] == 2
    assert street.one_of(Refusal).code == "unknown-device"
    assert intake.counts["kept"] == 3


def test_the_same_id_with_other_content_is_a_conflict_also_within_a_batch(
    street: Street, intake: PositionIntake
) -> None:
    id = uuid7()
    first, second = said(body(at(-30), id=id)), said(body(at(-20), id=id))
    assert statuses(take(intake, first, second)) == ["kept", "conflict"]
    assert statuses(take(intake, second, first)) == ["conflict", "again"]
    assert [row.fixed_at for row in rows(street)] == [NOW - timedelta(seconds=30)]
    assert street.one_of(InboxConflict).id == id


def test_off_duty_is_told_counted_once_and_not_stored(street: Street, intake: PositionIntake) -> None:
    half, none = said(body(at(-30), at(-7200))), said(body(at(-7200), at(-7100)))
    answers = intake.take_all([intake.read(half), intake.read(none)])  # type: ignore[list-item]
    assert [(a.receipt.status, a.receipt.code) for a in answers] == [
        ("kept", "off-duty"),
        ("refused", "off-duty"),
    ]
    assert "1 of 2" in str(answers[0].receipt.reason)
    assert statuses(take(intake, half, none)) == ["again", "refused"]
    assert len(rows(street)) == 1 and street.one_of(Refusal).count == 3


def test_a_message_that_is_wrong_is_answered_by_itself(street: Street, intake: PositionIntake) -> None:
    id = uuid7()
    for message, code in (
        (b"{", "not-json"),
        (body(at(-3, lon=200)), "bad-field"),
        (body(at(-3, lat=None)), "bad-field"),
        (body(at(-3, lon=None, lat=None)), "bad-field"),
        (body(id=id), "bad-field"),
        (body({"fixed_at": "9999-12-31T23:59:59-14:00"}), "bad-field"),
        (body({"fixed_at": "0001-01-01T00:00:00+14:00"}), "bad-field"),
        (body(at(-3), made=NOW.isoformat()), "bad-field"),
    ):
        answer = intake.read(said(message))
        assert isinstance(answer, Answer) and answer.receipt.code == code, message
    nobody = intake.read(Said("gridline/a b/up/position", b"{}", []))
    assert isinstance(nobody, Answer) and nobody.device == ""
    assert rows(street) == [] and street.rows()["inbox"] == 0


def test_a_blocked_device_is_refused(street: Street, intake: PositionIntake) -> None:
    with street.store.work() as work:
        block(work, "hs1")
    assert take(intake, said(body(at(-3)))) == [("refused", "blocked")]


def test_a_device_with_a_key_must_sign_and_a_log_in_must_be_known(
    street: Street, intake: PositionIntake
) -> None:
    key = Ed25519PrivateKey.generate()
    with street.store.work() as work:
        work.session.get_one(HandsetRow, "hs1").key = key.public_key().public_bytes_raw()
    message = body(at(-9))
    signature = key.sign(signed_bytes("gridline/hs1/up/position", message))
    sig = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    assert take(intake, said(message)) == [("refused", "bad-signature")]
    assert take(intake, said(body(at(-9)), sig=sig)) == [("refused", "bad-signature")]
    assert take(intake, said(message, sig=sig), said(body(at(-8), login=7), "hs2")) == [
        ("kept", None), ("refused", "unknown-login"),
    ]  # fmt: skip
    assert [row.device for row in rows(street)] == ["hs1"]


def test_who_has_lost_receipts_and_asks_is_told_what_else_is_kept(
    street: Street, intake: PositionIntake
) -> None:
    first, second = uuid7(), uuid7()
    take(intake, said(body(at(-30), id=first, seq=4)))
    read = intake.read(said(body(at(-20), id=second, seq=5), low="4"))
    assert isinstance(read, Read) and intake.take_all([read])[0].receipt.ids == (first,)


def test_a_wrong_clock_is_corrected_and_what_it_said_is_kept(street: Street, intake: PositionIntake) -> None:
    ahead = (NOW + timedelta(hours=3)).isoformat()
    assert statuses(take(intake, said(body(at(3 * 3600 - 60)), sent=ahead))) == ["kept"]
    row = rows(street)[0]
    assert (row.fixed_at, row.told_at, row.flag) == (
        NOW - timedelta(seconds=60), NOW + timedelta(seconds=3 * 3600 - 60), "",
    )  # fmt: skip
    # The clock is slow by an hour, the position's time is that of the satellites: it is right as it is.
    slow = (NOW - timedelta(hours=1)).isoformat()
    take(intake, said(body(at(-10)), sent=slow))
    assert rows(street)[1].fixed_at == NOW - timedelta(seconds=10)
    # Off by less than two minutes is right.
    take(intake, said(body(at(-5)), sent=(NOW + timedelta(seconds=119)).isoformat()))
    assert rows(street)[2].told_at is None


def test_what_a_position_says_besides_its_place_is_kept(street: Street, intake: PositionIntake) -> None:
    cells = [{"mcc": 460, "mnc": 0, "lac": 1, "cid": 2, "signal": -70}]
    take(intake, said(body(at(-9, speed=1.2, bearing=3, altitude=4, cells=cells), at(-5, valid=False))))
    first, second = rows(street)
    assert (first.speed, first.bearing, first.altitude, second.flag) == (1.2, 3, 4, "invalid")
    assert json.loads(first.cells or "") == [cells[0] | {"age": 0}]


def test_the_limits_are_those_of_the_site(street: Street) -> None:
    assert limits_of(Positions()) == Limits()
    strict = PositionIntake(street.store, Positions(accuracy=10.0), 1)
    take(strict, said(body(at(-9, accuracy=11))))
    assert rows(street)[0].flag == "inaccurate"


def test_one_message_over_http_goes_the_same_way(street: Street, tmp_path: Path) -> None:
    handset = Handset(street.store, tmp_path / "vault")
    message = body(at(-9))
    assert handset.say("position", message)["status"] == "kept"
    assert handset.say("position", message)["status"] == "again"
    assert street.one_of(InboxRow).kind == "position" and len(rows(street)) == 1


def test_what_was_sent_away_is_written_down(street: Street, intake: PositionIntake) -> None:
    intake.note_shed({"hs1": 40, "hs2": 2})
    intake.note_shed({"hs1": 2})
    with street.store.read() as session:
        assert {(r.device, r.code): r.count for r in session.query(Refusal)} == {
            ("hs1", "later"): 42,
            ("hs2", "later"): 2,
        }
