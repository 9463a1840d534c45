"""An order about a case carried out in a commit of its own, or refused without a trace."""

from collections.abc import Callable

import pytest

from schema.desk import cases
from schema.desk.errors import Refused
from schema.orders import CaseOrder, CheckCase, CloseCase, DispatchCase, HandleCase, RateCase, SendBackCase
from schema.store import UnitOfWork
from tests.schema.desk.casework import Office

DOES: dict[type[CaseOrder], Callable[[UnitOfWork, CaseOrder], object]] = {
    DispatchCase: cases.dispatch_case,  # type: ignore[dict-item]
    HandleCase: cases.handle_case,  # type: ignore[dict-item]
    CheckCase: cases.check_case,  # type: ignore[dict-item]
    CloseCase: cases.close_case,  # type: ignore[dict-item]
    SendBackCase: cases.send_back_case,  # type: ignore[dict-item]
    RateCase: cases.rate_case,  # type: ignore[dict-item]
}


def do(desk: Office, order: CaseOrder) -> object:
    """What carrying it out returned."""
    with desk.store.work() as work:
        return DOES[type(order)](work, order)


def refused(desk: Office, order: CaseOrder) -> Refused:
    """How an order is refused; nothing may have changed by it."""
    before = (desk.look(order.case), desk.steps(order.case), desk.tasks(order.case), len(desk.said()))
    with pytest.raises(Refused) as caught:
        do(desk, order)
    after = (desk.look(order.case), desk.steps(order.case), desk.tasks(order.case), len(desk.said()))
    assert before[0].version == after[0].version and before[0].state == after[0].state
    assert [s.id for s in before[1]] == [s.id for s in after[1]]
    assert [(t.id, t.state) for t in before[2]] == [(t.id, t.state) for t in after[2]]
    assert before[3] == after[3]
    return caught.value
