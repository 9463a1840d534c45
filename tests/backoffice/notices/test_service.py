"""From an order to a letter in somebody's box, once each: through the outbox, a crash, and a mail server that dies."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from backoffice.notices.service import Notices
from backoffice.notices.ways import CouldNot, Later, Letter, Never, NoGateway
from conf.mail import Mail
from conf.settings import Settings
from schema.bus import Envelope
from schema.bus_memory import MemoryBus
from schema.cases import Case
from schema.desk import notices
from schema.desk.casemarks import follow_case
from schema.ids import CaseId, uuid7
from schema.notices import Message, MessageCopy, Notice
from schema.orders import FollowCase
from schema.outbox import BusCursor, DeadLetter, OutboxRow
from schema.people import Department, User
from schema.relay import Relay
from schema.store import Store
from schema.wire import from_body
from tests.patience import until
from tests.real.smtp import Post, real_smtp
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do


class Hand:
    """A way by mail that remembers what it was given, and does what `does` says."""

    name = "mail"

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.does: Callable[[Letter], None] = lambda _letter: None

    def send(self, letter: Letter) -> None:
        self.does(letter)
        self.letters.append(letter)


def room(store: Store, *ways: object) -> Notices:
    return Notices(Settings(), store, MemoryBus(store), ways or (NoGateway(),))  # type: ignore[arg-type]


def hear_all(desk: Office, notices: Notices, times: int = 1) -> None:
    """Every fact in the outbox is heard, as often as wanted."""
    for row in desk.said():
        for _ in range(times):
            notices.hear(Envelope(row.id, row.key, row.name, row.at, from_body(row.name, row.body)))


def rows(store: Store, **like: object) -> list[Notice]:
    with store.read() as session:
        return list(session.scalars(select(Notice).filter_by(**like).order_by(Notice.made_at, Notice.id)))


def told(store: Store) -> list[tuple[UUID, str, str, str]]:
    return [(row.receiver, row.kind, row.way, row.state) for row in rows(store)]


def test_a_fact_heard_again_and_again_tells_each_once(desk: Office) -> None:
    desk.case("dispatched")
    here = room(desk.store)
    hear_all(desk, here, 3)
    hear_all(desk, room(desk.store))
    assert sorted(told(desk.store), key=lambda one: one[2], reverse=True) == [
        (desk.worker, "assigned", "sms", "waiting"),
        (desk.worker, "assigned", "message", "sent"), (desk.worker, "assigned", "mail", "waiting"),
    ]  # fmt: skip
    with desk.store.read() as session:
        (copy,) = session.scalars(select(MessageCopy)).all()
        message = session.get_one(Message, copy.message)
    assert (copy.owner, copy.box, message.sender, message.kind) == (desk.worker, "in", None, "assigned")
    assert [row.body["to"] for row in desk.said() if row.name == "MessageSent"] == [[str(desk.worker)]]


def test_nobody_is_told_of_what_was_before_there_were_notices(desk: Office) -> None:
    desk.case("dispatched")
    with desk.store.work() as work:
        last = max(row.id for row in desk.said())
        work.session.get_one(BusCursor, "notices-begin").seq = last
    here = room(desk.store)
    hear_all(desk, here)
    assert rows(desk.store) == []


def test_who_did_it_is_not_told_and_who_has_left_neither(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "send-back", case.id, by=desk.agent)
    here = room(desk.store)
    hear_all(desk, here)
    assert rows(desk.store, kind="sent-back") == [], "the agent dispatched it, and sent it back"
    do(desk, "ask-extension", desk.case("dispatched").id)
    hear_all(desk, here)
    assert {row.receiver for row in rows(desk.store, kind="extension-asked")} == {desk.supervisor}


def test_an_sms_says_that_there_is_no_gateway(desk: Office) -> None:
    desk.case("dispatched")
    here = room(desk.store)
    hear_all(desk, here)
    here.send()
    (row,) = rows(desk.store, way="sms")
    assert (row.state, row.why) == ("could-not", "no-gateway")


def test_a_letter_says_what_it_is_about_in_the_receivers_language_and_nothing_of_the_citizen(
    desk: Office,
) -> None:
    case = desk.case("dispatched", title="路灯不亮")
    hand = Hand()
    here = Notices(
        replace(Settings(), mail=Mail(link="https://x.example/")), desk.store, MemoryBus(desk.store), [hand]
    )
    do(desk, "supervise", case.id, text="两天内修好")
    hear_all(desk, here)
    here.send()
    letters = {letter.subject: letter for letter in hand.letters}
    order = letters[f"督办：{case.case_no} 路灯不亮"]
    assert (
        "两天内修好" in order.text
        and f"https://x.example/cases/{case.case_no}" in order.text
        and "前答复" in order.text
    )
    assert order.address in ("worker@city.example", "agent@city.example")
    for letter in hand.letters:
        assert case.number not in letter.text and "刘女士" not in letter.text


def test_of_a_confidential_case_a_letter_says_only_the_number(desk: Office) -> None:
    case = desk.case("dispatched", title="举报某单位")
    with desk.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
    do(desk, "supervise", case.id, text="查清某单位")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)
    here.send()
    assert {letter.address for letter in hand.letters} == {"worker@city.example"}, "the agent may not read it"
    for letter in hand.letters:
        assert "某单位" not in letter.subject + letter.text and "保密件" in letter.subject


def test_without_a_worker_the_people_of_the_responsible_unit_are_told(desk: Office) -> None:
    case = desk.case("dispatched")
    with desk.store.work() as work:
        unit = Department(code="SZ", name="市政")
        work.session.add(unit)
        work.session.flush()
        clerk = User(login="unit", name="unit", post="department", password="!", department=unit.id)
        work.session.add(clerk)
        row = work.session.get_one(Case, case.id)
        row.worker, row.department = None, unit.id
        work.session.flush()
        told_id = clerk.id
    do(desk, "urge", case.id)
    here = room(desk.store)
    hear_all(desk, here)
    assert told_id in {row.receiver for row in rows(desk.store, kind="urge")}


def test_what_passes_is_tried_again_later_and_what_is_refused_is_not(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    desk.case("dispatched")
    hand, here = Hand(), None
    here = room(desk.store, hand)
    hear_all(desk, here)

    def busy(_letter: Letter) -> None:
        raise Later("450 busy")

    hand.does = busy
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.tries, row.why) == ("waiting", 1, "450 busy") and row.next_try == now + timedelta(
        minutes=1
    )
    assert not here.send(), "not before its time"
    now += timedelta(minutes=1)

    def refuse(_letter: Letter) -> None:
        raise Never("550 gone\r\nx")

    hand.does = refuse
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why, row.next_try) == ("failed", "550 gone  x", None)
    assert not here.send()
    with desk.store.work() as work:
        notices.send_again(work, row.id)
    hand.does = lambda _letter: None
    here.send()
    assert rows(desk.store, way="mail")[0].state == "sent" and len(hand.letters) == 1


def test_when_the_server_is_away_the_others_are_not_tried_and_none_is_lost(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    for _ in range(3):
        desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)
    tried = []

    def away(letter: Letter) -> None:
        tried.append(letter)
        raise Later("no answer", all=True)

    hand.does = away
    here.send()
    assert len(tried) == 1
    now += timedelta(minutes=2)
    hand.does = lambda _letter: None
    here.send()
    assert len(hand.letters) == 3 and {row.state for row in rows(desk.store, way="mail")} == {"sent"}


def test_a_way_that_breaks_loses_nothing(desk: Office) -> None:
    desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)
    hand.does = lambda _letter: [][1]
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why) == ("waiting", "IndexError")


def test_who_dies_with_a_letter_in_hand_gives_it_back_when_the_lease_runs_out(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)

    def die(_letter: Letter) -> None:
        raise SystemExit

    hand.does = die
    with pytest.raises(SystemExit):
        here.send()
    assert rows(desk.store, way="mail")[0].state == "sending"
    again = Hand()
    other = room(desk.store, again)
    other.send()
    assert again.letters == [], "it may still be on its way"
    now += notices.LEASE
    other.send()
    assert len(again.letters) == 1 and rows(desk.store, way="mail")[0].state == "sent"


def test_after_too_many_tries_it_has_failed(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now
    desk.case("dispatched")
    hand = Hand()
    here = room(desk.store, hand)
    hear_all(desk, here)

    def busy(_letter: Letter) -> None:
        raise Later("450 busy")

    hand.does = busy
    for _ in range(100):
        here.send()
        now += timedelta(hours=1)
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why) == ("failed", "450 busy")


@pytest.mark.real
def test_the_whole_way_through_a_server_that_dies_and_comes_back_once_each(desk: Office) -> None:
    """Bus, relay, threads and SMTP as they run; the server is down at first, and the room is stopped and started."""
    store, post = desk.store, Post()
    with real_smtp(post) as port:
        pass
    began = store.clock()
    settings = replace(
        Settings(), mail=Mail(host="127.0.0.1", port=port, security="none", sender="h@city.example")
    )

    def up() -> tuple[MemoryBus, Relay, Notices]:
        bus = MemoryBus(store)
        relay, here = Relay(store, bus), Notices(settings, store, bus)
        bus.start()
        relay.start()
        here.start()
        return bus, relay, here

    def down(bus: MemoryBus, relay: Relay, here: Notices) -> None:
        here.stop()
        relay.stop()
        bus.stop()

    parts = up()
    desk.case("dispatched")
    until(lambda: any(row.tries for row in rows(store, way="mail")))
    down(*parts)
    assert rows(store, way="mail")[0].state == "waiting" and post.letters == []
    store.clock = lambda: began + timedelta(minutes=5)
    with real_smtp(post, port):
        parts = up()
        until(lambda: [row.state for row in rows(store, way="mail")] == ["sent"])
        down(*parts)
        parts = up()
        desk.case("dispatched")
        until(lambda: [row.state for row in rows(store, way="mail")] == ["sent", "sent"])
        down(*parts)
    assert len(post.letters) == 2 and len({letter["Message-ID"] for letter in post.letters}) == 2
    with store.read() as session:
        assert session.scalars(select(DeadLetter)).all() == []


def test_the_ladder_tells_those_it_says(desk: Office) -> None:
    case = desk.case("dispatched")
    now = case.due_at
    assert now is not None
    desk.store.clock = lambda: now + timedelta(minutes=1)
    here = room(desk.store)
    here.urge()
    hear_all(desk, here)
    assert {row.receiver for row in rows(desk.store, kind="urge-again", way="message")} == {
        desk.worker, desk.agent, desk.supervisor,
    }  # fmt: skip


def test_a_letter_that_goes_wrong_for_want_of_a_server_can_be_sent_again(desk: Office) -> None:
    desk.case("dispatched")
    hand = Hand()

    def none(_letter: Letter) -> None:
        raise CouldNot("no-server")

    hand.does = none
    here = room(desk.store, hand)
    hear_all(desk, here)
    here.send()
    (row,) = rows(desk.store, way="mail")
    assert (row.state, row.why) == ("could-not", "no-server")
    with desk.store.work() as work, pytest.raises(notices.Refused, match="no such notice"):
        notices.send_again(work, uuid7())
    assert desk.said() and isinstance(desk.said()[0], OutboxRow)


def test_who_follows_a_case_is_told_of_each_new_state_once_and_not_beside_another_notice(
    desk: Office,
) -> None:
    case = desk.case()
    for who in (desk.leader, desk.supervisor):
        carry(desk, follow_case, FollowCase(by=who, case=CaseId(case.id)))
    here = room(desk.store)
    do(desk, "dispatch", case.id)
    do(desk, "urge", case.id)
    do(desk, "suspend", case.id)
    hear_all(desk, here, 2)
    found = [(row.receiver, row.way, row.subject) for row in rows(desk.store, kind="followed")]
    assert found == [
        (desk.leader, "message", f"关注案卷（派遣）：{case.case_no} 路灯不亮"),
        (desk.supervisor, "message", f"关注案卷（派遣）：{case.case_no} 路灯不亮"),
        (desk.leader, "message", f"关注案卷（挂起）：{case.case_no} 路灯不亮"),
    ], "an urging is no new state, and the supervisor suspended it"
    with desk.store.work() as work:
        work.session.get_one(Case, case.id).confidential = True
        work.session.get_one(User, desk.leader).post = "agent"
    do(desk, "resume", case.id)
    hear_all(desk, here)
    assert len(rows(desk.store, kind="followed")) == 3, "who may not read it any more is not told"


def test_an_instruction_tells_the_person_it_is_for_though_the_wish_is_quiet(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "instruct", case.id, person=desk.worker)
    hear_all(desk, room(desk.store))
    assert {row.receiver for row in rows(desk.store, kind="instructed")} == {desk.worker, desk.agent}
