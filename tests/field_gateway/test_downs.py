"""What a device should have is what the store says: its worker's tasks on duty, what was taken back, its messages."""

from datetime import UTC, datetime

from field_gateway.downs import Open, bodies, devices_of, devices_waiting, open_items
from schema.cases import Task
from schema.desk.cases import send_back_case
from schema.desk.duty import set_duty
from schema.desk.fieldmessages import WIPE, message_shown, send_field_message, tell_device
from schema.desk.handsets import Speaker
from schema.desk.tasksdown import task_gone, task_sent, task_shown
from schema.handsets import Handset
from schema.ids import CaseId, uuid7
from schema.orders import SendBackCase, SendFieldMessage
from tests.field_gateway.play import Street, minutes


def on_duty(street: Street, device: str = "hs1", on: bool = True) -> None:
    with street.store.work() as work:
        set_duty(work, work.session.get_one(Handset, device), id=uuid7(), made=datetime.now(UTC), on=on)


def look(street: Street, device: str = "hs1", unseen: bool = False) -> Open:
    with street.store.read() as session:
        return open_items(session, device, datetime.now(UTC), unseen=unseen)


def waiting(street: Street) -> set[str]:
    with street.store.read() as session:
        return devices_waiting(session, datetime.now(UTC))


def test_tasks_are_open_on_duty_until_they_are_done(street: Street) -> None:
    task = street.dispatch()
    assert look(street) == Open() and waiting(street) == set()
    on_duty(street)
    assert [one.task for one in look(street).tasks] == [task.id]
    assert look(street, "hs2") == Open() and look(street, "hs7") == Open() and waiting(street) == {"hs1"}
    with street.store.work() as work:
        task_shown(work, Speaker("hs1", street.one.id), task.id, work.now)
    assert look(street, unseen=True).tasks == () and waiting(street) == set()
    assert [one.task for one in look(street).tasks] == [task.id]


def test_a_task_taken_back_goes_down_until_the_handset_has_taken_it_away(street: Street) -> None:
    task = street.dispatch()
    on_duty(street)
    with street.store.work() as work:
        task_sent(work, task.id, "hs1")
    before = look(street).etag
    with street.store.work() as work:
        send_back_case(work, SendBackCase(case=CaseId(task.case), reason="派错了"))
    found = look(street)
    assert found.recalled == (task.id,) and task.id not in [one.task for one in found.tasks]
    assert found.etag != before and waiting(street) == {"hs1"}
    topic, body = bodies(found)[task.id]
    assert topic == "task" and b'"recalled":true' in body
    with street.store.work() as work:
        task_gone(work, Speaker("hs1", street.one.id), task.id)
    assert look(street).recalled == ()


def test_a_task_that_never_went_down_is_not_called_back(street: Street) -> None:
    task = street.dispatch()
    with street.store.work() as work:
        send_back_case(work, SendBackCase(case=CaseId(task.case), reason="派错了"))
    on_duty(street)
    assert look(street).recalled == () and street.one_of(Task, Task.id == task.id).recalled_at is not None


def test_messages_go_to_the_device_on_duty_or_to_all_of_the_workers(street: Street) -> None:
    from schema.desk.handsets import enrol

    with street.store.work() as work:
        enrol(work, device="hs9", worker=street.one.id, secret="x" * 16)
        send_field_message(
            work, SendFieldMessage(to=(f"user:{street.one.id}",), title="通知", text="早会 8 点")
        )
    assert waiting(street) == {"hs1", "hs9"}
    on_duty(street, "hs9")
    assert waiting(street) == {"hs9"}
    (message,) = look(street, "hs9").messages
    assert (message.type, message.title, message.text, message.from_) == ("text", "通知", "早会 8 点", "")
    with street.store.read() as session:
        assert devices_of(session, street.one.id) == ["hs9"]
    with street.store.work() as work:
        message_shown(work, Speaker("hs9", street.one.id), message.id, work.now)
    assert look(street, "hs9").messages == () and waiting(street) == set()


def test_a_message_that_is_over_goes_to_nobody(street: Street) -> None:
    with street.store.work() as work:
        soon = work.now + minutes(5)
        order = SendFieldMessage(to=(f"user:{street.one.id}",), text="路过请看", expires=soon)
        send_field_message(work, order)
    assert len(look(street).messages) == 1
    with street.store.read() as session:
        assert open_items(session, "hs1", soon).messages == () and devices_waiting(session, soon) == set()


def test_an_instruction_goes_to_one_device(street: Street) -> None:
    with street.store.work() as work:
        sent = tell_device(work, "hs1", WIPE, by=None)
    assert look(street, "hs2").messages == ()
    assert [(one.id, one.type) for one in look(street).messages] == [(sent.id, "wipe")]
    with street.store.work() as work:
        message_shown(work, Speaker("hs1", street.two.id), sent.id, work.now)
    assert (
        look(street).messages == () and street.one_of(Handset, Handset.device == "hs1").wiped_at is not None
    )
