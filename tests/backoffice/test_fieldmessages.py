"""Words to the street: sent to one, a group or a department, and who has seen them; words from it are read."""

from sqlalchemy import select

from schema.desk.fieldmessages import message_shown
from schema.desk.handsets import Speaker
from schema.fieldmessages import FieldMessage
from schema.ids import uuid7
from schema.notices import MessageGroup, Notice
from schema.people import User
from tests.backoffice.conftest import Town, plain
from tests.backoffice.street import in_the_street, waits


def test_a_message_goes_to_workers_and_says_who_has_seen_it(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    clerk, worker = town.visit("clerk"), town.users["worker"]
    assert "还没有发过消息" in clerk.text("/field/messages")
    form = {
        "to": f"user:{worker.id}",
        "title": "<台风>",
        "text": "下午停工",
        "expires": "2026-11-24T20:00",
        "order": str(uuid7()),
    }
    pages = [clerk.post("/field/messages", form) for _ in range(2)]
    assert pages[0].status_code == 303 and pages[0].location == pages[1].location, "the same order again"
    html = clerk.text(pages[0].location)
    assert "&lt;台风&gt;" in html and "0 / 1" in html and "worker 某" in html and "2026-11-24 20:00" in html
    with town.store.work() as work:
        sent = work.session.scalars(select(FieldMessage)).one()
        message_shown(work, Speaker("hs-1", worker.id), sent.id, work.now)
    assert "1 / 1" in clerk.text(pages[0].location) and "hs-1" in clerk.text(pages[0].location)
    assert "1 / 1" in plain(clerk.text("/field/messages"))
    assert clerk.get(f"/field/messages/{uuid7()}").status_code == 404


def test_a_group_is_told_by_text_message_too_and_who_has_no_telephone_is_named(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    with town.store.work() as work:
        work.session.get_one(User, town.users["worker"].id).mobile = "13800138000"
        second = User(id=uuid7(), login="second", name="second 某", post="worker", language="ug", password="")
        work.session.add(second)
        group = MessageGroup(
            id=uuid7(),
            name="早班",
            members=[str(town.users["worker"].id), str(second.id)],
            changed_at=work.now,
        )
        work.session.add(group)
    form = {"to": f"group:{group.id}", "title": "台风", "text": "下午停工", "sms": "1", "order": str(uuid7())}
    clerk = town.visit("clerk")
    pages = [clerk.post("/field/messages", form) for _ in range(2)]
    assert pages[0].status_code == 303
    with town.store.read() as session:
        texts = {one.receiver: one for one in session.scalars(select(Notice).where(Notice.way == "sms"))}
        assert len(texts) == 2, "the same order again sends nothing again"
    first = texts[town.users["worker"].id]
    assert (first.address, first.text, first.state) == ("13800138000", "台风\n下午停工", "waiting")
    assert (texts[second.id].state, texts[second.id].why) == ("could-not", "no-mobile")
    html = plain(clerk.text(pages[0].location))
    assert "短信" in html and "手机" in html and "second 某" in html
    too_long = clerk.post("/field/messages", form | {"text": "长" * 501, "order": str(uuid7())})
    assert too_long.status_code == 400 and "长长" in too_long.get_data(as_text=True)
    assert "街面短信" in town.visit("supervisor").text("/notices")


def test_what_cannot_be_sent_is_said_and_nothing_typed_is_lost(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    clerk = town.visit("clerk")
    for more, said in (
        ({"to": f"user:{town.users['agent'].id}"}, "请选择收件人"),
        ({}, "请选择收件人"),
        ({"to": f"user:{town.users['worker'].id}", "expires": "2020-01-01T00:00"}, "有效期应在"),
        ({"to": f"user:{town.users['worker'].id}", "expires": "soon"}, "有效期应在"),
    ):
        answer = clerk.post("/field/messages", {"text": "下午<停工>", "title": "t"} | more)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 400 and said in html and "下午&lt;停工&gt;" in html, more


def test_a_workers_words_wait_until_somebody_has_read_them(town: Town) -> None:
    in_the_street(town.store, town.users["worker"].id)
    waits(town.store)
    clerk = town.visit("clerk")
    html = clerk.text("/field/messages")
    assert "需要&lt;梯子&gt;" in html and "data-new" in html
    note = html.split("/field/notes/")[1].split("/")[0]
    assert clerk.post(f"/field/notes/{note}/read").status_code == 303
    assert "data-new" not in clerk.text("/field/messages") and "需要&lt;梯子&gt;" in clerk.text(
        "/field/messages"
    )
    assert clerk.post(f"/field/notes/{uuid7()}/read").status_code == 404
