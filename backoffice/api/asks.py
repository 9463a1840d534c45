"""The shapes of what is asked of the API: bodies and queries. What they do not name is refused."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backoffice.api.shapes import Number, QueueName

LONGEST_WAIT = 20
Limit = Annotated[int, Meta(ge=1, le=200)]
Cursor = Annotated[str, Meta(pattern="^[0-9]{1,17}-[0-9a-f]{32}$", description="`next` of the page before")]
Moment = Annotated[datetime, Meta(tz=True)]
Reason = Annotated[str, Meta(min_length=1, max_length=200, description="kept in the audit")]
ToAnywhere = Annotated[
    str,
    Meta(
        pattern="^(seat:[0-9]{2,8}|queue:[a-z][a-z0-9_-]{0,39}|number:\\+?[0-9]{3,20})$",
        description="seat:102, queue:water or number:+8657188888888",
    ),
]
ToSomebody = Annotated[
    str,
    Meta(
        pattern="^(seat:[0-9]{2,8}|number:\\+?[0-9]{3,20})$", description="seat:102 or number:+8657188888888"
    ),
]


class Asked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The root of every body and query."""


class Texts(Asked, kw_only=True):
    """The root of bodies whose texts have lines; the desk looks at what characters they are of."""


class Nothing(Asked, kw_only=True):
    """No body is needed."""


class Wait(Asked, kw_only=True):
    """How long to wait for what becomes of the order, in seconds."""

    wait: Annotated[float, Meta(ge=0, le=LONGEST_WAIT)] = 0


class Calls(Asked, kw_only=True):
    """Which calls. `since` and `until` are about when a call entered; `state` is live or ended."""

    since: Moment | UnsetType = UNSET
    until: Moment | UnsetType = UNSET
    queue: QueueName | UnsetType = UNSET
    agent: Number | UnsetType = UNSET
    number: Annotated[str, Meta(pattern="^\\+?[0-9]{3,20}$")] | UnsetType = UNSET
    state: Literal["live", "ended"] | UnsetType = UNSET
    outcome: Literal["answered", "abandoned", "failed", "lost"] | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class Recordings(Asked, kw_only=True):
    """Which recordings. `since` and `until` are about when a recording began."""

    since: Moment | UnsetType = UNSET
    until: Moment | UnsetType = UNSET
    call: UUID | UnsetType = UNSET
    agent: Number | UnsetType = UNSET
    state: Literal["spool", "kept", "missing"] | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class CallBacks(Asked, kw_only=True):
    """Which call-backs. `open`: promised, being dialled, or to be tried again."""

    state: Literal["open", "kept", "failed", "expired", "cancelled"] | UnsetType = UNSET
    queue: QueueName | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class Audio(Asked, kw_only=True):
    """Which side: both mixed, the citizen's or the agent's."""

    side: Literal["mix", "citizen", "agent"] = "mix"


class Events(Asked, kw_only=True):
    """From where, and which. `after` is the id of the last event that was seen (as the header Last-Event-ID).
    `kinds` are families or names of facts, separated by commas."""

    after: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    kinds: Annotated[str, Meta(pattern="^[A-Za-z]{1,40}(,[A-Za-z]{1,40}){0,49}$")] | UnsetType = UNSET


class AtCall(Asked, kw_only=True):
    """At whose seat, where several agents are in the call. Without it the token's own, else the one who answered."""

    agent: Number | UnsetType = UNSET


class SendTo(AtCall, kw_only=True):
    """Where the citizen goes."""

    target: ToAnywhere


class Keys(AtCall, kw_only=True):
    """Keys to press (DTMF)."""

    digits: Annotated[str, Meta(pattern="^[0-9A-D*#]{1,32}$")]


class Pick(Asked, kw_only=True):
    """Who takes the waiting caller."""

    agent: Number


class NewCall(Asked, kw_only=True):
    """Who calls whom; `case` is what it is about. A number on the do-not-call list takes a `reason`: the citizen wanted
    to be called."""

    agent: Number
    target: ToSomebody
    case: UUID | UnsetType = UNSET
    reason: Annotated[str, Meta(max_length=200)] = ""


class NewTransfer(AtCall, kw_only=True):
    """Whom to ask about which call."""

    call: UUID
    target: ToSomebody


class Login(Asked, kw_only=True):
    """With which telephone: the browser's softphone or another WebRTC client, or an ordinary SIP telephone."""

    telephone: Literal["webrtc", "sip"] = "webrtc"


class Paused(Asked, kw_only=True):
    """Why."""

    reason: Literal["rest", "training", "meeting", "other"]


class More(Asked, kw_only=True):
    """How much longer."""

    seconds: Annotated[int, Meta(ge=1, le=600)] = 60


class Forced(Asked, kw_only=True):
    """Why it is done to somebody."""

    reason: Reason


class ForcedCall(AtCall, kw_only=True):
    """Why it is done, and at whose seat where several agents are in the call."""

    reason: Reason


class ForcedTo(ForcedCall, kw_only=True):
    """Why, and where the citizen goes."""

    target: ToAnywhere


class Watched(ForcedCall, kw_only=True):
    """Why, and at which seat the supervisor sits (without it, that of the token's user)."""

    watcher: Number | UnsetType = UNSET
