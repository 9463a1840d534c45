"""Orders about one case that come at once, or late: one is carried out, the others are told."""

import threading

import pytest

from schema.cases import Case, Task
from schema.desk import cases
from schema.desk.errors import Refused
from schema.ids import CaseId
from schema.orders import CaseOrder, CloseCase, DispatchCase
from tests.schema.desk.caseorders import do, refused
from tests.schema.desk.casework import Office


def at_once(desk: Office, orders: list[CaseOrder]) -> tuple[list[object], list[Refused]]:
    """Each order on a thread of its own: what came of them, and the refusals."""
    results: list[object] = []
    failures: list[Refused] = []
    gate = threading.Barrier(len(orders))

    def one(order: CaseOrder) -> None:
        gate.wait()
        try:
            results.append(do(desk, order))
        except Refused as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=[order]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results, failures


@pytest.mark.parametrize(("version", "code"), [(1, "stale"), (0, "wrong-state")])
def test_of_two_who_dispatch_at_once_one_wins_and_the_other_is_told(
    desk: Office, version: int, code: str
) -> None:
    case = desk.case()
    orders_: list[CaseOrder] = [
        DispatchCase(by=by, case=CaseId(case.id), worker=worker, version=version)
        for by, worker in (
            (desk.agent, desk.worker),
            (desk.clerk, desk.worker2),
            (desk.supervisor, desk.worker),
        )
    ]
    done, told = at_once(desk, orders_)
    assert len(done) == 1
    assert [error.code for error in told] == [code] * 2
    (task,) = desk.tasks(case.id)
    assert isinstance(done[0], Task) and done[0].id == task.id
    assert desk.look(case.id).version == 2 and len(desk.steps(case.id)) == 4


def test_one_order_heard_many_times_at_once_is_carried_out_once(desk: Office) -> None:
    case = desk.case("checked")
    order = CloseCase(by=desk.agent, case=CaseId(case.id))
    done, told = at_once(desk, [order] * 5)
    assert told == []
    assert {one.id for one in done if isinstance(one, Case)} == {case.id} and len(done) == 5
    assert [row.name for row in desk.said()].count("CallCitizen") == 1


def test_a_case_seen_before_the_lock_is_looked_at_again(desk: Office) -> None:
    """A page reads the case first; what another commits in between must not be overwritten."""
    case = desk.case()
    with desk.store.read() as session:
        seen = session.get_one(Case, case.id)
    with desk.store.work() as work:
        cases.dispatch_case(work, DispatchCase(by=desk.agent, case=CaseId(seen.id), worker=desk.worker))
    order = DispatchCase(by=desk.agent, case=CaseId(seen.id), worker=desk.worker2, version=seen.version)
    assert refused(desk, order).code == "stale"
