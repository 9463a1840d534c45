"""Facts about cases."""

from dataclasses import dataclass
from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CaseId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFact(Fact):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFiled(CaseFact):
    """A request was accepted and filed as a case (收集 → 受理 → 立案)."""

    kind: str
    title: str
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDispatched(CaseFact):
    """A task for a grid worker was made from the case (派遣), or it went to its `department` without one."""

    task: TaskId | None = None
    worker: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHandled(CaseFact):
    """The worker's report answers the task (处理 → 反馈)."""

    task: TaskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChecked(CaseFact):
    """What was done was checked (核查)."""

    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed(CaseFact):
    """The case is closed (结案); a return visit is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSentBack(CaseFact):
    """The case went back a step, for a reason (退回)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRated(CaseFact):
    """The citizen's rating is on the case (评价)."""

    score: int
