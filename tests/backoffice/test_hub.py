"""The hub: who hears of what."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from backoffice.floor import FloorMirror
from backoffice.hub import HEARD, Hub
from backoffice.stream import Stream
from schema.bus import Envelope
from schema.facts import CallAnswered, CaseFiled, Fact, RecordingKept, ReportReceived
from schema.ids import CallId, CaseId, ContactId, uuid7
from schema.rules.access import bare
from tests.backoffice.test_trim import who

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CONTACT = ContactId(uuid7())


class Ear:
    def __init__(self, hub: Hub, post: str, seat: str | None = None, contact: UUID | None = None) -> None:
        self.stream = Stream(who(post, seat), hub.whole, contact)
        self.events: list[tuple[str, Any]] = []
        hub.listeners.add(self)

    def flush(self) -> None:
        for frame in self.stream.take().decode().split("\n\n")[:-1]:
            _, event, data = frame.split("\n")
            self.events.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))

    def __hash__(self) -> int:
        return id(self)


class Play:
    def __init__(self) -> None:
        self.now = 0.0
        self.floor = FloorMirror(lambda: None, lambda: self.now)
        self.hub = Hub(self.floor)
        self.floor.listeners.append(self.hub.floor_changed)

    def ear(self, post: str, **more: Any) -> Ear:
        return Ear(self.hub, post, **more)

    def said(self, v: int = 1, **more: Any) -> None:
        message = {"node": "pbx1", "epoch": "e", "v": v, "full": True, "link": "up", "seats": {}, "calls": {}}
        self.floor.hear(json.dumps(message | more).encode())

    def fact(self, fact: Fact) -> None:
        self.hub.fact(Envelope(1, uuid7(), type(fact).__name__, AT, fact))


@pytest.fixture
def play() -> Play:
    return Play()


def filed() -> CaseFiled:
    return CaseFiled(
        at=AT, contact=CONTACT, case=CaseId(uuid7()), case_no="ZW-20261124-0001", state="filed", version=2,
        kind="complaint", title="路灯", cell="x",
    )  # fmt: skip


def test_a_fresh_screen_gets_the_floor_and_what_is_reachable(play: Play) -> None:
    play.said(seats={"101": {"state": "ready"}})
    agent, worker = play.ear("agent", seat="101"), play.ear("worker")
    for ear in (agent, worker):
        ear.stream.begin()
        ear.flush()
    assert [event for event, _ in agent.events] == ["floor", "store", "bridge"]
    assert agent.events[1:] == [("store", {"ok": True}), ("bridge", {"ok": True})]
    assert [event for event, _ in worker.events] == ["store", "bridge"]


def test_a_case_is_told_to_those_who_may_read_cases(play: Play) -> None:
    clerk, worker, admin = play.ear("clerk"), play.ear("worker"), play.ear("admin")
    fact = filed()
    play.fact(fact)
    assert clerk.events == [
        ("case", {"case": str(fact.case), "case_no": fact.case_no, "state": "filed", "version": 2,
                  "contact": str(CONTACT), "hop": "CaseFiled"})
    ]  # fmt: skip
    assert worker.events == admin.events == []


def test_a_recording_is_told_to_those_who_may_hear_it_and_to_a_page_about_its_contact(play: Play) -> None:
    agent, clerk, page = play.ear("agent"), play.ear("clerk"), play.ear("clerk", contact=CONTACT)
    kept = RecordingKept(
        at=AT, contact=CONTACT, recording=uuid7(), call=CallId(CONTACT), leg="1", seconds=3, sha256=""
    )
    play.fact(kept)
    assert [event for event, _ in agent.events] == ["recording"] and clerk.events == []
    assert page.events == [("step", {"contact": str(CONTACT), "what": "RecordingKept"})]


def test_a_step_of_a_call_is_told_only_to_a_page_about_its_contact(play: Play) -> None:
    page, other = play.ear("agent", contact=CONTACT), play.ear("agent", contact=uuid7())
    play.fact(CallAnswered(at=AT, contact=CONTACT, call=CallId(CONTACT), node="pbx1", seat="101", leg="1"))
    assert page.events == [("step", {"contact": str(CONTACT), "what": "CallAnswered"})] and other.events == []


def test_a_report_is_a_case_event_without_what_it_does_not_know(play: Play) -> None:
    agent, case = play.ear("agent"), CaseId(uuid7())
    play.fact(ReportReceived(at=AT, contact=CONTACT, report=uuid7(), device="w1", worker=uuid7(), task=None, case=case,
                             made=AT, photos=1))  # fmt: skip
    ((event, data),) = agent.events
    assert event == "case" and data["case"] == str(case) and data["state"] == ""
    assert issubclass(ReportReceived, HEARD)


def test_the_floor_is_cut_for_each(play: Play) -> None:
    agent, boss = play.ear("agent", seat="101"), play.ear("supervisor")
    play.said(calls={"x": {"stage": "talking", "seat": "102", "number": "138"}})
    assert agent.events[0][1]["calls"] == {} and boss.events[0][1]["calls"]["x"]["number"] == "138"


def test_what_is_reachable_is_told_when_it_changes(play: Play) -> None:
    ear = play.ear("expert")
    play.hub.store_seen(True)
    assert ear.events == []
    for ok in (False, False, True):
        play.hub.store_seen(ok)
    assert ear.events == [("store", {"ok": False}), ("store", {"ok": True})]
    ear.events.clear()
    play.said()
    play.now = 60
    play.hub.look_at_bridge()
    play.hub.look_at_bridge()
    assert ear.events == [("bridge", {"ok": True}), ("bridge", {"ok": False})]
    play.hub.beat("now")
    assert ear.events[-1] == ("beat", {"at": "now"})


def test_a_taken_seat_is_told_to_its_own_windows(play: Play) -> None:
    mine, other, none = play.ear("agent", seat="101"), play.ear("agent", seat="102"), play.ear("clerk")
    play.hub.seat_taken({"seat": "101", "order": "o"})
    assert mine.events == [("seat", {"seat": "101", "order": "o"})] and other.events == none.events == []


def test_boards_hear_which_node_is_silent_and_agents_do_not(play: Play) -> None:
    boss, agent = play.ear("supervisor"), play.ear("agent", seat="101")
    play.said()
    boss.events.clear()
    play.now = 60
    play.hub.look_at_bridge()
    play.hub.look_at_bridge()
    ((event, data), bridge) = boss.events
    assert event == "nodes" and data["pbx1"]["link"] == "silent" and not data["pbx1"]["ok"]
    assert bridge == ("bridge", {"ok": False})
    assert "nodes" not in [event for event, _ in agent.events]
    boss.stream.begin()
    boss.flush()
    assert boss.events[-1] == ("nodes", data), "a fresh board is told too"


def test_an_agent_is_told_of_a_watcher_by_setting(play: Play) -> None:
    hub = Hub(play.floor, lambda mode: mode == "barge")
    play.floor.listeners.append(hub.floor_changed)
    agent = Ear(hub, "agent", "101")
    watchers = [{"watcher": "900", "mode": "listen"}, {"watcher": "901", "mode": "barge"}]
    play.said(seats={"101": {"state": "talking", "watchers": watchers}})
    assert agent.events[0][1]["seats"]["101"]["watchers"] == watchers[1:]


@pytest.mark.parametrize("field", [False, True])
def test_of_a_hidden_case_nobody_hears_even_that_something_happened(play: Play, field: bool) -> None:
    unit, elsewhere = uuid7(), uuid7()
    for department, confidential in ((unit, False), (elsewhere, False), (unit, True), (elsewhere, True)):
        ears = {post: play.ear(post, contact=CONTACT) for post in ("agent", "supervisor", "leader", "admin")}
        near = play.ear("department", contact=CONTACT)
        near.stream.who = replace(
            near.stream.who, actor=replace(bare("department"), departments=frozenset({unit}))
        )
        fact: Fact = structs.replace(filed(), department=department, confidential=confidential)
        if field:
            fact = ReportReceived(
                at=AT, contact=CONTACT, report=uuid7(), device="d", worker=uuid7(), task=None, case=CaseId(uuid7()),
                made=AT, photos=0, department=department, confidential=confidential,
            )  # fmt: skip
        play.fact(fact)
        heard = {post for post, ear in {**ears, "department": near}.items() if ear.events}
        expected = {"supervisor", "leader"} | (set() if confidential else {"agent"})
        assert heard == expected | ({"department"} if department == unit else set())
        play.hub.listeners.clear()
