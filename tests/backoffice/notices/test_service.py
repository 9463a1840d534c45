"""From an order to a letter in somebody's box, once each: through the outbox, a crash, and a mail server that dies."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from backoffice.notices.service import Notices
from conf.mail import Mail
from conf.settings import Settings
from schema.bus_memory import MemoryBus
from schema.cases import Case
from schema.desk.casemarks import follow_case
from schema.desk.visits import hand_out_visits, take_visit
from schema.ids import CaseId
from schema.notices import Message, MessageCopy
from schema.orders import FollowCase, HandOutVisits, TakeVisit
from schema.outbox import BusCursor
from schema.people import Department, User
from tests.backoffice.notices.noticeroom import Hand, hear_all, room, rows, told
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do


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


def test_an_agent_is_told_once_of_all_the_return_visits_of_a_hand_out(desk: Office) -> None:
    now = desk.store.clock()
    desk.store.clock = lambda: now - timedelta(days=2)
    for number in ("13900000001", "13900000002", "13900000003"):
        desk.case("closed", number=number)
    day = now.astimezone(desk.store.zone).replace(hour=10)
    desk.store.clock = lambda: day
    here = room(desk.store)
    hear_all(desk, here)
    before = len(rows(desk.store))
    order = HandOutVisits(by=desk.supervisor, agents=(desk.agent,), count=2)
    with desk.store.work() as work:
        assert len(hand_out_visits(work, order)) == 2
    with desk.store.work() as work:
        take_visit(work, TakeVisit(by=desk.agent))
    hear_all(desk, here, 2)
    (told_once,) = rows(desk.store)[before:]
    assert (told_once.receiver, told_once.kind, told_once.case) == (desk.agent, "visits", None)
    assert told_once.text and "{" not in told_once.subject + told_once.text


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
