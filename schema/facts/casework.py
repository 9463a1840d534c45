"""Facts about cases that turned off their straight way, or back on it."""

from datetime import datetime
from uuid import UUID

from schema.facts.cases import CaseFact
from schema.ids import CaseId, TaskId


class CaseTakenIn(CaseFact, frozen=True, kw_only=True):
    """A request was accepted and not filed yet (收集 → 受理)."""

    kind: str
    title: str
    cell: str


class CaseVerifySent(CaseFact, frozen=True, kw_only=True):
    """A grid worker was asked whether it is so (核实)."""

    task: TaskId
    worker: UUID


class CaseVerified(CaseFact, frozen=True, kw_only=True):
    """It was looked at: `found` to be so or not."""

    found: bool


class CaseCheckSent(CaseFact, frozen=True, kw_only=True):
    """A grid worker was asked to look whether what was handled is done well, and to answer by a time (UTC)."""

    task: TaskId
    worker: UUID
    answer_by: datetime


class CaseCheckRecalled(CaseFact, frozen=True, kw_only=True):
    """The `worker` who was sent has to look no more; the case stays handled."""

    worker: UUID


class CaseCheckLate(CaseFact, frozen=True, kw_only=True):
    """What a grid worker found of what was handled came too late and moved nothing."""

    task: TaskId
    passed: bool


class CaseRejected(CaseFact, frozen=True, kw_only=True):
    """What was taken in is not filed, for a reason (不予受理)."""

    reason: str


class CaseVoided(CaseFact, frozen=True, kw_only=True):
    """The case is void, for a reason (作废)."""

    reason: str


class CaseSuspended(CaseFact, frozen=True, kw_only=True):
    """The case and its clock stand still, for a reason (挂起)."""

    reason: str


class CaseResumed(CaseFact, frozen=True, kw_only=True):
    """The case goes on where it was suspended (恢复)."""


class ExtensionAsked(CaseFact, frozen=True, kw_only=True):
    """`units` more of the clock's unit were asked for (申请延期)."""

    units: int
    reason: str


class ExtensionDecided(CaseFact, frozen=True, kw_only=True):
    """The extension was `granted` or refused by another person."""

    units: int
    granted: bool


class CaseReopened(CaseFact, frozen=True, kw_only=True):
    """The case is worked at again, for a reason (重新办理)."""

    reason: str


class CaseMerged(CaseFact, frozen=True, kw_only=True):
    """The case goes on in another, `into` (并案)."""

    into: CaseId


class CaseUnmerged(CaseFact, frozen=True, kw_only=True):
    """A merge was taken back; the case had gone on in `out_of`."""

    out_of: CaseId


class CaseTookIn(CaseFact, frozen=True, kw_only=True):
    """Another case, `other`, was merged into this one."""

    other: CaseId


class CaseLetGo(CaseFact, frozen=True, kw_only=True):
    """Another case, `other`, is no longer merged into this one."""

    other: CaseId


class CaseSplit(CaseFact, frozen=True, kw_only=True):
    """The case goes on in `parts` (拆分)."""

    parts: tuple[CaseId, ...]


class CaseSplitOff(CaseFact, frozen=True, kw_only=True):
    """A part of the case `whole` is a case of its own."""

    whole: CaseId
    kind: str
    title: str
    cell: str
