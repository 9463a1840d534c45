"""Orders for the case desk, and the call that asks a citizen for a rating."""

from uuid import UUID

from schema.ids import CallId, CaseId, TaskId
from schema.orders.base import Order


class CallCitizen(Order, frozen=True, kw_only=True):
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


class CorrectCitizen(Order, frozen=True, kw_only=True):
    """What a citizen is called, and the language they speak ("": not known). `was_…` is what the person saw."""

    citizen: UUID
    name: str
    language: str
    was_name: str
    was_language: str


class Request(Order, frozen=True, kw_only=True):
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


class FileCase(Request, frozen=True, kw_only=True):
    """Accept and file a request in one go (收集 → 受理 → 立案)."""


class TakeInCase(Request, frozen=True, kw_only=True):
    """Accept a request and do not file it yet (收集 → 受理): it may have to be verified first."""


class CaseOrder(Order, frozen=True, kw_only=True):
    """Something wanted of one case; `version` is what the person saw (0: any), a stale one is refused."""

    case: CaseId
    version: int = 0


class DispatchCase(CaseOrder, frozen=True, kw_only=True):
    """Send the case to be handled (派遣): to a grid worker with a task, or to a `department` (责任单位)."""

    worker: UUID | None = None
    department: UUID | None = None
    note: str = ""


class HandleCase(CaseOrder, frozen=True, kw_only=True):
    """Say what was done (处理, 反馈); from a handset's report `task` and `report` are given."""

    text: str
    task: TaskId | None = None
    report: UUID | None = None


class CheckCase(CaseOrder, frozen=True, kw_only=True):
    """Check what was done (核查): passed, or back to handling with a reason.

    A grid worker who was sent to look gives the open `task`, and the `report` that says what was found, with how many
    `photos`.
    """

    passed: bool
    text: str = ""
    task: TaskId | None = None
    report: UUID | None = None
    photos: int = 0


class CloseCase(CaseOrder, frozen=True, kw_only=True):
    """Close the case (结案) and have the citizen called for a rating, unless `visit` is False."""

    text: str = ""
    visit: bool = True


class SendBackCase(CaseOrder, frozen=True, kw_only=True):
    """Send the case back one step, for a reason (退回)."""

    reason: str


class RateCase(CaseOrder, frozen=True, kw_only=True):
    """Put the citizen's rating, 1 (very satisfied) to 5 (very dissatisfied), on the case (评价)."""

    score: int
