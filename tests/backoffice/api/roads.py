"""Cases brought as far as a test wants them, by the desk's own orders."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from schema.cases import Case
from schema.desk.cases import check_case, close_case, dispatch_case, file_case, handle_case, rate_case
from schema.desk.checking import ask_check
from schema.desk.extensions import ask_extension
from schema.desk.filing import take_in_case
from schema.desk.merging import merge_case
from schema.desk.pausing import suspend_case
from schema.desk.supervising import supervise_case
from schema.desk.verifying import reject_case, verify_case
from schema.ids import CaseId
from schema.orders import (
    AskCheck,
    AskExtension,
    CheckCase,
    CloseCase,
    DispatchCase,
    HandleCase,
    MergeCase,
    RateCase,
    RejectCase,
    SuperviseCase,
    SuspendCase,
    TakeInCase,
    VerifyCase,
)
from schema.store import UnitOfWork
from tests.backoffice.conftest import Town

WAY = ("filed", "dispatched", "handled", "checked", "closed", "rated")
ALLOWS = {
    "verify": "accepted", "confirm": "verifying", "file-accepted": "accepted", "reject": "accepted",
    "dispatch": "filed", "handle": "dispatched", "check": "handled", "close": "checked", "send-back": "dispatched",
    "rate": "closed", "suspend": "dispatched", "resume": "suspended", "ask-extension": "filed",
    "decide-extension": "asked", "reopen": "rejected", "void": "filed", "merge": "filed", "unmerge": "merged",
    "split": "filed", "sign": "with unit", "delegate": "with unit", "conceal": "filed", "reveal": "confidential",
    "urge": "dispatched", "supervise": "dispatched", "answer": "supervised",
    "ask-check": "handled by unit", "recall-check": "looked at",
}  # fmt: skip
"""Order of the life cycle → a state in which it is possible ("asked": filed, an extension was asked for)."""


def brought(town: Town, state: str, **changes: Any) -> Case:
    """A case in a state."""
    with town.store.work() as work:
        wanted = town.order(**changes)
        if state in ("accepted", "verifying", "rejected"):
            case = take_in_case(work, TakeInCase(**{name: getattr(wanted, name) for name in _REQUEST}))
        else:
            case = file_case(work, replace(wanted, confidential=state == "confidential"))
        for step in WAY[1 : WAY.index(state) + 1] if state in WAY else (state,):
            _move(town, work, case, step)
        return case


_REQUEST = (
    "order", "by", "contact", "class_", "kind", "title", "text", "cell", "address", "lon", "lat", "number", "citizen",
    "language", "call",
)  # fmt: skip


def _move(town: Town, work: UnitOfWork, case: Case, to: str) -> None:
    who, id, worker = town.users["agent"].id, CaseId(case.id), town.users["worker"].id
    if to == "verifying":
        verify_case(work, VerifyCase(by=who, case=id, worker=worker))
    elif to == "rejected":
        reject_case(work, RejectCase(by=who, case=id, reason="不属于本市"))
    elif to == "dispatched":
        dispatch_case(work, DispatchCase(by=who, case=id, worker=worker, note="请带梯子"))
    elif to == "supervised":
        ends = work.now + timedelta(days=1)
        boss = town.users["supervisor"].id
        dispatch_case(work, DispatchCase(by=who, case=id, worker=worker))
        supervise_case(work, SuperviseCase(by=boss, case=id, text="尽快", answer_by=ends))
    elif to == "with unit":
        dispatch_case(work, DispatchCase(by=who, case=id, department=town.units["unit"].id))
    elif to in ("handled by unit", "looked at"):
        dispatch_case(work, DispatchCase(by=who, case=id, department=town.units["unit"].id))
        handle_case(work, HandleCase(by=who, case=id, text="已修好"))
        if to == "looked at":
            ask_check(work, AskCheck(by=who, case=id, worker=worker, answer_by=work.now + timedelta(days=1)))
    elif to == "handled":
        handle_case(work, HandleCase(by=who, case=id, text="已修好"))
    elif to == "checked":
        check_case(work, CheckCase(by=who, case=id, passed=True))
    elif to == "closed":
        close_case(work, CloseCase(by=who, case=id, visit=False))
    elif to == "rated":
        rate_case(work, RateCase(case=id, score=1))
    elif to == "suspended":
        suspend_case(work, SuspendCase(by=town.users["supervisor"].id, case=id, reason="等待材料"))
    elif to == "asked":
        ask_extension(work, AskExtension(by=who, case=id, units=1, reason="等零件"))
    elif to == "merged":
        other = file_case(work, town.order())
        merge_case(work, MergeCase(by=who, case=id, into=CaseId(other.id)))
