"""A handset with a key is believed only what it signed, for its own topics, whoever else has its password."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_gateway.sending import signed_bytes
from field_gateway.shortform import short_id
from schema.desk.fieldlogins import log_in
from schema.desk.handsets import enrol
from schema.handsets import Handset as Row
from schema.handsets import InboxConflict, Refusal, Report
from schema.ids import uuid7
from tests.field_gateway.play import LAT, LON, SECRET, Handset, Street, minutes


@pytest.fixture
def key(street: Street) -> Ed25519PrivateKey:
    made = Ed25519PrivateKey.generate()
    with street.store.work() as work:
        work.session.get_one(Row, "hs1").key = made.public_key().public_bytes_raw()
    return made


def seal(key: Ed25519PrivateKey, body: bytes, topic: str = "gridline/hs1/up/report") -> str:
    import base64

    return base64.urlsafe_b64encode(key.sign(signed_bytes(topic, body))).decode().rstrip("=")


def test_what_the_key_signed_is_kept_and_nothing_else(
    street: Street, hs1: Handset, key: Ed25519PrivateKey
) -> None:
    body = hs1.report()
    other = Ed25519PrivateKey.generate()
    wrong: list[dict[str, str]] = [
        {}, {"sig": "none"}, {"sig": seal(other, body)}, {"sig": seal(key, body + b" ")},
        {"sig": seal(key, body, "gridline/hs1/up/clock")}, {"sig": seal(key, body, "gridline/hs2/up/report")},
    ]  # fmt: skip
    for properties in wrong:
        receipt = hs1.say("report", body, **properties)
        assert (receipt["status"], receipt["code"]) == ("refused", "bad-signature") and receipt["reason"]
    assert street.rows()["reports"] == 0 and street.one_of(Refusal).count == len(wrong)
    assert hs1.say("report", body, sig=seal(key, body))["status"] == "kept"
    assert hs1.say("report", body)["status"] == "again", "bytes that are known need no proof"


def test_a_forged_second_body_is_not_even_set_beside_the_first(
    street: Street, hs1: Handset, key: Ed25519PrivateKey
) -> None:
    body = hs1.report()
    hs1.say("report", body, sig=seal(key, body))
    forged = body.replace("已修好".encode(), b"forged")
    assert hs1.say("report", forged, sig=seal(key, body))["code"] == "bad-signature"
    assert street.rows()["inbox_conflicts"] == 0


def test_a_message_replayed_through_another_device_is_refused(
    street: Street, hs1: Handset, key: Ed25519PrivateKey, tmp_path: Path
) -> None:
    hs2 = Handset(street.store, tmp_path / "vault", "hs2")
    theirs = Ed25519PrivateKey.generate()
    with street.store.work() as work:
        work.session.get_one(Row, "hs2").key = theirs.public_key().public_bytes_raw()
    body = hs1.report()
    sig = seal(key, body)
    assert hs1.say("report", body, sig=sig)["status"] == "kept"
    assert hs2.say("report", body, sig=sig)["code"] == "bad-signature"
    assert street.rows()["reports"] == 1


def test_a_revoked_key_opens_nothing_until_the_handset_is_enrolled_anew(
    street: Street, hs1: Handset, key: Ed25519PrivateKey
) -> None:
    with street.store.work() as work:
        work.session.get_one(Row, "hs1").key_revoked_at = work.now
    body = hs1.report()
    receipt = hs1.say("report", body, sig=seal(key, body))
    assert receipt["code"] == "bad-signature" and "revoked" in receipt["reason"]
    with street.store.work() as work:
        enrol(work, device="hs1", worker=street.one.id, secret=SECRET)
    assert hs1.say("report", body)["status"] == "kept"


def test_words_are_whose_log_in_wrote_them(street: Street, hs1: Handset) -> None:
    with street.store.work() as work:
        first, _ = log_in(work, "hs1", street.two.id, lasts=minutes(5))
        log_in(work, "hs1", street.one.id, lasts=minutes(5))
    id = uuid7()
    assert hs1.say("report", hs1.report(id=id, login=first))["status"] == "kept"
    assert street.one_of(Report, Report.id == id).worker == street.two.id
    hs1.say("report", hs1.report())
    assert street.one_of(Report, Report.id != id).worker == street.one.id
    assert hs1.say("report", hs1.report(login=99))["code"] == "unknown-login"
    assert hs1.say("clock", hs1.body(type="clock", on=True, login=first))["status"] == "kept"
    task = street.dispatch(street.two.id)
    assert hs1.say("task", hs1.body(type="task", task=task.id, what="shown"))["code"] == "not-yours"
    shown = hs1.body(type="task", task=task.id, what="shown", login=first)
    assert hs1.say("task", shown)["status"] == "kept"


def test_a_whole_text_report_with_its_signature_is_no_more_than_300_bytes(
    street: Street, hs1: Handset, key: Ed25519PrivateKey
) -> None:
    with street.store.work() as work:
        login, _ = log_in(work, "hs1", street.one.id, lasts=minutes(5))
    message: dict[str, Any] = {
        "v": 1, "type": "report", "id": str(uuid7()), "seq": 123_456, "boot": "k7Qz2a", "mono": 86_400_000,
        "made": "2026-11-24T10:00:00+08:00", "login": login, "text": "湖滨路井盖缺失",
    }  # fmt: skip
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    sig = seal(key, body)
    assert hs1.say("report", body, sig=sig)["status"] == "kept"
    assert len(body) + len("sig") + len(sig) <= 300, len(body) + len(sig)


def test_in_short_it_has_forty_characters_and_a_place_too(
    street: Street, hs1: Handset, key: Ed25519PrivateKey
) -> None:
    with street.store.work() as work:
        login, _ = log_in(work, "hs1", street.one.id, lasts=minutes(5))
    id, text = (
        uuid7(),
        "河坊街中段路灯连续三晚不亮，老人夜间出行不便，灯杆编号湖滨零三二一，请尽快派人维修"[:40],
    )
    place = [LON + 0.000021, LAT + 0.000013, 12]
    said = [2, short_id(id), 123_456, "k7Qz2a", 86_400_000, login, text, place]
    body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    sig = seal(key, body)
    assert len(text) == 40 and len(body) + len("sig") + len(sig) <= 300, len(body) + len(sig)
    told = hs1.say("report", body, sig=sig)
    assert (told["status"], told["id"]) == ("kept", str(id)) and told["case_no"]
    report = street.one_of(Report)
    assert (report.id, report.text, report.accuracy) == (id, text, 12)
    assert abs(report.lon - LON - 0.000021) < 1e-9 and report.made_at.timestamp() == (id.int >> 80) / 1000
    assert hs1.say("report", body, sig=sig)["status"] == "again"
    other = body.replace("三晚".encode(), "四晚".encode())
    assert hs1.say("report", other, sig=seal(key, other))["code"] == "id-reused"
    assert json.loads(street.one_of(InboxConflict).body)["made"], "what people are to look at has its names"
