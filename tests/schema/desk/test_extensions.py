"""More time is asked for by one person and decided by another."""

import threading

import pytest
from msgspec.structs import replace

from schema.clocks import Extension
from schema.desk.errors import Refused
from schema.desk.extensions import ask_extension, decide_extension
from schema.ids import CaseId, TaskId
from schema.orders import AskExtension, DecideExtension
from tests.schema.desk.casework import Office
from tests.schema.desk.everything import carry, do


def state_of(desk: Office, extension: Extension) -> str:
    with desk.store.read() as session:
        return session.get_one(Extension, extension.id).state


def test_who_asked_does_not_decide_and_neither_does_the_system(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, "ask-extension", case.id, by=desk.supervisor)
    order = DecideExtension(by=desk.supervisor, case=CaseId(case.id), granted=True)
    for wrong in (order, replace(order, by=None), replace(order, by=desk.agent)):
        with pytest.raises(Refused) as refused:
            carry(desk, decide_extension, wrong)
        assert refused.value.code == "not-allowed"


def test_one_is_asked_for_at_a_time_and_a_decided_one_is_decided(desk: Office) -> None:
    case = desk.case("dispatched")
    first = do(desk, "ask-extension", case.id)
    with pytest.raises(Refused, match="already"):
        do(desk, "ask-extension", case.id)
    do(desk, "refuse-extension", case.id)
    assert state_of(desk, first) == "refused"
    with pytest.raises(Refused, match="no extension"):
        do(desk, "grant-extension", case.id)
    second = do(desk, "ask-extension", case.id)
    before = desk.look(case.id).due_at
    do(desk, "grant-extension", case.id)
    after = desk.look(case.id)
    assert state_of(desk, second) == "granted" and before and after.due_at and after.due_at > before
    assert '"extra":2' in after.due_words


@pytest.mark.parametrize("units", [0, -1, 6, 10**9])
def test_no_more_than_the_case_had_at_first(desk: Office, units: int) -> None:
    case = desk.case("dispatched")  # 5 working days
    with pytest.raises(Refused) as refused:
        do(desk, "ask-extension", case.id, units=units)
    assert (refused.value.code, refused.value.field) == ("bad-field", "units")


def test_a_worker_asks_for_their_own_task(desk: Office) -> None:
    case = desk.case("dispatched")
    (task,) = desk.tasks(case.id)
    order = AskExtension(by=desk.worker, case=CaseId(case.id), units=1, reason="要梯子", task=TaskId(task.id))
    for wrong in (replace(order, task=None), replace(order, by=desk.worker2)):
        with pytest.raises(Refused) as refused:
            carry(desk, ask_extension, wrong)
        assert refused.value.code == "not-allowed"
    assert carry(desk, ask_extension, order).asked_by == desk.worker


def test_what_was_asked_lapses_when_the_clock_ends(desk: Office) -> None:
    case = desk.case("checked")
    asked = do(desk, "ask-extension", case.id)
    do(desk, "close", case.id)
    assert state_of(desk, asked) == "lapsed"


@pytest.mark.parametrize("version", [True, False])
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(desk: Office, version: bool) -> None:
    case = desk.case("dispatched")
    do(desk, "ask-extension", case.id)
    seen = desk.look(case.id).version if version else 0
    gate, told, done = threading.Barrier(2), [], []

    def decide(granted: bool) -> None:
        gate.wait()
        try:
            order = DecideExtension(
                by=desk.supervisor, case=CaseId(case.id), granted=granted, text="x", version=seen
            )
            done.append(carry(desk, decide_extension, order))
        except Refused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=decide, args=[granted]) for granted in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1 and told == ["stale" if version else "wrong-state"]
    assert len([step for step in desk.steps(case.id) if step.hop.startswith("case.extension-")]) == 2
