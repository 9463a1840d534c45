"""The street on real parts: a signed handset, its own case, edits, messages both ways, a task taken back, a wipe."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conf.settings import Settings
from schema.cases import Case, Task
from schema.desk.cases import send_back_case
from schema.desk.fieldmessages import WIPE, send_field_message, tell_device
from schema.fieldmessages import FieldMessageCopy, FieldNote
from schema.handsets import Handset as Row
from schema.handsets import Report
from schema.ids import CaseId, uuid7
from schema.orders import SendBackCase, SendFieldMessage
from schema.store import Store
from tests.field_gateway.play import LAT, LON, SECRET
from tests.field_gateway.site import FieldSite, field_site
from tests.patience import until
from tests.real.mqtt import Peer

pytestmark = pytest.mark.real


@pytest.fixture
def field(site: Settings, store: Store) -> Iterator[FieldSite]:
    with field_site(site, store) as made:
        yield made


def test_a_signed_handset_goes_through_its_day(field: FieldSite, tmp_path: Path) -> None:
    handset = field.handset(tmp_path)
    with field.store.work() as work:
        work.session.get_one(Row, "hs1").key = handset.key.public
    handset.clock_on()
    report = handset.report(text="井盖不见了", lon=LON, lat=LAT, photo=True)
    assert handset.wait_delivered(20), handset.failed()
    case = field.street.one_of(Case)
    assert field.street.one_of(Report).case == case.id
    handset.edit(report, text="井盖找到了")
    handset.tell_desk("在路边找到的")
    assert handset.wait_delivered(), handset.failed()
    assert field.street.one_of(Report).version == 2 and field.street.one_of(FieldNote).text == "在路边找到的"
    late = handset.edit(report, text="又不见了")
    until(lambda: late in handset.failed())
    with field.store.work() as work:
        order = SendFieldMessage(to=(f"user:{field.street.one.id}",), title="通知", text="早会")
        send_field_message(work, order)
    until(lambda: [one["text"] for one in handset.messages] == ["早会"])
    until(lambda: field.street.one_of(FieldMessageCopy).shown_at is not None)
    assert field.street.one_of(FieldMessageCopy).sent_at is not None


def test_a_task_taken_back_leaves_the_handset_and_a_wiped_one_forgets(
    field: FieldSite, tmp_path: Path
) -> None:
    handset = field.handset(tmp_path)
    handset.clock_on()
    assert handset.wait_delivered()
    task = field.street.dispatch()
    until(lambda: [one.task for one in handset.tasks()] == [task.id], 30)
    until(lambda: field.street.one_of(Task).state == "shown")
    with field.store.work() as work:
        send_back_case(work, SendBackCase(case=CaseId(task.case), reason="派错了"))
    until(lambda: field.street.one_of(Task, Task.id == task.id).gone_at is not None)
    assert task.id not in [one.task for one in handset.tasks()]
    with field.store.work() as work:
        tell_device(work, "hs1", WIPE, by=None)
    until(lambda: field.street.one_of(Row, Row.device == "hs1").wiped_at is not None)
    assert handset.tasks() == [] and not list((tmp_path / "hs1" / "history").glob("*report*"))


def test_with_anothers_password_alone_nothing_is_believed(field: FieldSite, tmp_path: Path) -> None:
    """Somebody has the password of hs2, and not its key: they may speak, and nothing of it is taken."""
    handset = field.handset(tmp_path, "hs2")
    with field.store.work() as work:
        work.session.get_one(Row, "hs2").key = handset.key.public
    handset.report(text="我的")
    assert handset.wait_delivered()
    handset.go_offline()
    thief = Peer("hs2", SECRET, field.settings.broker.port)
    body = b'{"v":1,"type":"report","id":"%s","seq":9,"made":"2026-11-24T10:00:00Z","text":"forged"}'
    thief.subscribe("gridline/hs2/down/#")
    thief.publish("gridline/hs2/up/report", body % str(uuid7()).encode())
    assert thief.publish("gridline/hs1/up/report", body % str(uuid7()).encode()) == 135
    until(lambda: any(b"bad-signature" in told for _, told in thief.heard))
    thief.close()
    assert field.street.one_of(Report).text == "我的"
