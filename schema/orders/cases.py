"""Orders for the case desk, and the call that asks a citizen for a rating."""

from dataclasses import dataclass
from uuid import UUID

from schema.ids import CallId, CaseId, TaskId
from schema.orders.base import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCitizen(Order):
    """Ring a citizen and run a voice script: `purpose` "return-visit" asks for the rating of `case`.

    With a `visit` the script asks what an agent asks in a return visit: both ratings, and whether it is solved.
    `service`: whose number the citizen's telephone shows ("": the hotline's).

    The call's id is `order`, so the citizen is called once however often the order is heard.
    """

    number: str
    language: str
    case: CaseId
    purpose: str = "return-visit"
    visit: UUID | None = None
    service: str = ""

    @property
    def call(self) -> CallId:
        """The id of the call this order makes."""
        return CallId(self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCitizen(Order):
    """What a citizen is called, and the language they speak ("": not known). `was_…` is what the person saw."""

    citizen: UUID
    name: str
    language: str
    was_name: str
    was_language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Order):
    """What a citizen asks for. `lon`, `lat` are WGS-84 degrees or None; `cell` a 15-digit grid cell code.

    `category` is the code of an event category, `channel` the way it came (see `schema.rules.dictionary`); "" is
    not said. `confidential` (保密) takes the right to make a case so.
    """

    class_: str
    kind: str
    title: str
    text: str
    cell: str
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    number: str = ""
    citizen: str = ""
    language: str = "zh"
    call: CallId | None = None
    category: str = ""
    channel: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCase(Request):
    """Accept and file a request in one go (收集 → 受理 → 立案)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInCase(Request):
    """Accept a request and do not file it yet (收集 → 受理): it may have to be verified first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOrder(Order):
    """Something wanted of one case; `version` is what the person saw (0: any), a stale one is refused."""

    case: CaseId
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchCase(CaseOrder):
    """Send the case to be handled (派遣): to a grid worker with a task, or to a `department` (责任单位)."""

    worker: UUID | None = None
    department: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleCase(CaseOrder):
    """Say what was done (处理, 反馈); from a handset's report `task` and `report` are given."""

    text: str
    task: TaskId | None = None
    report: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCase(CaseOrder):
    """Check what was done (核查): passed, or back to handling with a reason.

    A grid worker who was sent to look gives the open `task`, and the `report` that says what was found, with how many
    `photos`.
    """

    passed: bool
    text: str = ""
    task: TaskId | None = None
    report: UUID | None = None
    photos: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(CaseOrder):
    """Close the case (结案) and have the citizen called for a rating, unless `visit` is False."""

    text: str = ""
    visit: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBackCase(CaseOrder):
    """Send the case back one step, for a reason (退回)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCase(CaseOrder):
    """Put the citizen's rating, 1 (very satisfied) to 5 (very dissatisfied), on the case (评价)."""

    score: int
