"""Facts about cases."""

from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CaseId, TaskId


class CaseFact(Fact, frozen=True, kw_only=True):
    """Something about one case; `state` is the state after it, `version` the row's version after it.

    `department`, `confidential`: who may hear of it, as the case was then.
    """

    case: CaseId
    case_no: str
    state: str
    version: int
    by: UUID | None = None
    department: UUID | None = None
    confidential: bool = False


class CaseFiled(CaseFact, frozen=True, kw_only=True):
    """A request was accepted and filed as a case (收集 → 受理 → 立案)."""

    kind: str
    title: str
    cell: str


class CaseDispatched(CaseFact, frozen=True, kw_only=True):
    """A task for a grid worker was made from the case (派遣), or it went to its `department` without one."""

    task: TaskId | None = None
    worker: UUID | None = None


class CaseHandled(CaseFact, frozen=True, kw_only=True):
    """The worker's report answers the task (处理 → 反馈)."""

    task: TaskId | None = None


class CaseChecked(CaseFact, frozen=True, kw_only=True):
    """What was done was checked (核查)."""

    passed: bool


class CaseClosed(CaseFact, frozen=True, kw_only=True):
    """The case is closed (结案); a return visit is due."""


class CaseSentBack(CaseFact, frozen=True, kw_only=True):
    """The case went back a step, for a reason (退回)."""

    reason: str


class CaseRated(CaseFact, frozen=True, kw_only=True):
    """The citizen's rating is on the case (评价)."""

    score: int
