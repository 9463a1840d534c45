"""Facts about cases that turned off their straight way, or back on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.facts.cases import CaseFact
from schema.ids import CaseId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTakenIn(CaseFact):
    """A request was accepted and not filed yet (收集 → 受理)."""

    kind: str
    title: str
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerifySent(CaseFact):
    """A grid worker was asked whether it is so (核实)."""

    task: TaskId
    worker: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVerified(CaseFact):
    """It was looked at: `found` to be so or not."""

    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCheckSent(CaseFact):
    """A grid worker was asked to look whether what was handled is done well, and to answer by a time (UTC)."""

    task: TaskId
    worker: UUID
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCheckRecalled(CaseFact):
    """The `worker` who was sent has to look no more; the case stays handled."""

    worker: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCheckLate(CaseFact):
    """What a grid worker found of what was handled came too late and moved nothing."""

    task: TaskId
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRejected(CaseFact):
    """What was taken in is not filed, for a reason (不予受理)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVoided(CaseFact):
    """The case is void, for a reason (作废)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSuspended(CaseFact):
    """The case and its clock stand still, for a reason (挂起)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResumed(CaseFact):
    """The case goes on where it was suspended (恢复)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked(CaseFact):
    """`units` more of the clock's unit were asked for (申请延期)."""

    units: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDecided(CaseFact):
    """The extension was `granted` or refused by another person."""

    units: int
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReopened(CaseFact):
    """The case is worked at again, for a reason (重新办理)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMerged(CaseFact):
    """The case goes on in another, `into` (并案)."""

    into: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnmerged(CaseFact):
    """A merge was taken back; the case had gone on in `out_of`."""

    out_of: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTookIn(CaseFact):
    """Another case, `other`, was merged into this one."""

    other: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLetGo(CaseFact):
    """Another case, `other`, is no longer merged into this one."""

    other: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSplit(CaseFact):
    """The case goes on in `parts` (拆分)."""

    parts: tuple[CaseId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSplitOff(CaseFact):
    """A part of the case `whole` is a case of its own."""

    whole: CaseId
    kind: str
    title: str
    cell: str
