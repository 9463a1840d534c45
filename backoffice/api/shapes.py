"""The shapes of the API's answers, as the OpenAPI document shows them. Times are UTC (RFC 3339), durations seconds."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

Number = Annotated[str, Meta(pattern="^[0-9]{2,8}$", description="the number of a seat, as it is dialled")]
Phone = Annotated[str, Meta(pattern="^\\+?[0-9]{3,20}$", description="a telephone number")]
CaseRef = Annotated[str, Meta(pattern="^[A-Za-z0-9-]{4,36}$", description="the number of a case, or its id")]
CalendarName = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{0,19}$")]
QueueName = Annotated[str, Meta(pattern="^[a-z][a-z0-9_-]{0,39}$")]


class Consulted(msgspec.Struct, kw_only=True):
    """Who is asked before a transfer. `state`: ringing, talking or hold."""

    target: str
    state: str


class Agent(msgspec.Struct, kw_only=True):
    """Somebody with a seat. `state`: closed, unreachable, paused (with `reason`), ready, ringing, talking or wrapup."""

    id: UUID
    number: str
    login: str
    name: str
    post: str
    state: str
    since: datetime | None
    reason: str
    logged_in_at: datetime | None
    call: UUID | None
    citizen: str
    conference: bool
    consult: Consulted | None
    wrap_up_until: datetime | None
    languages: str
    skills: str
    queues: str


class AgentList(msgspec.Struct, kw_only=True):
    """By number."""

    items: list[Agent]


class Queue(msgspec.Struct, kw_only=True):
    """A queue, and the day's callers in it: offered is always the sum of the others. `longest_wait` is of who waits
    now, in seconds."""

    name: str
    label: str
    offered: int
    answered: int
    abandoned: int
    overflowed: int
    called_back: int
    waiting: int
    longest_wait: float


class QueueList(msgspec.Struct, kw_only=True):
    """In the order of the settings."""

    items: list[Queue]


class Waiting(msgspec.Struct, kw_only=True):
    """A caller who waits. `told` are the seconds that were promised last; null: nothing was."""

    call: UUID
    contact: UUID
    number: str
    language: str
    priority: int
    since: datetime
    why: str
    told: int | None


class WaitingList(msgspec.Struct, kw_only=True):
    """Who waits longest first."""

    items: list[Waiting]


class Recording(msgspec.Struct, kw_only=True):
    """One recorded leg. `state`: spool (being written), kept (can be heard) or missing (with `reason`)."""

    id: UUID
    call: UUID
    contact: UUID
    leg: str
    agent: str
    state: str
    reason: str
    started_at: datetime | None
    kept_at: datetime | None
    seconds: float
    sha256: str


class RecordingPage(msgspec.Struct, kw_only=True):
    """Newest first. `next` is the cursor of the following page, null after the last."""

    items: list[Recording]
    next: str | None


class CallBack(msgspec.Struct, kw_only=True):
    """A promised call-back. `state`: promised, dialling, retry, kept, failed, expired or cancelled."""

    id: UUID
    call: UUID
    contact: UUID
    queue: str
    number: str
    language: str
    priority: int
    place: datetime
    promised_at: datetime
    expires_at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    reason: str
    kept_call: UUID | None
    ended_at: datetime | None


class CallBackPage(msgspec.Struct, kw_only=True):
    """Newest first. `next` is the cursor of the following page, null after the last."""

    items: list[CallBack]
    next: str | None


class Telephone(msgspec.Struct, kw_only=True):
    """How the agent's telephone logs in at the PBX. The same request with the same token and key tells it again."""

    user: str
    secret: str
    realm: str
    host: str
    sip_port: int
    websocket: str


class Order(msgspec.Struct, kw_only=True):
    """An order and what became of it. `state`: intent (taken down), sent, observed (it is done, and was seen to be),
    or failed with a `reason`. `call` is the call it is about or made, `transfer` the one it began or is about, `case`
    the number of the case it is about."""

    id: UUID
    name: str
    agent: str
    call: UUID | None
    transfer: UUID | None
    state: str
    reason: str
    made_at: datetime
    changed_at: datetime
    case: str | None = None
    telephone: Telephone | None = None


class Transfer(msgspec.Struct, kw_only=True):
    """A consultation before a transfer; its id is that of the order that began it. `state`: starting, ringing, talking,
    hold (the citizen is being talked to), joined (three talk), completed, ended, or failed with a `reason`."""

    id: UUID
    call: UUID
    agent: str
    target: str
    state: str
    reason: str
    made_at: datetime


class Me(msgspec.Struct, kw_only=True):
    """The token that was shown, whom it acts for, and what it may."""

    token: str
    login: str
    name: str
    post: str
    agent: str | None
    rights: list[str]
    ends_at: datetime


class Event(msgspec.Struct, kw_only=True):
    """One event of the stream. `kind` names the fact, `family` its kind (calls, agents, recordings, callbacks, cases),
    `body` what it says; `seq` is its place."""

    seq: int
    kind: str
    family: str
    at: datetime
    body: dict[str, Any]
