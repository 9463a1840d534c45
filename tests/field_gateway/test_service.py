"""The gateway on real parts: what goes up is kept and answered, tasks go down, bad input disturbs nobody."""

import hashlib
import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from conf.settings import Settings
from conf.tools import Tools
from field_gateway import pulse
from schema.cases import Case, Task
from schema.desk.cases import dispatch_case
from schema.handsets import Media, Refusal, Report
from schema.ids import CaseId, uuid7
from schema.orders import DispatchCase
from schema.positions import Position
from schema.store import Store
from tests.field_gateway.play import LAT, LON, SECRET, announced, minutes
from tests.field_gateway.site import FieldSite, field_site
from tests.patience import LONG, until
from tests.real.mqtt import Peer

pytestmark = pytest.mark.real


@pytest.fixture
def field(site: Settings, store: Store) -> Iterator[FieldSite]:
    with field_site(site, store) as made:
        yield made


def receipts(peer: Peer) -> list[dict[str, object]]:
    return [json.loads(body) for topic, body in peer.heard if topic.endswith("receipt")]


def test_from_task_to_photo(field: FieldSite, tmp_path: Path) -> None:
    task = field.street.dispatch()
    handset = field.handset(tmp_path)
    time.sleep(0.5)
    assert handset.tasks() == []  # not on duty yet
    handset.clock_on()
    until(lambda: handset.tasks())
    seen = handset.tasks()[0]
    assert (seen.task, seen.case, seen.contact, seen.title, seen.note) == (
        task.id, task.case, task.contact, "路灯不亮", "带梯子",
    )  # fmt: skip
    until(lambda: field.street.one_of(Task).state == "shown")
    assert handset.wait_delivered()
    handset.go_offline()
    report = handset.report(task=task.id, text="灯泡已换", lon=LON, lat=LAT, photo=True)
    assert handset.waiting() == [report] and handset.tasks() == []
    assert handset.go_online()
    assert handset.wait_delivered(20), handset.failed()
    assert field.street.one_of(Case).state == "handled"
    row = field.street.one_of(Media)
    assert (row.state, row.report) == ("whole", report)
    before = field.street.rows()
    assert handset.send_again(report) == "again"
    assert field.street.rows() == before
    names = [name for name in field.street.facts() if name != "DutyStarted"]
    assert names == ["TaskSent", "TaskShown", "ReportReceived", "CaseHandled", "MediaReceived"]
    assert not list((tmp_path / "hs1" / "photos").iterdir())


def test_a_task_dispatched_on_duty_goes_down_at_once(field: FieldSite, tmp_path: Path) -> None:
    task = field.street.dispatch()
    with field.store.work() as work:
        work.session.get_one(Task, task.id).state = "recalled"
        work.session.get_one(Case, task.case).state = "filed"
    handset = field.handset(tmp_path)
    handset.clock_on()
    assert handset.wait_delivered()
    with field.store.work() as work:
        made = dispatch_case(work, DispatchCase(case=CaseId(task.case), worker=field.street.one.id))
    began = time.monotonic()
    until(lambda: [one.task for one in handset.tasks()] == [made.id])
    assert time.monotonic() - began < 3


def test_a_task_reaches_a_handset_that_was_away_when_it_was_sent(field: FieldSite, tmp_path: Path) -> None:
    handset = field.handset(tmp_path)
    handset.clock_on()
    assert handset.wait_delivered()
    handset.go_offline()
    task = field.street.dispatch()
    with field.store.work() as work:
        from schema.facts import CaseDispatched
        from schema.ids import ContactId, TaskId

        work.emit(
            CaseDispatched(
                at=work.now, contact=ContactId(task.contact), case=CaseId(task.case), case_no="S1",
                state="dispatched", version=1, task=TaskId(task.id), worker=field.street.one.id,
            )
        )  # fmt: skip
    until(lambda: field.street.one_of(Task).state == "sent")
    assert handset.go_online()
    until(lambda: field.street.one_of(Task).state == "shown")


def test_off_duty_positions_leave_the_handset_and_are_kept_nowhere(field: FieldSite, tmp_path: Path) -> None:
    handset = field.handset(tmp_path)
    now = datetime.now(UTC)
    handset.positions([(now, LON, LAT)])
    assert handset.wait_delivered() and handset.failed() == {}
    assert field.street.rows()["positions"] == 0 and field.street.one_of(Refusal).code == "off-duty"
    handset.clock_on()
    handset.positions([(datetime.now(UTC), LON, LAT)])
    assert handset.wait_delivered()
    assert field.street.one_of(Position).flag == ""


def test_a_report_from_a_clock_that_runs_ahead_is_kept_with_a_flag(field: FieldSite, tmp_path: Path) -> None:
    handset = field.handset(tmp_path)
    tomorrow = datetime.now(UTC) + minutes(1440)
    handset.report(text="明天的", made=tomorrow)
    assert handset.wait_delivered()
    report = field.street.one_of(Report)
    assert (report.flag, report.told_at) == ("clock", tomorrow)
    assert abs((report.made_at - report.at).total_seconds()) < 60


def test_in_silence_the_gateway_s_own_word_goes_round_and_the_connection_stays(
    field: FieldSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    felt: list[bytes] = []
    field.stop_gateway()
    gateway = field.start_gateway()
    hears = gateway.link._heard
    monkeypatch.setattr(pulse, "EVERY", 0.1)
    monkeypatch.setattr(gateway.link, "_heard", lambda arrived: (felt.append(arrived.body), hears(arrived)))
    epoch = gateway.link._epoch
    until(lambda: len(felt) >= 3)
    assert set(felt) == {b""} and gateway.link._epoch == epoch
    with field.store.read() as session:
        assert session.scalars(select(Refusal)).all() == []


def test_bad_credentials_are_told(field: FieldSite, tmp_path: Path) -> None:
    from demo.handset import Handset

    wrong = Handset("hs1", "not the secret", "127.0.0.1", field.settings.broker.port, tmp_path / "wrong")
    report = wrong.report(text="kept all the same")
    assert not wrong.go_online()
    assert wrong.refusal == "Not authorized" and wrong.waiting() == [report]
    wrong.close()
    good = field.handset(tmp_path)
    good.report(text="others are not disturbed")
    assert good.wait_delivered()


def test_bad_messages_are_answered_and_disturb_nobody(field: FieldSite, tmp_path: Path) -> None:
    peer = Peer("hs2", SECRET, field.settings.broker.port)
    peer.subscribe("gridline/hs2/down/#")
    other = field.handset(tmp_path)
    id = str(uuid7())
    wrong = {"v": 1, "id": id, "seq": 1, "made": "2026-11-24T10:00:00Z", "type": "report", "text": 5}
    assert peer.publish("gridline/hs1/up/report", b"{}") == 135  # another's topic
    assert peer.publish("gridline/hs2/up/report", b"{no json") == 0
    assert peer.publish("gridline/hs2/up/report", json.dumps(wrong).encode()) == 0
    assert peer.publish("gridline/hs2/up/song", b"la la la") == 0
    assert peer.publish("gridline/hs2/up/media/x", b"data", user=[("offset", "a")]) == 0
    peer.wait(3)
    assert [(one["id"], one["status"], one["code"]) for one in receipts(peer)] == [
        (None, "refused", "not-json"), (id, "refused", "bad-field"), (None, "refused", "bad-field"),
    ]  # fmt: skip
    assert "$.text" in str(receipts(peer)[1]["reason"])
    other.report(text="nobody is disturbed")
    assert other.wait_delivered()
    counted = {(row.device, row.code): row.count for row in _refusals(field)}
    assert counted == {("hs2", "not-json"): 1, ("hs2", "bad-field"): 2, ("hs2", "bad-topic"): 1}
    peer.close()


def _refusals(field: FieldSite) -> list[Refusal]:
    with field.store.read() as session:
        return list(session.scalars(select(Refusal)))


def test_an_oversized_message_ends_only_its_own_connection(field: FieldSite, tmp_path: Path) -> None:
    peer = Peer("hs2", SECRET, field.settings.broker.port)
    other = field.handset(tmp_path)
    peer.publish("gridline/hs2/up/report", b"x" * field.settings.broker.max_packet, wait=False)
    assert peer.lost(5) == "Packet too large"
    peer.close()
    other.report(text="nobody is disturbed")
    assert other.wait_delivered()
    assert field.street.rows()["reports"] == 1


def test_our_handset_keeps_what_is_too_large_to_send(field: FieldSite, tmp_path: Path) -> None:
    handset = field.handset(tmp_path)
    big = handset.positions([(datetime.now(UTC), LON, LAT)] * 5000)
    until(lambda: big in handset.failed())
    assert "larger" in handset.failed()[big] and handset.is_online


def test_a_photo_that_is_no_photo_is_told_and_its_words_are_kept(field: FieldSite, tmp_path: Path) -> None:
    junk = tmp_path / "junk.jpg"
    junk.write_bytes(b"MZ\x90\x00 this is a program\n" * 2000)
    handset = field.handset(tmp_path)
    report = handset.report(text="看照片", photo=junk)
    until(lambda: report in handset.failed())
    assert handset.waiting() == []
    assert field.street.one_of(Report).text == "看照片" and field.street.one_of(Media).state == "refused"
    assert any(one["code"] == "no-photo" for one in handset.receipts if "code" in one)


def test_a_duplicate_and_a_conflict_by_another_client(field: FieldSite) -> None:
    """Sent and heard by Mosquitto's own client: nothing of ours on the handset's side."""
    tool = Tools(field.settings.tools).mosquitto_rr()
    id = str(uuid7())
    heard = []
    for text in ("one", "one", "two"):
        report = {"v": 1, "id": id, "seq": 1, "made": "2026-11-24T10:00:00Z", "type": "report", "text": text}
        ask = [
            str(tool), "-p", str(field.settings.broker.port), "-V", "5", "-u", "hs1", "-P", SECRET, "-q", "1",
            "-W", f"{LONG:.0f}", "-i", "hs1", "-t", "gridline/hs1/up/report", "-e", "gridline/hs1/down/receipt",
            "-m", json.dumps(report),
        ]  # fmt: skip
        done = subprocess.run(ask, capture_output=True, text=True, check=True, timeout=LONG + 10)
        heard.append(json.loads(done.stdout))
    assert [one["status"] for one in heard] == ["kept", "again", "conflict"]
    assert {one["id"] for one in heard} == {id}
    assert field.street.one_of(Report).text == "one" and field.street.rows()["inbox_conflicts"] == 1


def test_a_photo_resumes_after_the_handset_was_switched_off(field: FieldSite, tmp_path: Path) -> None:
    first = field.handset(tmp_path, resend=3)
    report = first.report(text="大照片", photo=True)
    until(lambda: _received(field, report) > 0)
    first.close()
    again = field.handset(tmp_path)
    assert again.waiting() in ([report], [])
    assert again.wait_delivered(20)
    assert field.street.one_of(Media).state == "whole"


def _received(field: FieldSite, report: UUID) -> int:
    with field.store.read() as session:
        row = session.scalars(select(Media).where(Media.report == report)).first()
        return row.received if row else 0


def test_words_overtake_a_large_photo(field: FieldSite, tmp_path: Path) -> None:
    handset = field.handset(tmp_path)
    handset.go_offline()
    with_photo = handset.report(text="先写的，有照片", photo=True)
    words = handset.report(text="后写的，只有字")
    assert handset.go_online()
    until(lambda: field.street.rows()["reports"] == 2)
    until(lambda: words not in handset.waiting())
    assert handset.wait_delivered(20)
    order = [one["id"] for one in handset.receipts]
    media = str(field.street.one_of(Media).id)
    assert order.index(str(words)) < len(order) - 1 - order[::-1].index(media)
    assert str(with_photo) in order


def test_a_chunk_by_hand_is_answered_with_the_received_length(field: FieldSite) -> None:
    peer = Peer("hs2", SECRET, field.settings.broker.port)
    peer.subscribe("gridline/hs2/down/#")
    data, media = b"0123456789" * 100, uuid7()
    report = {
        "v": 1, "id": str(uuid7()), "seq": 1, "made": "2026-11-24T10:00:00Z", "type": "report", "text": "x",
        "media": [announced(data, media)],
    }  # fmt: skip
    peer.publish("gridline/hs2/up/report", json.dumps(report).encode())
    for offset, length in ((0, 100), (500, 100), (0, 100)):
        piece = data[offset : offset + length]
        sums = [("offset", str(offset)), ("sha256", hashlib.sha256(piece).hexdigest())]
        peer.publish(f"gridline/hs2/up/media/{media}", piece, user=sums)
    peer.wait(4)
    states = [(one["status"], one.get("code"), one["media"][0]["received"]) for one in receipts(peer)]  # type: ignore[index]
    assert states == [
        ("kept", None, 0),
        ("kept", None, 100),
        ("refused", "offset", 100),
        ("again", None, 100),
    ]
    peer.close()
