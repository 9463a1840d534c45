"""Facts from the field."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schema.facts.base import Fact
from schema.ids import CaseId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCase(Fact):
    """Something from the field about a case: `department`, `confidential` say who may hear of it, as it was then."""

    department: UUID | None = None
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyStarted(Fact):
    """A grid worker clocked on with a device."""

    worker: UUID
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEnded(Fact):
    """A grid worker clocked off (打卡下班)."""

    worker: UUID
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSent(AboutCase):
    """A task went down to a device, the broker took it."""

    task: TaskId
    case: CaseId
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShown(AboutCase):
    """The handset showed the task to the worker."""

    task: TaskId
    case: CaseId
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived(AboutCase):
    """A handset's report is committed. `report` is the id the handset made, `made` when it was written."""

    report: UUID
    device: str
    worker: UUID
    task: TaskId | None
    case: CaseId | None
    made: datetime
    photos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaReceived(AboutCase):
    """A photo or voice note is whole, its SHA-256 right, and in the vault."""

    media: UUID
    report: UUID
    case: CaseId | None
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(Fact):
    """A handset's message was refused: `reason` for people, `code` for programs."""

    device: str
    topic: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEdited(AboutCase):
    """An edit of a report is committed: as its `version`, or (None) as a conflict to be settled."""

    report: UUID
    edit: UUID
    version: int | None
    worker: UUID
    case: CaseId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMessageSent(Fact):
    """A message for handsets is committed: to `workers`, or to one `device`."""

    message: UUID
    workers: tuple[UUID, ...] = ()
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNoteReceived(Fact):
    """A worker's words to the dispatch desk are committed."""

    note: UUID
    worker: UUID
    device: str
