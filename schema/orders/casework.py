"""Orders for the case desk that turn a case off its straight way, and back on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.ids import CaseId, TaskId
from schema.orders.cases import CaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyCase(CaseOrder):
    """Have a grid worker look, before the case is filed, whether it is so (核实)."""

    worker: UUID
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCase(CaseOrder):
    """Say what was found (核实结果): it is so, or (`found` False) it is not. Its worker gives the `task`."""

    found: bool
    text: str = ""
    task: TaskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCheck(CaseOrder):
    """Have a grid worker look whether what was handled is done well (派人核查), and say so by a time (UTC)."""

    worker: UUID
    answer_by: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallCheck(CaseOrder):
    """Nobody has to look any more (撤回核查): the open task is taken back, the case stays handled."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAccepted(CaseOrder):
    """File a case that was taken in (立案): its clock starts."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectCase(CaseOrder):
    """Do not file what was taken in, for a reason (不予受理)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidCase(CaseOrder):
    """End a case that should not be one, for a reason (作废)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCase(CaseOrder):
    """Let the case and its clock stand still, for a reason (挂起); open tasks are taken back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeCase(CaseOrder):
    """Go on where the case was suspended (恢复)."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension(CaseOrder):
    """Ask for `units` more of the clock's unit, for a reason (申请延期); a worker gives their open `task`."""

    units: int
    reason: str
    task: TaskId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideExtension(CaseOrder):
    """Grant or refuse the extension that was asked for by somebody else (批准, 不批准延期)."""

    granted: bool
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenCase(CaseOrder):
    """Work at a closed or rejected case again, for a reason (重新办理): a new clock, linked to the old."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCase(CaseOrder):
    """Merge a duplicate into the case `into` (并案)."""

    into: CaseId
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeCase(CaseOrder):
    """Take a merge back, while the other case is not closed (撤销并案)."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a case that is split: what it has of its own; "" is as in the whole."""

    title: str
    text: str
    kind: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCase(CaseOrder):
    """Go on with the case in parts (拆分), each a case of its own with the clock that was running."""

    parts: tuple[Part, ...]
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyCase(CaseOrder):
    """Answer the citizen at once and close the case (直接答复): nobody has to be sent."""

    text: str
