"""Tasks go to whoever is on duty, again until shown, as the store says and nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from field_gateway.answers import encode
from field_gateway.downs import as_message
from field_gateway.errands import Errands
from field_gateway.pushes import Pushes
from schema.cases import Case, Task
from schema.desk.duty import set_duty
from schema.handsets import Handset
from schema.ids import uuid7
from tests.field_gateway.play import CELL, Street


class Play:
    """Pushes without their thread, and a clock."""

    def __init__(self, street: Street) -> None:
        self.now = 0.0
        self.street = street
        self.sent: list[tuple[str, UUID]] = []
        self.pushes = Pushes(
            street.store,
            lambda device, topic, body, life, task: self.sent.append((device, task)),
            errands=Errands(first=5, longest=300),
            monotonic=lambda: self.now,
        )

    def clock(self, on: bool, device: str = "hs1") -> None:
        with self.street.store.work() as work:
            handset = work.session.get_one(Handset, device)
            set_duty(work, handset, id=uuid7(), made=datetime.now(UTC), on=on)

    def after(self, seconds: float, look: Callable[[], None] = lambda: None) -> list[tuple[str, UUID]]:
        self.now += seconds
        look()
        self.sent.clear()
        self.pushes.send_due()
        return list(self.sent)


@pytest.fixture
def play(street: Street) -> Play:
    return Play(street)


def test_nothing_goes_to_who_is_not_on_duty(street: Street, play: Play) -> None:
    street.dispatch()
    assert play.after(0, play.pushes.sweep) == []
    assert play.after(0, lambda: play.pushes.look(street.one.id)) == []


def test_on_duty_it_goes_at_once_and_again_until_shown(street: Street, play: Play) -> None:
    task = street.dispatch()
    play.clock(True)
    assert play.after(0, lambda: play.pushes.look(street.one.id)) == [("hs1", task.id)]
    assert play.after(4) == []
    assert play.after(1) == [("hs1", task.id)]
    with street.store.work() as work:
        row = work.session.get_one(Task, task.id)
        row.state, row.shown_at = "shown", work.now
    assert play.after(10) == []
    assert play.after(300, play.pushes.sweep) == []


def test_it_stops_when_duty_ends_and_goes_on_with_the_next(street: Street, play: Play) -> None:
    task = street.dispatch()
    play.clock(True)
    play.after(0, play.pushes.sweep)
    play.clock(False)
    assert play.after(10) == []
    assert play.after(0, play.pushes.sweep) == []
    play.clock(True)
    assert play.after(0, lambda: play.pushes.look(street.one.id, afresh=True)) == [("hs1", task.id)]


def test_a_restarted_gateway_knows_from_the_store(street: Street, play: Play) -> None:
    task = street.dispatch()
    play.clock(True)
    assert Play(street).after(0) == []
    again = Play(street)
    assert again.after(0, again.pushes.sweep) == [("hs1", task.id)]


def test_workers_get_their_own_tasks(street: Street, play: Play) -> None:
    mine, theirs = street.dispatch(no="S1"), street.dispatch(street.two.id, no="S2")
    play.clock(True, "hs1")
    play.clock(True, "hs2")
    assert set(play.after(0, play.pushes.sweep)) == {("hs1", mine.id), ("hs2", theirs.id)}


def test_a_task_goes_down_as_the_protocol_says(street: Street) -> None:
    task = street.dispatch()
    with street.store.work() as work:
        case = work.session.get_one(Case, task.case)
        case.lon, case.lat, case.due_at = 120.1, 30.2, datetime(2026, 11, 25, 8, tzinfo=UTC)
    sent = json.loads(encode(as_message(task, street.one_of(Case))))
    assert sent == {
        "v": 1, "task": str(task.id), "case": str(task.case), "case_no": "S20261124001",
        "contact": str(task.contact), "kind": "handle", "title": "路灯不亮", "text": "湖滨路 3 号门前",
        "address": "", "cell": CELL, "note": "带梯子", "made": task.made_at.isoformat().replace("+00:00", "Z"),
        "lon": 120.1, "lat": 30.2, "expires": "2026-11-25T08:00:00Z",
    }  # fmt: skip
