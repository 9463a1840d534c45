"""The case desk: every edge and non-edge of the life cycle, each order once, and one of two at once."""

from collections.abc import Callable
from itertools import product
from uuid import UUID

import pytest
from msgspec.structs import replace

from schema.desk.errors import Refused
from schema.ids import CaseId, TaskId, uuid7
from schema.orders import CaseOrder, CheckCase, CloseCase, DispatchCase, HandleCase, RateCase, SendBackCase
from schema.people import User
from schema.rules.lifecycle import orders
from tests.schema.desk.caseorders import do, refused
from tests.schema.desk.casework import NUMBER, STATES, Office

# The orders of the table, as the desk is given them.
ORDERS: dict[str, Callable[[Office, CaseId], CaseOrder]] = {
    "dispatch": lambda desk, case: DispatchCase(by=desk.agent, case=case, worker=desk.worker),
    "handle": lambda desk, case: HandleCase(by=desk.agent, case=case, text="已答复"),
    "pass": lambda desk, case: CheckCase(by=desk.agent, case=case, passed=True),
    "fail": lambda desk, case: CheckCase(by=desk.agent, case=case, passed=False, text="还是不亮"),
    "close": lambda desk, case: CloseCase(by=desk.agent, case=case),
    "send-back": lambda desk, case: SendBackCase(by=desk.agent, case=case, reason="派错了"),
    "rate": lambda desk, case: RateCase(case=case, score=2),
}
NEXT = {
    ("filed", "dispatch"): "dispatched", ("dispatched", "handle"): "handled", ("dispatched", "send-back"): "filed",
    ("handled", "pass"): "checked", ("handled", "fail"): "dispatched", ("handled", "send-back"): "dispatched",
    ("checked", "close"): "closed", ("checked", "send-back"): "handled", ("closed", "rate"): "rated",
}  # fmt: skip


# -- edges and non-edges ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "what"), list(product(STATES, ORDERS)))
def test_an_order_is_carried_out_on_an_edge_and_refused_elsewhere(
    desk: Office, state: str, what: str
) -> None:
    case = desk.case(state)
    order = ORDERS[what](desk, CaseId(case.id))
    if (state, what) in NEXT:
        steps = len(desk.steps(case.id))
        do(desk, order)
        after = desk.look(case.id)
        assert (after.state, after.version) == (NEXT[state, what], case.version + 1)
        last = desk.steps(case.id)[-1]
        assert (len(desk.steps(case.id)), last.order, last.state) == (steps + 1, order.order, after.state)
        assert {step.contact for step in desk.steps(case.id)} == {case.contact}
    else:
        assert refused(desk, order).code == "wrong-state"
    assert ((state, what) in NEXT) is (what in orders(state))


@pytest.mark.parametrize(("state", "what"), list(NEXT))
def test_the_same_order_again_changes_nothing(desk: Office, state: str, what: str) -> None:
    case = desk.case(state)
    order = ORDERS[what](desk, CaseId(case.id))
    first = do(desk, order)
    steps, said, version = desk.steps(case.id), desk.said(), desk.look(case.id).version
    again = do(desk, order)
    assert type(again) is type(first) and again.id == first.id  # type: ignore[attr-defined]
    assert len(desk.steps(case.id)) == len(steps) and len(desk.said()) == len(said)
    assert desk.look(case.id).version == version


@pytest.mark.parametrize(("state", "what"), list(NEXT))
def test_a_stale_order_is_refused_and_a_fresh_one_is_not(desk: Office, state: str, what: str) -> None:
    case = desk.case(state)
    order = ORDERS[what](desk, CaseId(case.id))
    assert refused(desk, replace(order, version=case.version + 1)).code == "stale"
    do(desk, replace(order, version=case.version))


@pytest.mark.parametrize(("state", "what"), [pair for pair in NEXT if pair[1] != "rate"])
@pytest.mark.parametrize("post", ["expert", "admin", "worker2"])
def test_who_does_not_have_the_right_is_refused(desk: Office, state: str, what: str, post: str) -> None:
    case = desk.case(state)
    order = replace(ORDERS[what](desk, CaseId(case.id)), by=getattr(desk, post))
    assert refused(desk, order).code == "not-allowed"


@pytest.mark.parametrize("what", ORDERS)
def test_a_case_that_is_not_there(desk: Office, what: str) -> None:
    with pytest.raises(Refused) as caught:
        do(desk, ORDERS[what](desk, CaseId(uuid7())))
    assert caught.value.code == "not-found"


def test_the_whole_way_is_told_in_facts_of_one_contact(desk: Office) -> None:
    case = desk.case("rated")
    said = [row for row in desk.said() if row.kind == "fact"]
    assert [row.name for row in said] == [
        "CaseFiled", "CaseDispatched", "CaseHandled", "CaseChecked", "CaseClosed", "CaseRated",
    ]  # fmt: skip
    assert [row.body["version"] for row in said] == [1, 2, 3, 4, 5, 6]
    assert [row.body["state"] for row in said] == list(STATES)
    assert {row.contact for row in desk.said()} == {case.contact}


# -- tasks -----------------------------------------------------------------------------------------------------


def test_a_dispatched_case_has_a_task_of_its_worker(desk: Office) -> None:
    case = desk.case("dispatched")
    (task,) = desk.tasks(case.id)
    assert (task.worker, task.state, task.note, task.contact) == (
        desk.worker,
        "made",
        "请带梯子",
        case.contact,
    )
    assert case.worker == desk.worker
    (said,) = [row for row in desk.said() if row.name == "CaseDispatched"]
    assert (said.body["task"], said.body["worker"]) == (str(task.id), str(desk.worker))


@pytest.mark.parametrize("who", ["agent", "expert", "nobody", "locked"])
def test_a_task_goes_to_an_active_grid_worker_only(desk: Office, who: str) -> None:
    case = desk.case()
    if who == "locked":
        with desk.store.work() as work:
            work.session.get_one(User, desk.worker).active = False
    worker = {"nobody": uuid7(), "locked": desk.worker}.get(who) or getattr(desk, who)
    wrong = refused(desk, DispatchCase(by=desk.agent, case=CaseId(case.id), worker=worker))
    assert (wrong.code, wrong.field) == ("bad-field", "worker")


def test_a_workers_report_finishes_their_task(desk: Office) -> None:
    case = desk.case("handled")
    (task,) = desk.tasks(case.id)
    assert task.state == "done" and task.done_at is not None
    last = desk.steps(case.id)[-1]
    assert (last.by, last.text, last.detail["task"]) == (desk.worker, "已修好", str(task.id))


def test_a_report_may_be_a_photo_alone_and_an_agent_must_say_something(desk: Office) -> None:
    case = desk.case("dispatched")
    (task,) = desk.tasks(case.id)
    id = CaseId(case.id)
    assert refused(desk, HandleCase(by=desk.agent, case=id, text=" ")).field == "text"
    do(desk, HandleCase(by=desk.worker, case=id, text="", task=TaskId(task.id), report=uuid7()))
    assert desk.look(case.id).state == "handled"


def test_another_worker_cannot_answer_the_task(desk: Office) -> None:
    case = desk.case("dispatched")
    (task,) = desk.tasks(case.id)
    order = HandleCase(by=desk.worker2, case=CaseId(case.id), text="x", task=TaskId(task.id))
    assert refused(desk, order).code == "not-allowed"
    assert refused(desk, replace(order, task=None)).code == "not-allowed"


def test_an_agent_who_handles_the_case_takes_the_task_back(desk: Office) -> None:
    case = desk.case("dispatched")
    do(desk, HandleCase(by=desk.agent, case=CaseId(case.id), text="电话里已解决"))
    (task,) = desk.tasks(case.id)
    assert task.state == "recalled" and task.done_at is None


def test_a_task_that_was_recalled_cannot_be_answered_any_more(desk: Office) -> None:
    case = desk.case("dispatched")
    (old,) = desk.tasks(case.id)
    id = CaseId(case.id)
    do(desk, SendBackCase(by=desk.agent, case=id, reason="派错了"))
    assert desk.look(case.id).worker is None
    do(desk, DispatchCase(by=desk.agent, case=id, worker=desk.worker2))
    assert [task.state for task in desk.tasks(case.id)] == ["recalled", "made"]
    wrong = refused(desk, HandleCase(by=desk.agent, case=id, text="晚了", task=TaskId(old.id)))
    assert wrong.code == "wrong-state"


@pytest.mark.parametrize("what", ["fail", "send-back"])
def test_what_was_not_done_well_goes_to_the_same_worker_again(desk: Office, what: str) -> None:
    case = desk.case("handled")
    order = ORDERS[what](desk, CaseId(case.id))
    do(desk, order)
    old, new = desk.tasks(case.id)
    assert (old.state, new.state, new.worker) == ("done", "made", desk.worker)
    assert new.note == ("还是不亮" if what == "fail" else "派错了")
    assert [row.name for row in desk.said()][-2:] == [
        "CaseChecked" if what == "fail" else "CaseSentBack", "CaseDispatched",
    ]  # fmt: skip
    assert desk.said()[-1].body["task"] == str(new.id)


@pytest.mark.parametrize(
    ("state", "order", "field"),
    [
        ("filed", lambda d, c: DispatchCase(by=d.agent, case=c, worker=d.worker, note="x" * 4001), "note"),
        ("filed", lambda d, c: DispatchCase(by=d.agent, case=c, worker=d.worker, note="\0"), "note"),
        ("dispatched", lambda d, c: HandleCase(by=d.agent, case=c, text="x" * 4001), "text"),
        ("handled", lambda d, c: CheckCase(by=d.agent, case=c, passed=False), "text"),
        ("checked", lambda d, c: CloseCase(by=d.agent, case=c, text="\x07"), "text"),
        ("handled", lambda d, c: SendBackCase(by=d.agent, case=c, reason=""), "reason"),
    ],
)
def test_a_wrong_text_is_refused(
    desk: Office, state: str, order: Callable[..., CaseOrder], field: str
) -> None:
    case = desk.case(state)
    wrong = refused(desk, order(desk, CaseId(case.id)))
    assert (wrong.code, wrong.field) == ("bad-field", field)


# -- the return visit ------------------------------------------------------------------------------------------


def test_closing_has_the_citizen_called_once(desk: Office) -> None:
    case = desk.case("checked", language="ug")
    order = CloseCase(by=desk.agent, case=CaseId(case.id))
    for _ in range(2):
        do(desk, order)
    (visit,) = [row for row in desk.said() if row.name == "CallCitizen"]
    assert (visit.body["number"], visit.body["language"], visit.contact) == (NUMBER, "ug", case.contact)
    assert desk.steps(case.id)[-1].detail["visit"] == str(visit.key)
    assert desk.look(case.id).closed_at is not None


@pytest.mark.parametrize(("number", "visit"), [("", True), ("anonymous", True), (NUMBER, False)])
def test_nobody_is_called_without_a_number_or_need(desk: Office, number: str, visit: bool) -> None:
    case = desk.case("checked", number=number)
    do(desk, CloseCase(by=desk.agent, case=CaseId(case.id), visit=visit))
    assert "CallCitizen" not in {row.name for row in desk.said()}


def test_an_order_cannot_be_used_for_two_cases(desk: Office) -> None:
    one, two = desk.case("dispatched"), desk.case()
    used: UUID = desk.steps(one.id)[-1].order
    order = DispatchCase(order=used, by=desk.agent, case=CaseId(two.id), worker=desk.worker)
    assert refused(desk, order).field == "order"
