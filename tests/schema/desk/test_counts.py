"""Named counts: each number against a slow walk over the steps, and as long as the list it opens into."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, true

from schema.desk.cases import check_case, dispatch_case, handle_case, send_back_case
from schema.desk.counts import COUNTS, Asked, listed, names, numbers
from schema.desk.errors import Refused
from schema.desk.filing import take_in_case
from schema.desk.scope import visible_cases
from schema.handsets import Report
from schema.ids import CaseId, TaskId, uuid7
from schema.orders import CheckCase, DispatchCase, HandleCase, SendBackCase
from schema.people import User
from schema.rules.assessment import ABOUT, PERSON, UNIT
from schema.rules.lifecycle import orders
from schema.store import Store
from tests.schema.desk.casework import Office, open_office
from tests.schema.desk.countwalk import WITHIN, walk
from tests.schema.desk.everything import EVERY, carry, do, taking_in

BEGIN = datetime(2026, 11, 2, 1, tzinfo=UTC)
RARE = ("void", "reject", "split", "reply", "reopen")
ONWARD = (
    "file",
    "dispatch",
    "dispatch",
    "sign",
    "handle",
    "pass",
    "fail",
    "close",
    "rate",
    "resume",
    "send-back",
    "answer",
    "supervise",
    "instruct",
    "urge",
    "reopen",
)


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Office:
    store.clock = clock
    desk = open_office(store)
    with store.work() as work:
        work.session.get_one(User, desk.worker).department = desk.unit
    return desk


PAPERS = ("attach", "detach")
"""What changes no number."""


def live(desk: Office, clock: Clock, seed: int, cases: int = 24) -> None:
    """Some weeks of work, at random: what is possible, who may do it or not."""
    chance = random.Random(seed)
    ids: list[UUID] = []
    for n in range(cases):
        clock.now += timedelta(minutes=chance.choice((3, 50, 400)))
        with desk.store.work() as work:
            ids.append(take_in_case(work, taking_in(desk, confidential=n % 5 == 4)).id)
        for _ in range(14):
            clock.now += timedelta(minutes=chance.choice((1, 20, 90, 400, 900)))
            id = chance.choice(ids[-3:])
            can = [
                what for what in orders(desk.look(id).state) if what in EVERY.keys() - {*RARE[:-1], *PAPERS}
            ]
            if not can or chance.random() < 0.1:
                can = [*RARE]
            on = [what for what in can if what in ONWARD]
            what = chance.choice(on if on and chance.random() < 0.75 else can)
            by = {"by": chance.choice((desk.supervisor, desk.leader, desk.clerk))}
            try:
                if what == "dispatch" and chance.random() < 0.7:
                    to = chance.choice((desk.unit, desk.other))
                    carry(
                        desk, dispatch_case, DispatchCase(case=CaseId(id), department=to, by=desk.supervisor)
                    )
                elif what == "rate":
                    do(desk, what, id, score=chance.choice((1, 2, 5)))
                elif what == "handle" and (
                    task := next((one for one in desk.tasks(id) if one.state == "made"), None)
                ):
                    order = HandleCase(by=desk.worker, case=CaseId(id), text="好了", task=TaskId(task.id))
                    carry(desk, handle_case, order)
                elif what in ("conceal", "reveal", "suspend") and chance.random() < 0.7:
                    continue
                else:
                    do(desk, what, id, **(by if chance.random() < 0.3 else {}))
            except Refused:
                pass
    do(desk, "reply", desk.case().id)
    for score in (1, 2, 5):
        id = desk.case().id
        carry(desk, dispatch_case, DispatchCase(case=CaseId(id), department=desk.unit, by=desk.supervisor))
        for what in ("instruct", "answer", "handle", "pass", "close"):
            do(desk, what, id)
        do(desk, "rate", id, score=score)
        do(desk, "reopen", id)
        clock.now += timedelta(days=1)
    with desk.store.work() as work:
        for n, id in enumerate(ids[:3]):
            work.session.add(
                Report(id=uuid7(), device="h1", worker=desk.worker, case=id if n else None, kind="event", text="",
                       made_at=clock.now, at=clock.now - timedelta(days=n))
            )  # fmt: skip


def ask(session: Any, about: str, begin: datetime, end: datetime, now: datetime) -> Asked:
    return Asked(session, about, begin, end, now, WITHIN)


def test_every_number_is_that_of_a_slow_walk_and_as_long_as_its_list(desk: Office, clock: Clock) -> None:
    live(desk, clock, seed=1)
    whole, half = (BEGIN, clock.now + timedelta(days=30)), (BEGIN, BEGIN + (clock.now - BEGIN) / 2)
    seen: Counter[str] = Counter()
    with desk.store.read() as session:
        people = set(session.scalars(select(User.id))) | {desk.unit, desk.section, desk.other}
        for (begin, end), about in ((span, about) for span in (whole, half) for about in ABOUT):
            slow = walk(session, about, begin, end, clock.now)
            asked = ask(session, about, begin, end, clock.now)
            for name in names(about):
                quick = numbers(asked, name, people)
                assert quick == {who: n for who, n in slow[name].items() if n}, (name, about)
                seen[name] += sum(quick.values())
                for who, number in quick.items():
                    assert length(asked, name, who) == number
    assert not (gone := [name for name in COUNTS if not seen[name]]), gone


def length(asked: Asked, name: str, who: UUID) -> int:
    """How long the list is, read page by page; no row comes twice."""
    keys: list[str] = []
    after = ""
    while True:
        page = listed(asked, name, who, true(), after, limit=3)
        assert page.hidden == 0
        keys += [row.key for row in page.rows]
        if not (after := page.after):
            assert len(keys) == len(set(keys)) == page.count
            return len(keys)


def test_what_one_may_not_see_is_counted_and_not_listed(desk: Office, clock: Clock) -> None:
    for confidential in (False, True, False):
        clock.now += timedelta(hours=1)
        case = desk.case(confidential=confidential)
        carry(
            desk, dispatch_case, DispatchCase(by=desk.supervisor, case=CaseId(case.id), department=desk.unit)
        )
    with desk.store.read() as session:
        asked = ask(session, UNIT, BEGIN, clock.now + timedelta(days=1), clock.now)
        for who, hidden in ((desk.supervisor, 0), (desk.agent, 1), (desk.admin, 3), (desk.department, 0)):
            user = session.get_one(User, who)
            page = listed(asked, "received", desk.unit, visible_cases(session, user))
            assert (page.count, page.hidden, len(page.rows)) == (3, hidden, 3 - hidden)


@pytest.mark.parametrize(
    "place", ["x", "2026-11-02 x", "2026-11-02T00:00:00+00:00 " + "9" * 30, " ", "\x00 1"]
)
def test_a_broken_place_begins_anew(desk: Office, clock: Clock, place: str) -> None:
    case = desk.case()
    carry(desk, dispatch_case, DispatchCase(by=desk.agent, case=CaseId(case.id), department=desk.unit))
    with desk.store.read() as session:
        asked = ask(session, UNIT, BEGIN, clock.now + timedelta(days=1), clock.now)
        assert len(listed(asked, "received", desk.unit, true(), place).rows) == 1


def test_each_turn_counts_for_the_unit_that_had_the_case_then(desk: Office, clock: Clock) -> None:
    case = CaseId(desk.case().id)
    boss = desk.supervisor
    carry(desk, dispatch_case, DispatchCase(by=boss, case=case, department=desk.other))
    carry(desk, send_back_case, SendBackCase(by=boss, case=case, reason="不归我们"))
    carry(desk, dispatch_case, DispatchCase(by=boss, case=case, department=desk.unit))
    do(desk, "delegate", case)
    carry(desk, handle_case, HandleCase(by=boss, case=case, text="好了"))
    carry(desk, check_case, CheckCase(by=boss, case=case, passed=False, text="没好"))
    carry(desk, handle_case, HandleCase(by=boss, case=case, text="好了"))
    for what in ("pass", "close", "reopen"):
        do(desk, what, case)
    carry(desk, dispatch_case, DispatchCase(by=boss, case=case, department=desk.other))
    with desk.store.read() as session:
        asked = ask(session, UNIT, BEGIN, clock.now + timedelta(days=60), clock.now)
        whom = {desk.unit: "unit", desk.section: "section", desk.other: "other"}
        told = {name: {whom[who]: n for who, n in numbers(asked, name, whom).items()} for name in names(UNIT)}
    assert told["received"] == {"other": 2, "unit": 1, "section": 1}
    assert told["sent_back"] == {"other": 1}
    assert told["handled"] == told["checked"] == {"section": 2} and told["failed"] == {"section": 1}
    assert told["closed"] == told["reopened"] == told["due"] == told["closed_in_time"] == {"section": 1}
    with desk.store.read() as session:
        asked = ask(session, PERSON, BEGIN, clock.now + timedelta(days=1), clock.now)
        mine = numbers(asked, "dispatched_right", [boss])
    assert mine == {boss: 2}
