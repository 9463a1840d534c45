"""Facts from the field."""

from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CaseId, TaskId


class AboutCase(Fact, frozen=True, kw_only=True):
    """Something from the field about a case: `department`, `confidential` say who may hear of it, as it was then."""

    department: UUID | None = None
    confidential: bool = False


class DutyStarted(Fact, frozen=True, kw_only=True):
    """A grid worker clocked on with a device."""

    worker: UUID
    device: str


class DutyEnded(Fact, frozen=True, kw_only=True):
    """A grid worker clocked off (打卡下班)."""

    worker: UUID
    device: str


class TaskSent(AboutCase, frozen=True, kw_only=True):
    """A task went down to a device, the broker took it."""

    task: TaskId
    case: CaseId
    device: str


class TaskShown(AboutCase, frozen=True, kw_only=True):
    """The handset showed the task to the worker."""

    task: TaskId
    case: CaseId
    device: str


class ReportReceived(AboutCase, frozen=True, kw_only=True):
    """A handset's report is committed. `report` is the id the handset made, `made` when it was written."""

    report: UUID
    device: str
    worker: UUID
    task: TaskId | None
    case: CaseId | None
    made: datetime
    photos: int


class MediaReceived(AboutCase, frozen=True, kw_only=True):
    """A photo or voice note is whole, its SHA-256 right, and in the vault."""

    media: UUID
    report: UUID
    case: CaseId | None
    sha256: str
    size: int


class MessageRefused(Fact, frozen=True, kw_only=True):
    """A handset's message was refused: `reason` for people, `code` for programs."""

    device: str
    topic: str
    code: str
    reason: str


class ReportEdited(AboutCase, frozen=True, kw_only=True):
    """An edit of a report is committed: as its `version`, or (None) as a conflict to be settled."""

    report: UUID
    edit: UUID
    version: int | None
    worker: UUID
    case: CaseId | None


class FieldMessageSent(Fact, frozen=True, kw_only=True):
    """A message for handsets is committed: to `workers`, or to one `device`."""

    message: UUID
    workers: tuple[UUID, ...] = ()
    device: str = ""


class FieldNoteReceived(Fact, frozen=True, kw_only=True):
    """A worker's words to the dispatch desk are committed."""

    note: UUID
    worker: UUID
    device: str
