"""The shapes of calls and their parts, as the OpenAPI document shows them."""

from datetime import datetime
from uuid import UUID

import msgspec

from backoffice.api.shapes import Consulted


class Call(msgspec.Struct, kw_only=True):
    """One call. `stage`: where it is, or ended (ivr, queue, net, ringing, talking, rating); `outcome`: "" while it
    lives, then answered, abandoned, failed or lost. `agent` is the seat that answered first, `case` what it led to."""

    id: UUID
    contact: UUID
    node: str
    direction: str
    purpose: str
    case: UUID | None
    number: str
    dialled: str
    language: str
    queue: str
    stage: str
    outcome: str
    ended_by: str
    cause: int
    entered_at: datetime
    queued_at: datetime | None
    offered_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    agent: str
    user: UUID | None
    offers: int
    by_net: bool
    inferred: bool


class Leg(msgspec.Struct, kw_only=True):
    """One leg of a call. `kind`: citizen, agent, party (a telephone outside) or watcher; `cause` by ITU-T Q.850."""

    id: str
    node: str
    kind: str
    number: str
    agent: str
    user: UUID | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    cause: int
    result: str


class Segment(msgspec.Struct, kw_only=True):
    """A stretch of one leg with the same company. `kind`: talk, consult, conference, hold, listen, whisper or barge;
    `others` are the other legs as "kind:number"."""

    leg: str
    n: int
    leg_kind: str
    agent: str
    user: UUID | None
    kind: str
    others: list[str]
    started_at: datetime
    ended_at: datetime | None


class QueueEntry(msgspec.Struct, kw_only=True):
    """One wait in one queue. `result`: "" while it goes on, then answered, abandoned, overflowed or called back."""

    n: int
    queue: str
    language: str
    priority: int
    why: str
    entered_at: datetime
    ended_at: datetime | None
    result: str
    agent: str
    told_position: int | None
    told_seconds: int | None


class Sent(msgspec.Struct, kw_only=True):
    """The citizen was sent on. `how`: blind, consulted, forced, taken, recovered or rescued."""

    at: datetime
    agent: str
    target: str
    how: str


class AtAgent(msgspec.Struct, kw_only=True):
    """An agent who is in a call now. `citizen`: whether the citizen hears the agent (talking), music (hold), or
    neither ("")."""

    number: str
    state: str
    since: datetime | None
    citizen: str
    conference: bool
    consult: Consulted | None


class CallDetail(Call, kw_only=True):
    """A call with everything that is recorded of it, and who is in it now."""

    legs: list[Leg]
    segments: list[Segment]
    queue_entries: list[QueueEntry]
    transfers: list[Sent]
    recordings: list[UUID]
    agents: list[AtAgent]


class CallPage(msgspec.Struct, kw_only=True):
    """Newest first. `next` is the cursor of the following page, null after the last."""

    items: list[Call]
    next: str | None


class Step(msgspec.Struct, kw_only=True):
    """A dated step of a call's time line: `what` happened ("ivr.language", "call.answered" …) at which agent's."""

    at: datetime
    what: str
    agent: str
    detail: str


class StepList(msgspec.Struct, kw_only=True):
    """Oldest first."""

    items: list[Step]
