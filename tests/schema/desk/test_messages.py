"""Messages go to each once, are everybody's own to read and throw away, and hang together in threads."""

from typing import Any
from uuid import UUID

import pytest

from schema.desk.errors import Refused
from schema.desk.messages import (
    IN,
    SENT,
    box_of,
    groups,
    keep_group,
    mark_read,
    send_message,
    thread_of,
    throw_away,
    unread,
)
from schema.ids import uuid7
from schema.notices import Message, MessageGroup
from schema.orders import KeepGroup, SendMessage
from schema.people import Department, User
from tests.schema.desk.casework import Office


def send(desk: Office, to: list[str], by: UUID | None = None, **more: Any) -> Message:
    order = SendMessage(
        **{"by": by or desk.agent, "to": tuple(to), "subject": "停水通知", "text": "明天停水。"} | more
    )
    with desk.store.work() as work:
        return send_message(work, order)


def box(desk: Office, owner: UUID, name: str = IN, words: str = "") -> list[str]:
    with desk.store.read() as session:
        return [row.message.text for row in box_of(session, owner, name, words)]


def count(desk: Office, owner: UUID) -> int:
    with desk.store.read() as session:
        return unread(session, owner)


def test_one_person_gets_it_and_the_sender_keeps_it(desk: Office) -> None:
    sent = send(desk, [f"user:{desk.worker}"])
    assert (box(desk, desk.worker), box(desk, desk.agent), box(desk, desk.agent, SENT)) == (
        ["明天停水。"], [], ["明天停水。"],
    )  # fmt: skip
    assert (count(desk, desk.worker), count(desk, desk.agent)) == (1, 0)
    assert sent.to == [{"kind": "user", "id": str(desk.worker), "name": "name of worker"}]
    assert [row.body["to"] for row in desk.said() if row.name == "MessageSent"] == [[str(desk.worker)]]


def test_who_is_in_several_of_the_chosen_gets_it_once_and_who_has_left_not_at_all(desk: Office) -> None:
    with desk.store.work() as work:
        city = Department(code="12345", name="市")
        work.session.add(city)
        work.session.flush()
        unit = Department(code="SZ", name="市政", parent=city.id)
        work.session.add(unit)
        work.session.flush()
        work.session.get_one(User, desk.worker).department = unit.id
        work.session.get_one(User, desk.clerk).department = city.id
        work.session.get_one(User, desk.expert).department = city.id
        work.session.get_one(User, desk.expert).active = False
        group = keep_group(
            work, KeepGroup(by=desk.supervisor, name="路灯", members=(desk.worker, desk.agent))
        )
    assert group is not None
    send(desk, [f"user:{desk.worker}", f"group:{group.id}", f"department:{city.id}"])
    assert [count(desk, one) for one in (desk.worker, desk.clerk, desk.expert, desk.agent)] == [1, 1, 0, 0]


def test_the_same_order_again_sends_nothing_twice(desk: Office) -> None:
    order = uuid7()
    first = send(desk, [f"user:{desk.worker}"], order=order)
    assert send(desk, [f"user:{desk.worker}"], order=order).id == first.id and count(desk, desk.worker) == 1
    with pytest.raises(Refused) as refused:
        send(desk, [f"user:{desk.worker}"], by=desk.clerk, order=order)
    assert refused.value.field == "order"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": []}, "to"), ({"to": ["user:x"]}, "to"), ({"to": [f"user:{uuid7()}"]}, "to"),
        ({"to": [f"boss:{uuid7()}"]}, "to"), ({"to": ["user:x"] * 101}, "to"), ({"subject": " "}, "subject"),
        ({"subject": "x" * 201}, "subject"), ({"text": ""}, "text"), ({"text": "a\0b"}, "text"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nobody_gets_anything(
    desk: Office, changes: dict[str, Any], field: str
) -> None:
    given = {"to": [f"user:{desk.worker}"]} | changes
    with pytest.raises(Refused) as refused:
        send(desk, given.pop("to"), **given)
    assert (refused.value.code, refused.value.field, count(desk, desk.worker)) == ("bad-field", field, 0)


def test_an_answer_is_in_the_thread_and_only_who_has_it_can_answer(desk: Office) -> None:
    first = send(desk, [f"user:{desk.worker}"])
    answer = send(desk, [f"user:{desk.agent}"], by=desk.worker, reply=first.id, subject="", text="知道了")
    assert (answer.thread, answer.subject) == (first.thread, "停水通知")
    with desk.store.read() as session:
        for owner in (desk.agent, desk.worker):
            assert [row.message.text for row in thread_of(session, owner, answer.id)] == [
                "明天停水。",
                "知道了",
            ]
        with pytest.raises(Refused) as refused:
            thread_of(session, desk.clerk, first.id)
        assert refused.value.code == "not-found"
    with pytest.raises(Refused, match="no such message"):
        send(desk, [f"user:{desk.agent}"], by=desk.clerk, reply=first.id)


def test_what_is_read_and_thrown_away_is_ones_own_matter_and_can_be_taken_back(desk: Office) -> None:
    sent = send(desk, [f"user:{desk.worker}", f"user:{desk.clerk}"])
    with desk.store.work() as work:
        mark_read(work, desk.worker, [sent.id])
        throw_away(work, desk.worker, [sent.id])
    assert (box(desk, desk.worker), box(desk, desk.clerk), count(desk, desk.clerk)) == ([], ["明天停水。"], 1)
    with desk.store.work() as work:
        throw_away(work, desk.worker, [sent.id], back=True)
        mark_read(work, desk.worker, [sent.id], read=False)
    assert (box(desk, desk.worker), count(desk, desk.worker)) == (["明天停水。"], 1)


def test_words_are_looked_for_in_subject_text_and_sender(desk: Office) -> None:
    send(desk, [f"user:{desk.worker}"], text="A_b 100%")
    send(desk, [f"user:{desk.worker}"], by=desk.clerk, text="其他")
    assert box(desk, desk.worker, words="a_B 停水") == ["A_b 100%"]
    assert box(desk, desk.worker, words="of clerk") == ["其他"] and box(desk, desk.worker, words="a%b") == []


def test_a_group_has_a_name_of_its_own_and_is_gone_without_members(desk: Office) -> None:
    def keep(**order: Any) -> MessageGroup | None:
        with desk.store.work() as work:
            return keep_group(work, KeepGroup(**{"by": desk.supervisor, "name": "路灯"} | order))

    group = keep(members=(desk.worker,))
    assert group is not None
    with pytest.raises(Refused) as refused:
        keep(members=(desk.agent,))
    assert refused.value.field == "name"
    with pytest.raises(Refused) as refused:
        keep(members=(desk.agent,), by=desk.agent)
    assert refused.value.code == "not-allowed"
    keep(group=group.id, name="照明", members=(desk.worker, desk.agent))
    with desk.store.read() as session:
        assert [(row.name, len(row.members)) for row in groups(session)] == [("照明", 2)]
    assert keep(group=group.id, members=()) is None
    with pytest.raises(Refused, match="no such group"):
        keep(group=group.id, members=(desk.agent,))
