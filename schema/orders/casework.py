"""Orders for the case desk that turn a case off its straight way, and back on it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from schema.ids import CaseId, TaskId
from schema.orders.cases import CaseOrder


class VerifyCase(CaseOrder, frozen=True, kw_only=True):
    """Have a grid worker look, before the case is filed, whether it is so (核实)."""

    worker: UUID
    note: str = ""


class ConfirmCase(CaseOrder, frozen=True, kw_only=True):
    """Say what was found (核实结果): it is so, or (`found` False) it is not. Its worker gives the `task`."""

    found: bool
    text: str = ""
    task: TaskId | None = None


class AskCheck(CaseOrder, frozen=True, kw_only=True):
    """Have a grid worker look whether what was handled is done well (派人核查), and say so by a time (UTC)."""

    worker: UUID
    answer_by: datetime
    note: str = ""


class RecallCheck(CaseOrder, frozen=True, kw_only=True):
    """Nobody has to look any more (撤回核查): the open task is taken back, the case stays handled."""

    text: str = ""


class FileAccepted(CaseOrder, frozen=True, kw_only=True):
    """File a case that was taken in (立案): its clock starts."""

    text: str = ""


class RejectCase(CaseOrder, frozen=True, kw_only=True):
    """Do not file what was taken in, for a reason (不予受理)."""

    reason: str


class VoidCase(CaseOrder, frozen=True, kw_only=True):
    """End a case that should not be one, for a reason (作废)."""

    reason: str


class SuspendCase(CaseOrder, frozen=True, kw_only=True):
    """Let the case and its clock stand still, for a reason (挂起); open tasks are taken back."""

    reason: str


class ResumeCase(CaseOrder, frozen=True, kw_only=True):
    """Go on where the case was suspended (恢复)."""

    text: str = ""


class AskExtension(CaseOrder, frozen=True, kw_only=True):
    """Ask for `units` more of the clock's unit, for a reason (申请延期); a worker gives their open `task`."""

    units: int
    reason: str
    task: TaskId | None = None


class DecideExtension(CaseOrder, frozen=True, kw_only=True):
    """Grant or refuse the extension that was asked for by somebody else (批准, 不批准延期)."""

    granted: bool
    text: str = ""


class ReopenCase(CaseOrder, frozen=True, kw_only=True):
    """Work at a closed or rejected case again, for a reason (重新办理): a new clock, linked to the old."""

    reason: str


class MergeCase(CaseOrder, frozen=True, kw_only=True):
    """Merge a duplicate into the case `into` (并案)."""

    into: CaseId
    text: str = ""


class UnmergeCase(CaseOrder, frozen=True, kw_only=True):
    """Take a merge back, while the other case is not closed (撤销并案)."""

    text: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """A part of a case that is split: what it has of its own; "" is as in the whole."""

    title: str
    text: str
    kind: str = ""
    cell: str = ""


class SplitCase(CaseOrder, frozen=True, kw_only=True):
    """Go on with the case in parts (拆分), each a case of its own with the clock that was running."""

    parts: tuple[Part, ...]
    text: str = ""


class ReplyCase(CaseOrder, frozen=True, kw_only=True):
    """Answer the citizen at once and close the case (直接答复): nobody has to be sent."""

    text: str
